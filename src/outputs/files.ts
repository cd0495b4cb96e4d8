import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode, systemReason } from '../runs/errors';
import { OutputError } from './errors';

/** Contents by path within a folder. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

/** The same files under a folder. */
export function inFolder(folder: string, files: Files): Files {
  return new Map([...files].map(([path, content]) => [join(folder, path), content]));
}

/**
 * Writes a folder of files. It appears at once and whole; one of that name is replaced. The folder above it must be
 * there: that of a run which was deleted does not come back.
 * @throws OutputError where it cannot be written; nothing is left of it then.
 */
export async function writeFolder(folder: string, files: Files): Promise<void> {
  const aside = `${folder}.${process.pid}.new`;
  try {
    await mkdir(aside);
    for (const [path, content] of files) {
      await mkdir(dirname(join(aside, path)), { recursive: true });
      await writeFile(join(aside, path), content);
    }
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
    if (systemCode(error) === '') throw error;
    const message = `The model cannot be written (${systemReason(error)}): ${folder}`;
    throw new OutputError('not-writable', message, 'Free some space or give permission to write there.', {
      cause: error,
    });
  }
}
