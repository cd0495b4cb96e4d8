import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildModel, type Model } from '../model/model';
import { nameWeights, unnameWeights } from '../model/namedWeights';
import { systemCode, systemReason } from '../runs/errors';
import { runFiles } from '../runs/record';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from '../runs/safetensors';
import { describeModel, descriptionSchema, taskSetOf, type DescribedRun, type ModelDescription } from './description';
import { OutputError } from './errors';

/** Names within the model folder of a run. */
export const modelFiles = {
  description: 'model.json',
  weights: 'weights.safetensors',
} as const;

/** A trained model, ready to be put onto an engine. */
export interface TrainedModel {
  readonly description: ModelDescription;
  readonly model: Model;
  /** By the names of the model. */
  readonly parameters: Readonly<Record<string, Float32Array>>;
}

/** A finished run with the parameters of its best epoch. */
export interface RunResult extends DescribedRun {
  readonly parameters: Readonly<Record<string, Float32Array>>;
}

/**
 * Writes the model folder of a run. It appears at once and whole; one from before is replaced.
 * @throws OutputError where it cannot be written; nothing is left of it then.
 */
export async function writeModelFolder(runFolder: string, result: RunResult): Promise<void> {
  const folder = join(runFolder, runFiles.model);
  const aside = `${folder}.new`;
  const description = describeModel(result);
  try {
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside);
    const weights = encodeSafetensors(nameWeights(result.model, result.parameters), metadataOf(description));
    await writeFile(join(aside, modelFiles.weights), weights);
    await writeFile(join(aside, modelFiles.description), `${JSON.stringify(description, undefined, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
    const remedy = 'Free some space or give permission to write there.';
    throw new OutputError('not-writable', `The model cannot be written (${systemReason(error)}): ${folder}`, remedy, {
      cause: error,
    });
  }
}

function metadataOf({ run, tasks }: ModelDescription): Record<string, string> {
  return {
    format: 'mtl-model',
    experiment: run.experiment,
    run: run.id,
    seed: String(run.seed),
    engine: run.engine,
    workbench: run.workbench,
    tasks: JSON.stringify(tasks.map(({ name, kind }) => ({ name, kind }))),
  };
}

/**
 * Reads the model that a run left.
 * @throws OutputError where there is none, or where it is damaged.
 */
export async function readModelFolder(runFolder: string): Promise<TrainedModel> {
  const folder = join(runFolder, runFiles.model);
  const description = await readDescription(join(folder, modelFiles.description));
  const model = buildModel(description, taskSetOf(description));
  const path = join(folder, modelFiles.weights);
  const parameters = unnameWeights(model, (await readWeights(path)).tensors);
  if ('unfit' in parameters && typeof parameters.unfit === 'string') {
    throw damaged(path, `the weight "${parameters.unfit}" is missing or of another shape`);
  }
  return { description, model, parameters: parameters as Record<string, Float32Array> };
}

async function readDescription(path: string): Promise<ModelDescription> {
  const text = await readModelFile(path, (file) => readFile(file, 'utf8'));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(path, 'it is no JSON');
  }
  const parsed = descriptionSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path: place } = parsed.error.issues[0];
  throw damaged(path, `${place.length === 0 ? 'it' : place.map(String).join('.')} is not as it should be`);
}

async function readWeights(path: string) {
  const bytes = await readModelFile(path, (file) => readFile(file));
  try {
    return decodeSafetensors(bytes);
  } catch (error) {
    if (error instanceof SafetensorsError) throw damaged(path, error.message);
    throw error;
  }
}

async function readModelFile<Content>(path: string, read: (path: string) => Promise<Content>): Promise<Content> {
  try {
    return await read(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      throw new OutputError(
        'no-model',
        `The run has no model: there is no ${path}`,
        'A run writes it when it finishes or is stopped after its first step.',
      );
    }
    throw damaged(path, systemReason(error));
  }
}

function damaged(path: string, reason: string): OutputError {
  const remedy = 'Copy it again, or train the experiment again.';
  return new OutputError('model-damaged', `The model cannot be read (${reason}): ${path}`, remedy);
}
