import { version_core as tensorflowVersion } from '@tensorflow/tfjs-core';
import { stepsPerEpoch } from '../data/batches';
import { version } from '../../package.json';
import { prepareTasks } from '../data/prepare';
import { splitNames } from '../data/taskSet';
import { metricsOf } from '../experiment/metric';
import { ExperimentError } from '../experiment/problem';
import type { Experiment } from '../experiment/schema';
import { buildModel, type Model } from '../model/model';
import type { Ending, RunEventBody } from '../runs/events';
import { RunFolderError } from '../runs/errors';
import { openJournal } from '../runs/journal';
import { takeLock } from '../runs/lock';
import { OutputError } from '../outputs/errors';
import { writeModelFolder } from '../outputs/modelFolder';
import { openLiveTensorBoard } from '../outputs/tensorboard/export';
import { holdReserve } from '../runs/reserve';
import type { RunRecord } from '../runs/record';
import type { RunState } from '../runs/state';
import { openCheckpoints } from './checkpointFolder';
import type { Checkpoint } from './checkpoints';
import { planCheckpoints } from './checkpointPlan';
import { compile, type Compiled } from './compile';
import { createControl } from './control';
import { TrainingError } from './errors';
import { measuresOf, readRunFolder, reopenRun, type OpenedRun } from './open';
import type { TrainingProgress } from './progress';
import { gainEvent } from './groupGain';
import { openRequests } from './requests';
import { hasSharedParameters } from './steps';
import { trivialPredictors } from './trivialPredictors';
import { createTrainer, effectiveBatchSize, type Trainer } from './trainer';

/** How a run ended; `refused` where the experiment or its data must be mended first. */
export type RunOutcome = 'finished' | 'stopped' | 'failed' | 'refused';

/**
 * Trains the run of a run folder, from its first step or its newest checkpoint to its last step, and writes its journal.
 * @param signal Aborted to stop the run after the present step.
 * @param resume Whether the run was begun before. Without a checkpoint it then begins anew.
 * @throws RunFolderError where the journal cannot be written, or another process has the run.
 */
export async function runFolder(folder: string, signal: AbortSignal, resume = false): Promise<RunOutcome> {
  const unlock = await takeLock(folder);
  try {
    const opened = resume ? await reopenRun(folder) : { journal: openJournal(folder) };
    return await trainAndTell(folder, signal, opened);
  } finally {
    unlock();
  }
}

async function trainAndTell(folder: string, signal: AbortSignal, opened: OpenedRun): Promise<RunOutcome> {
  const { journal } = opened;
  const began = performance.now();
  const reserve = holdReserve(folder);
  try {
    return await trainFolder(folder, signal, opened);
  } catch (error) {
    const seconds = (performance.now() - began) / 1000;
    reserve.release();
    journal.append({ type: 'failed', ...explain(error), seconds });
    console.error(error instanceof ExperimentError ? error.message : error);
    return error instanceof ExperimentError ? 'refused' : 'failed';
  } finally {
    reserve.release();
    await journal.close();
  }
}

async function trainFolder(
  folder: string,
  signal: AbortSignal,
  { journal, checkpoint }: OpenedRun,
): Promise<RunOutcome> {
  const { record, experiment, identity } = await readRunFolder(folder);
  const taskSet = await prepareTasks(experiment, record.folder);
  if (checkpoint !== undefined && checkpoint.dataFingerprint !== taskSet.fingerprint) throw dataChanged();
  const model = buildModel(experiment, taskSet);
  const batchSize = effectiveBatchSize(model, experiment.training.batchSize);
  const { measure, warnings } = measuring(experiment, model);
  const compiled = await compile({ experiment, model, engine: record.engine, seed: record.seed, batchSize, measure });
  const { executor } = compiled;
  const live = experiment.training.tensorboard ? await openLiveTensorBoard(folder) : undefined;
  const append = (event: RunEventBody) => {
    journal.append(event);
    const problem = live?.write(event);
    if (problem !== undefined) journal.append({ type: 'warning', message: problem });
  };
  if (checkpoint === undefined) {
    append(startedEvent(record, experiment, model, batchSize, compiled));
    append({ type: 'trivial', predictors: trivialPredictors(taskSet) });
    for (const message of [...taskSet.warnings, ...warnings]) append({ type: 'warning', message });
  } else {
    executor.writeState(checkpoint.state);
    for (const message of differences(checkpoint, executor.engine)) append({ type: 'warning', message });
  }
  const control = createControl(openRequests(folder, signal), signal, append);
  const checkpoints = openCheckpoints(folder);
  const save = (progress: TrainingProgress, seconds: number) =>
    checkpoints.save({
      identity,
      version,
      engine: executor.engine,
      dataFingerprint: taskSet.fingerprint,
      progress,
      state: executor.readState(),
      journal: journal.sync(),
      seconds,
    });
  try {
    const trainer = createTrainer({
      experiment,
      model,
      executor,
      seed: record.seed,
      batchSize,
      measures: measure ? measuresOf(experiment) : [],
      append,
      control,
      ...(checkpoint && { from: checkpoint }),
      checkpoints: planCheckpoints(experiment.training.checkpoints, save),
    });
    const keepModel = async () => {
      // Nothing is written anew into a run folder that is gone.
      journal.sync();
      const notes = await writeModelFolder(folder, {
        experiment,
        model,
        record,
        engine: executor.engine,
        parameters: executor.readState(),
      });
      for (const message of notes) append({ type: 'warning', message });
    };
    const compare = async ({ metrics }: Ending) =>
      experiment.baseline === 'none' ? undefined : gainEvent(folder, record, tasksOf(model), { metrics });
    return await trainToTheEnd(trainer, append, keepModel, compare);
  } finally {
    live?.close();
    executor.dispose();
  }
}

async function trainToTheEnd(
  trainer: Trainer,
  append: (event: RunEventBody) => void,
  keepModel: () => Promise<void>,
  compare: (ending: Ending) => Promise<RunEventBody | undefined>,
): Promise<RunOutcome> {
  const reason = await trainer.train();
  const ending = await trainer.ending();
  // Before the last event, so that whoever sees the run end finds the model.
  if (ending.step > 0) await keepModel().catch((error: unknown) => append(notKept(error)));
  if (reason === 'stopped') {
    append({ type: 'stopped', ...ending });
    return 'stopped';
  }
  const gain = await compare(ending);
  if (gain !== undefined) append(gain);
  append({ type: 'finished', reason, ...ending });
  return 'finished';
}

/** What training found out must not be lost because the model cannot be written. */
function notKept(error: unknown): RunEventBody {
  if (!(error instanceof OutputError)) throw error;
  return { type: 'warning', message: `${error.message} ${error.remedy}` };
}

function dataChanged(): TrainingError {
  return new TrainingError(
    'data-changed',
    'The data is not what the run was started with, so it cannot go on. Bring the data back, or start a new run.',
  );
}

/** What makes a continued run differ from one that never ended. */
function differences(checkpoint: Checkpoint, engine: string): readonly string[] {
  const inexact = 'Its numbers are close to, but perhaps not exactly, what they would have been.';
  return [
    checkpoint.engine === engine ? '' : `The run went on with engine ${engine} after ${checkpoint.engine}. ${inexact}`,
    checkpoint.version === version
      ? ''
      : `The run went on with version ${version} after ${checkpoint.version}. ${inexact}`,
  ].filter((message) => message !== '');
}

function startedEvent(
  record: RunRecord,
  experiment: Experiment,
  model: Model,
  batchSize: number,
  { executor, engineReason }: Compiled,
): RunEventBody {
  const { streams, fingerprint } = model.taskSet;
  const rows = Object.fromEntries(
    splitNames.map((split) => [split, streams.reduce((sum, { splits }) => sum + splits[split].rows, 0)]),
  ) as Record<(typeof splitNames)[number], number>;
  return {
    type: 'started',
    processId: process.pid,
    engine: executor.engine,
    engineReason,
    threads: executor.threads,
    tasks: tasksOf(model),
    epochs: experiment.training.epochs,
    stepsPerEpoch: stepsPerEpoch(model.taskSet, batchSize),
    parameters: model.parameterCount,
    rows,
    dataFingerprint: fingerprint,
    versions: {
      workbench: record.version,
      node: process.versions.node,
      tensorflow: tensorflowVersion,
      ...executor.versions,
    },
  };
}

function tasksOf({ taskSet }: Model): RunState['tasks'] {
  return taskSet.tasks.map(({ name, kind }) => ({ name, kind, metrics: metricsOf([kind]) }));
}

/** Whether relatedness is measured, and what to say where it was asked for and cannot be. */
function measuring(experiment: Experiment, model: Model): { measure: boolean; warnings: readonly string[] } {
  if (experiment.relatedness.measures.length === 0 || model.taskSet.tasks.length < 2)
    return { measure: false, warnings: [] };
  if (hasSharedParameters(model)) return { measure: true, warnings: [] };
  const message =
    experiment.model.encoder.layers.length === 0
      ? 'Relatedness is not measured: the encoder has no layers, so the tasks share no parameters. Give `encoder` a layer.'
      : `Relatedness is not measured: with sharing \`${experiment.model.sharing.name}\` no parameter is trained by several tasks. Use another sharing architecture, such as \`hard\`.`;
  return { measure: false, warnings: [message] };
}

function explain(error: unknown): { code: string; message: string; step?: number; task?: string } {
  if (error instanceof ExperimentError) {
    return { code: error.findings[0]?.code ?? 'experiment', message: error.message };
  }
  if (error instanceof RunFolderError) return { code: error.code, message: `${error.message} ${error.remedy}` };
  if (error instanceof TrainingError) return { code: error.code, message: error.message, ...error.where };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'unexpected', message: `Training ended with an unexpected error: ${message}` };
}
