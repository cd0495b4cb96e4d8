import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode, systemReason } from '../runs/errors';
import { runFiles } from '../runs/record';
import { OutputError } from './errors';
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
  await copyModel(from, own);
  return trained;
}

/** Throws the copy away, of a run that is not gone on with. */
export async function dropStart(runFolder: string): Promise<void> {
  await rm(join(runFolder, runFiles.start), { recursive: true, force: true });
}

async function copyModel(from: string, to: string): Promise<void> {
  const aside = `${to}.${process.pid}.new`;
  try {
    await mkdir(aside);
    for (const file of [modelFiles.description, modelFiles.weights])
      await copyFile(join(from, file), join(aside, file));
    await rename(aside, to);
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
    if (systemCode(error) === '') throw error;
    const message = `The model to start from cannot be copied (${systemReason(error)}): ${to}`;
    throw new OutputError('not-writable', message, 'Free some space or give permission to write there.', {
      cause: error,
    });
  }
}
