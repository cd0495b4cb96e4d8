import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface ExperimentStart {
  /** Absolute path of the experiment file. */
  readonly file: string;
  /** The folder that run folders are put into. */
  readonly root: string;
  /** The bundled command line. */
  readonly cliScript: string;
}

/** How the command line ended: its exit code, and what it said on standard error. */
export interface StartEnd {
  readonly code: number;
  readonly said: string;
}

/**
 * Runs an experiment file by the command line, in a process of its own that goes on, one replicate after the other, when
 * the window is reloaded or closed.
 * @returns Fulfilled with its end, for as long as this process lives.
 * @throws Error where the process does not start.
 */
export function startExperiment({ file, root, cliScript }: ExperimentStart): Promise<StartedCommandLine> {
  return startCommandLine(cliScript, ['run', file, '--out', root, '--quiet'], dirname(file));
}

export interface StartedCommandLine {
  readonly ended: Promise<StartEnd>;
}

/**
 * Starts the command line in a process that outlives this one. What it says goes to a file and not to a pipe, which would
 * break with the window.
 * @throws Error where the process does not start.
 */
export async function startCommandLine(
  cliScript: string,
  words: readonly string[],
  cwd: string,
): Promise<StartedCommandLine> {
  const folder = await mkdtemp(join(tmpdir(), 'mtl-start-'));
  const errors = join(folder, 'errors.txt');
  const descriptor = openSync(errors, 'w');
  try {
    const child = spawn(process.execPath, [cliScript, ...words], {
      cwd,
      detached: true,
      windowsHide: true,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', descriptor],
    });
    await once(child, 'spawn');
    const exit = once(child, 'exit');
    child.unref();
    return { ended: exit.then(async ([code]) => ({ code: (code as number | null) ?? 1, said: await taken(errors) })) };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

async function taken(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  await rm(dirname(file), { recursive: true, force: true });
  return text.trim();
}
