import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runFiles } from '../runs/record';
import { OutputError } from './errors';
import { writeFolder } from './files';
import { modelFiles, readModelIn, type TrainedModel } from './modelFolder';

/**
 * The model that a run starts from. The first time it is copied into the run folder, so that the run can go on, and be
 * understood, when the run that it came from is gone.
 * @param source The folder of the run that left the model.
 * @throws OutputError where there is no model, or it cannot be read or copied.
 */
export async function takeStart(runFolder: string, source: string): Promise<TrainedModel> {
  const own = join(runFolder, runFiles.start);
  try {
    return await readModelIn(own);
  } catch (error) {
    if (!(error instanceof OutputError && error.code === 'no-model')) throw error;
  }
  const from = join(source, runFiles.model);
  const trained = await readModelIn(from);
  const files = [modelFiles.description, modelFiles.weights].map(
    async (file) => [file, await readFile(join(from, file))] as const,
  );
  await writeFolder(own, new Map(await Promise.all(files)));
  return trained;
}

/** Throws the copy away, of a run that is not gone on with. */
export async function dropStart(runFolder: string): Promise<void> {
  await rm(join(runFolder, runFiles.start), { recursive: true, force: true });
}
