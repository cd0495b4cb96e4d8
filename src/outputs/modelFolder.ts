import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildModel, type Model } from '../model/model';
import { nameWeights, unnameWeights } from '../model/namedWeights';
import { encodeSavedModel, savedModelFile, type Graph } from '../program';
import { systemCode, systemReason } from '../runs/errors';
import { runFiles } from '../runs/record';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from '../runs/safetensors';
import { ensureFolder } from '../runs/store';
import { describeModel, descriptionSchema, taskSetOf, type DescribedRun, type ModelDescription } from './description';
import { OutputError } from './errors';
import { inFolder, writeFolder, type Files } from './files';
import { graphModelFiles } from './graphModel';
import { servingGraph } from './servingGraph';

/** Names within the model folder of a run. */
export const modelFiles = {
  description: 'model.json',
  weights: 'weights.safetensors',
  savedModel: 'saved_model',
  graphModel: 'tfjs',
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
 * @returns What had to be left out, in plain sentences.
 * @throws OutputError where it cannot be written; nothing is left of it then.
 */
export async function writeModelFolder(runFolder: string, result: RunResult): Promise<readonly string[]> {
  const { model, parameters } = result;
  const description = describeModel(result);
  const graphs = graphFiles(model, parameters);
  await writeFolder(
    join(runFolder, runFiles.model),
    new Map<string, string | Uint8Array>([
      [modelFiles.weights, encodeSafetensors(nameWeights(model, parameters), metadataOf(description))],
      [modelFiles.description, `${JSON.stringify(description, undefined, 2)}\n`],
      ...(graphs instanceof OutputError ? [] : graphs),
    ]),
  );
  return graphs instanceof OutputError ? [`${graphs.message} ${graphs.remedy}`] : [];
}

function graphFiles(model: Model, parameters: RunResult['parameters']): Files | OutputError {
  try {
    const graph = servingGraph(model, parameters);
    return new Map([
      ...inFolder(modelFiles.savedModel, savedModelFiles(graph)),
      ...inFolder(modelFiles.graphModel, graphModelFiles(graph)),
    ]);
  } catch (error) {
    return error instanceof OutputError ? error : notAGraph(error);
  }
}

function notAGraph(error: unknown): OutputError {
  const reason = error instanceof Error ? error.message : String(error);
  const remedy = 'Its weights are in weights.safetensors.';
  return new OutputError('no-graph', `The model cannot be written for TensorFlow: ${reason}`, remedy, { cause: error });
}

/**
 * Writes the model of a run as one of the formats of TensorFlow, into a folder that is made with those above it.
 * @throws OutputError where the run has no model, or where it cannot be written.
 */
export async function exportGraph(
  runFolder: string,
  format: 'savedModel' | 'graphModel',
  folder: string,
): Promise<void> {
  const { model, parameters } = await readModelFolder(runFolder);
  let files: Files;
  try {
    const graph = servingGraph(model, parameters);
    files = format === 'savedModel' ? savedModelFiles(graph) : graphModelFiles(graph);
  } catch (error) {
    throw error instanceof OutputError ? error : notAGraph(error);
  }
  // Where this fails, writing says why.
  await ensureFolder(dirname(folder)).catch(() => undefined);
  await writeFolder(folder, files);
}

/** A message of Protocol Buffers must be below 2 GiB, and TensorFlow reads it whole. */
const largestSavedModel = 1_900_000_000;

function savedModelFiles(graph: Graph): Files {
  const bytes = graph.nodes.reduce(
    (sum, { attributes: { value } }) => sum + (value?.kind === 'tensor' ? value.values.byteLength : 0),
    0,
  );
  if (bytes > largestSavedModel) {
    const message = `The weights (${bytes} bytes) are too many for a SavedModel without variables.`;
    throw new OutputError('no-graph', message, 'They are in weights.safetensors.');
  }
  return new Map([[savedModelFile, encodeSavedModel(graph)]]);
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
  return readModelIn(join(runFolder, runFiles.model));
}

/** The same, from the folder that holds it. */
export async function readModelIn(folder: string): Promise<TrainedModel> {
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
