import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOutline, type ReadRun } from '../runs/read';
import { runFiles } from '../runs/record';
import { takeUp } from '../runs/resume';
import type { StoredRun } from '../runs/store';
import { trainScript } from './replicates';

/** The resolved experiment of a run, to the letter; undefined where it cannot be read. */
export async function experimentTextOf({ folder }: StoredRun): Promise<string | undefined> {
  return readFile(join(folder, runFiles.experiment), 'utf8').catch(() => undefined);
}

/**
 * Of runs of one experiment the one to be used again: one that has finished, or else one that can come to its end, the
 * newest of these. Undefined where there is neither.
 * @param runs Newest first.
 */
export async function farthestRun(runs: readonly StoredRun[]): Promise<ReadRun | undefined> {
  let farthest: ReadRun | undefined;
  for (const run of runs) {
    const read = await readOutline(run);
    if (read.phase === 'finished') return read;
    if (takeUp(read, trainScript) !== undefined) farthest ??= read;
  }
  return farthest;
}
