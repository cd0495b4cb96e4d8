import { resolve } from 'node:path';
import type { Experiment } from '../experiment/schema';
import { ExperimentError } from '../experiment/problem';
import { code } from '../experiment/wording';
import { freeze, initialiseParameters, type Model } from '../model/model';
import { commonHeadParameters } from '../model/heads';
import { nameWeights, unnameWeights } from '../model/namedWeights';
import { OutputError } from '../outputs/errors';
import type { TrainedModel } from '../outputs/modelFolder';
import { takeStart } from '../outputs/startFolder';
import type { RunEventOf } from '../runs/events';

/** A model with the values of its parameters before the first step. */
export interface StartedModel {
  readonly model: Model;
  readonly initial: Readonly<Record<string, Float32Array>>;
  /** Absent where all of them are fresh. */
  readonly origin?: NonNullable<RunEventOf<'started'>['startedFrom']>;
}

/**
 * The model that an experiment starts from; undefined where it starts afresh.
 * @param folder Where relative names start from.
 * @throws ExperimentError where there is no such model.
 */
export async function readStart(
  { model: { start } }: Experiment,
  folder: string,
  runFolder: string,
): Promise<TrainedModel | undefined> {
  if (start === undefined) return undefined;
  try {
    return await takeStart(runFolder, resolve(folder, start.from));
  } catch (error) {
    if (error instanceof OutputError && error.code !== 'not-writable') throw unusable(error.message, error.remedy);
    throw error;
  }
}

/** Fresh parameters, but for those that are taken from the model to start from. */
export function startModel(
  fresh: Model,
  { model: settings }: Experiment,
  seed: number,
  source: TrainedModel | undefined,
): StartedModel {
  const initial = initialiseParameters(fresh, seed);
  if (source === undefined) return { model: fresh, initial };
  const before = nameWeights(source.model, source.parameters);
  const own = nameWeights(fresh, initial);
  const common = commonNames(fresh, source.model);
  refuseMisfits(common, own, before, source);
  const sharing = new Set(fresh.shared.parameters.map(({ name }) => name));
  const inHeads = new Set(commonHeadParameters(fresh.groups).map(({ name }) => name));
  const fits = (name: string) =>
    Object.hasOwn(before, name) &&
    before[name].shape.join() === own[name].shape.join() &&
    (!sharing.has(name) || common.has(name));
  const taken = Object.keys(own).filter(fits);
  if (common.size === 0 && !taken.some((name) => inHeads.has(name))) throw nothingShared(source);
  const values = unnamed(fresh, { ...own, ...Object.fromEntries(taken.map((name) => [name, before[name]])) });
  const frozen = settings.start?.freeze === true ? taken.filter((name) => sharing.has(name) || inHeads.has(name)) : [];
  const { run } = source.description;
  return {
    model: frozen.length === 0 ? fresh : freeze(fresh, new Set(frozen)),
    initial: values,
    origin: { run: run.id, experiment: run.experiment, seed: run.seed, taken, frozen: frozen.length > 0 },
  };
}

/**
 * The parameters of the sharing network that mean the same in both: with the same tasks, or one task each, all of them;
 * else those that serve any task.
 */
function commonNames(fresh: Model, before: Model): ReadonlySet<string> {
  const tasksOf = ({ taskSet }: Model) => taskSet.tasks.map(({ name }) => name);
  const [own, those] = [tasksOf(fresh), tasksOf(before)];
  const alike = (own.length === 1 && those.length === 1) || own.join('\n') === those.join('\n');
  const found = fresh.shared.parameters.filter(({ shared }) => alike || shared);
  return new Set(found.map(({ name }) => name));
}

type Named = ReturnType<typeof nameWeights>;

function refuseMisfits(common: ReadonlySet<string>, own: Named, before: Named, { description }: TrainedModel): void {
  const { sharing } = description.model;
  const run = code(description.run.id);
  const misfit = [...common].find(
    (name) => !Object.hasOwn(before, name) || before[name].shape.join() !== own[name].shape.join(),
  );
  if (misfit === undefined) return;
  const found = Object.hasOwn(before, misfit) ? `${before[misfit].shape.join(' x ')} there` : 'not there';
  const message = `The parameters of ${run} do not fit: ${code(misfit)} is ${own[misfit].shape.join(' x ')} here and ${found}.`;
  const remedy = `Give \`model\` the sharing architecture (${code(sharing.name)}) and the encoder of that run, and take the same inputs.`;
  throw unusable(message, remedy);
}

function nothingShared({ description }: TrainedModel): ExperimentError {
  const run = code(description.run.id);
  const message = `No parameter is shared by all tasks here, so there is nothing to take from ${run}, whose tasks are others.`;
  return unusable(message, 'Use a sharing architecture with a common encoder, such as `hard`.');
}

function unnamed(model: Model, named: Named): Readonly<Record<string, Float32Array>> {
  const parameters = unnameWeights(model, named);
  if ('unfit' in parameters && typeof parameters.unfit === 'string')
    throw new Error(`No values for ${parameters.unfit}.`);
  return parameters as Record<string, Float32Array>;
}

function unusable(message: string, remedy: string): ExperimentError {
  const path = ['model', 'start', 'from'];
  return new ExperimentError([{ code: 'start-not-usable', severity: 'error', message: `${message} ${remedy}`, path }]);
}
