import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Enough for the last event of a run, and for what its process prints. */
const bytes = 64 * 1024;

/** Room on the disk that is given back when a run fails, so that a full disk does not keep it from saying why. */
export interface Reserve {
  release(): void;
}

export function holdReserve(runFolder: string): Reserve {
  const path = join(runFolder, '.reserve');
  try {
    writeFileSync(path, Buffer.alloc(bytes));
  } catch {
    // Without room for it the first write that matters says so.
  }
  return { release: () => rmSync(path, { force: true }) };
}
