import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ensureFolder } from './store';
import { RunFolderError, systemCode, systemReason } from './errors';

export interface NamedText {
  /** Name of the file. */
  readonly name: string;
  readonly text: string;
}

/** What became of a file that was to be written. */
export type Written = 'new' | 'the same' | 'overwritten';

/**
 * Writes files into a folder, each aside and then renamed. Nothing is written where one would take the place of a file
 * with another content, unless that is asked for.
 * @returns In the order of the files.
 * @throws RunFolderError where a file is in the way, or cannot be written.
 */
export async function writeExperimentFiles(
  folder: string,
  files: readonly NamedText[],
  overwrite: boolean,
): Promise<readonly Written[]> {
  const before = await Promise.all(files.map(({ name }) => readIfThere(join(folder, name))));
  const taken = files.filter(({ text }, place) => before[place] !== undefined && before[place] !== text);
  if (taken.length > 0 && !overwrite) {
    const names = taken.map(({ name }) => name).join(', ');
    const message = `There ${taken.length === 1 ? 'is a file' : 'are files'} of that name with another content in ${folder}: ${names}.`;
    throw new RunFolderError('file-exists', message, folder, 'Name another folder, or allow it with --overwrite.');
  }
  for (const [place, file] of files.entries()) if (before[place] !== file.text) await writeWhole(folder, file);
  return files.map(({ text }, place) => {
    if (before[place] === undefined) return 'new';
    return before[place] === text ? 'the same' : 'overwritten';
  });
}

/** Writes a file aside and renames it, so that nobody sees half of it. */
export async function writeWhole(folder: string, { name, text }: NamedText): Promise<void> {
  try {
    await ensureFolder(folder);
    await writeFileAtomic(join(folder, name), text);
  } catch (error) {
    const message = `${name} cannot be written (${systemReason(error)}): ${folder}`;
    throw new RunFolderError('not-writable', message, folder, 'Name a folder that you may write to.', { cause: error });
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    const message = `The file cannot be read (${systemReason(error)}): ${file}`;
    throw new RunFolderError('not-readable', message, file, 'Name another folder.', { cause: error });
  });
}
