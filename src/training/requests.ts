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
      const there = filesIn(folder);
      // Asked to stop twice is as once, so it need not be gone.
      const found = requestNames.filter(
        (name) => there.includes(name) && (take(join(folder, name)) || name === 'stop'),
      );
      return found.includes('stop') ? ['stop'] : found;
    },
  };
}

/** @returns Whether it is gone now: a file that is held by another program is taken at a later look. */
function take(path: string): boolean {
  try {
    rmSync(path, { force: true });
    return true;
  } catch {
    return false;
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
