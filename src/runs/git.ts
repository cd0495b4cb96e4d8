import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { RunRecord } from './record';

const run = promisify(execFile);
/** What a start may wait for it, in milliseconds. */
const patience = 2000;

/**
 * The commit that a folder's repository is at, and whether anything in the repository differs from it. Undefined where
 * there is no repository or no git, and where git takes too long.
 */
export async function gitStateOf(folder: string): Promise<RunRecord['git']> {
  try {
    const options = {
      timeout: patience,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
    };
    const [head, status] = await Promise.all([
      run('git', ['-C', folder, 'rev-parse', '--verify', 'HEAD'], options),
      run('git', ['-C', folder, 'status', '--porcelain'], options),
    ]);
    return { commit: head.stdout.trim(), dirty: status.stdout.trim() !== '' };
  } catch {
    return undefined;
  }
}
