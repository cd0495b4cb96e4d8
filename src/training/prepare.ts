import { cpus } from 'node:os';
import { version_core as tensorflowVersion } from '@tensorflow/tfjs-core';
import { version } from '../../package.json';
import { prepareTasks } from '../data/prepare';
import type { EngineChoice } from '../experiment/engine';
import type { Experiment } from '../experiment/schema';
import { buildModel, type Model } from '../model/model';
import type { Executor } from '../program';
import type { ResumeEngine } from '../runs/resume';
import type { Checkpoint } from './checkpoints';
import { compile, type Compiled } from './compile';
import { TrainingError } from './errors';
import { measuring, type Measured } from './measuring';
import type { RunContent } from './open';
import { effectiveBatchSize } from './trainer';
import { readStart, startModel, type StartedModel } from './warmStart';

/** A run that has its data and its engine. */
export interface PreparedRun extends RunContent, Omit<Measured, 'obstacles'> {
  readonly model: Model;
  /** What the model starts from, where it does not start afresh. */
  readonly origin?: StartedModel['origin'];
  /** Rows of a step. */
  readonly batchSize: number;
  /** What a person should know of the data and the model. */
  readonly warnings: readonly string[];
  readonly compiled: Compiled;
}

/** How a run that was begun before is to go on. */
export interface Resumption {
  /** Absent where it starts again from its beginning. */
  readonly checkpoint?: Checkpoint;
  readonly engine: ResumeEngine;
}

/**
 * Reads the data of a run and starts its engine; writes nothing into the run folder but a copy of what it starts from.
 * @throws ExperimentError where the data is not sound.
 * @throws TrainingError where the engine does not start, or the data is not that of the checkpoint.
 */
export async function prepareRun(folder: string, content: RunContent, resumption?: Resumption): Promise<PreparedRun> {
  const { record, experiment } = content;
  const source = await readStart(experiment, record.folder, folder);
  const taskSet = await prepareTasks(experiment, record.folder, source?.description.tables);
  const fingerprint = resumption?.checkpoint?.dataFingerprint;
  if (fingerprint !== undefined && fingerprint !== taskSet.fingerprint) throw dataChanged();
  const { model, initial, origin } = startModel(buildModel(experiment, taskSet), experiment, record.seed, source);
  const batchSize = effectiveBatchSize(model, experiment.training.batchSize);
  const { obstacles, ...measured } = measuring(experiment, model);
  const { measures, inspected } = measured;
  const needs = [...new Set(measures.map((measure) => measure.needs))];
  const showsRowLosses = record.leaves?.includes('row losses') === true;
  const common = { model, seed: record.seed, initial, batchSize, needs, inspected, showsRowLosses };
  const compiled = await start(resumption, record.engine, experiment, (engine, withThreads) =>
    compile({ ...common, experiment: withThreads, engine }),
  );
  return {
    ...content,
    model,
    ...(origin && { origin }),
    batchSize,
    ...measured,
    warnings: [...taskSet.warnings, ...obstacles.map(({ message }) => message)],
    compiled,
  };
}

/** On the engine of the checkpoint and with its threads, unless another one is asked for: so no bit differs. */
async function start(
  resumption: Resumption | undefined,
  chosen: EngineChoice,
  experiment: Experiment,
  compileOn: (engine: EngineChoice, experiment: Experiment) => Promise<Compiled>,
): Promise<Compiled> {
  const engine = resumption?.engine ?? 'same';
  const checkpoint = resumption?.checkpoint;
  if (checkpoint === undefined) return compileOn(engine === 'same' ? chosen : engine, experiment);
  if (engine !== 'same' && engine !== checkpoint.engine) return compileOn(engine, experiment);
  try {
    return await compileOn(checkpoint.engine, { ...experiment, threads: checkpoint.threads });
  } catch (error) {
    if (!(error instanceof TrainingError && error.code === 'engine-not-available')) throw error;
    throw engineMissing(checkpoint.engine, error);
  }
}

function engineMissing(engine: string, { cause }: TrainingError): TrainingError {
  const reason = cause instanceof Error ? ` ${cause.message}` : '';
  return new TrainingError(
    'engine-not-available',
    `The run was computed by the ${engine} engine and goes on exactly only there; it does not start now.${reason} ` +
      'Or go on with another engine, whose numbers are close but not the same: mtl resume RUN --engine auto',
    {},
    { cause },
  );
}

function dataChanged(): TrainingError {
  return new TrainingError(
    'data-changed',
    'The data is not what the run was started with, so it cannot go on. Bring the data back, or start a new run.',
  );
}

/** Versions of what computes, by name. */
export function versionsOf({ versions }: Executor): Readonly<Record<string, string>> {
  return { workbench: version, node: process.versions.node, tensorflow: tensorflowVersion, ...versions };
}

/** Whatever the last bit of a number may depend on, besides experiment, seed, data, engine and threads. */
export function surroundingsOf(executor: Executor): Readonly<Record<string, string>> {
  return { ...versionsOf(executor), processor: cpus().at(0)?.model ?? process.arch };
}

/** What makes a continued run differ from one that never ended: what a person should know, and what is new. */
export function differencesFrom(checkpoint: Checkpoint, { executor, engineReason }: Compiled) {
  const now = surroundingsOf(executor);
  const sameEngine = checkpoint.engine === executor.engine;
  const changed = Object.entries(checkpoint.surroundings).flatMap(([name, before]) =>
    name in now && now[name] !== before ? [`${name} ${now[name]} instead of ${before}`] : [],
  );
  const inexact = 'Its numbers are close to, but perhaps not exactly, what they would have been.';
  return {
    notes: [
      ...(sameEngine ? [] : [`The run went on with engine ${executor.engine} after ${checkpoint.engine}. ${inexact}`]),
      ...(changed.length === 0 ? [] : [`The run went on with ${changed.join(', ')}. ${inexact}`]),
    ],
    ...(!sameEngine && { engine: executor.engine, engineReason }),
    ...(checkpoint.threads !== executor.threads && { threads: executor.threads }),
  };
}
