import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { requestNames, runFiles, type RequestName } from '../runs/record';

/** What others ask of a run. */
export interface Requests {
  /** Takes what was asked since the last look; `stop` alone once it was asked. At most one look in `interval`. */
  take(): readonly RequestName[];
}

/** Milliseconds between two looks into the folder. */
const interval = 75;

/**
 * Looks for request files in a run folder and deletes those it takes.
 * @param signal Aborted where the process itself was told to stop.
 */
export function openRequests(runFolder: string, signal: AbortSignal, now: () => number = Date.now): Requests {
  const folder = join(runFolder, runFiles.requests);
  let lastLook = -Infinity;
  return {
    take() {
      if (signal.aborted) return ['stop'];
      if (now() - lastLook < interval) return [];
      lastLook = now();
      const found = requestNames.filter((name) => filesIn(folder).includes(name));
      for (const name of found) rmSync(join(folder, name), { force: true });
      return found.includes('stop') ? ['stop'] : found;
    },
  };
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
