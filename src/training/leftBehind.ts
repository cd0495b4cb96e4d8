import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { OutputError } from '../outputs/errors';
import type { LeftBehind } from '../relatedness';
import { systemCode, systemReason } from '../runs/errors';
import { runFiles } from '../runs/record';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from '../runs/safetensors';

const tensorName = 'losses';

/**
 * Writes the losses of a task at single rows into a run folder. The file appears at once and whole.
 * @throws OutputError where it cannot be written; nothing is left of it then.
 */
export async function writeRowLosses(runFolder: string, losses: Float32Array): Promise<void> {
  const path = join(runFolder, runFiles.rowLosses);
  try {
    await writeFileAtomic(
      path,
      Buffer.from(encodeSafetensors({ [tensorName]: { shape: [losses.length], values: losses } })),
    );
  } catch (error) {
    if (systemCode(error) === '') throw error;
    const message = `The losses at single rows cannot be written (${systemReason(error)}): ${path}`;
    throw new OutputError('not-writable', message, 'Free some space or give permission to write there.', {
      cause: error,
    });
  }
}

/** Undefined where there are none, or none that can be read. */
export function readRowLosses(runFolder: string): ArrayLike<number> | undefined {
  try {
    const { tensors } = decodeSafetensors(readFileSync(join(runFolder, runFiles.rowLosses)));
    return Object.hasOwn(tensors, tensorName) ? tensors[tensorName].values : undefined;
  } catch (error) {
    if (error instanceof SafetensorsError || systemCode(error) !== '') return undefined;
    throw error;
  }
}

/** Whether a run folder has what its run was to leave. */
export function hasLeft(runFolder: string, what: LeftBehind): boolean {
  switch (what) {
    case 'row losses':
      return readRowLosses(runFolder) !== undefined;
    case 'model':
      return existsSync(join(runFolder, runFiles.model));
  }
}
