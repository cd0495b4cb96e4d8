import { stepsPerEpoch } from '../data/batches';
import { keepTasks } from '../data/onlyTasks';
import { splitNames, type SplitRows, type Stream, type TaskSet } from '../data/taskSet';
import type { Experiment } from '../experiment/schema';
import { buildModel, freeze, type Model } from '../model/model';
import { sizeOf } from '../model/parameters';
import type { StepNeed } from '../relatedness';
import { callsOfStep } from '../training/calls';
import { measuring, type Measured } from '../training/measuring';
import { effectiveBatchSize } from '../training/trainer';
import { lookOf } from '../training/weigher';
import { programWork, type ProgramWork } from './programWork';
import { stepOverhead, times, total, type Work } from './work';

/** A network that an experiment trains, as far as it is known before it is trained. */
export interface Network {
  readonly experiment: Experiment;
  readonly model: Model;
  readonly measured: Measured;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly programs: ProgramWork;
}

/** @throws ExperimentError where the data does not fit the model. */
export function networkOf(experiment: Experiment, taskSet: TaskSet): Network {
  const built = buildModel(experiment, taskSet);
  // Where it starts from a run that is frozen, the shared parameters are those that are taken.
  const model = experiment.model.start?.freeze ? freeze(built, sharedIn(built)) : built;
  const batchSize = effectiveBatchSize(model, experiment.training.batchSize);
  const measured = measuring(experiment, model);
  return {
    experiment,
    model,
    measured,
    batchSize,
    stepsPerEpoch: stepsPerEpoch(taskSet, batchSize),
    programs: programWork({ experiment, model, batchSize, inspected: measured.inspected }),
  };
}

function sharedIn({ parameters }: Model): ReadonlySet<string> {
  return new Set(parameters.filter(({ shared }) => shared).map(({ name }) => name));
}

/** P: how many shared parameters there are. */
export function sharedCount({ model: { parameters } }: Network): number {
  return parameters.reduce((sum, { shape, shared }) => sum + (shared ? sizeOf(shape) : 0), 0);
}

/** A training step, which shows measures what they need of it. */
export function stepWork({ experiment, programs }: Network, needs: readonly StepNeed[]): Work {
  const calls = callsOfStep(lookOf(experiment.training), needs);
  return total([stepOverhead, ...calls.map((name) => programs(name, needs))]);
}

/** All training steps without measures, should training not stop early. */
export function trainingWork(network: Network): Work {
  return times(stepWork(network, []), network.experiment.training.epochs * network.stepsPerEpoch);
}

/** The task set without what no count depends on, so that some of its tasks are soon taken. */
export function outlineOf(taskSet: TaskSet): TaskSet {
  const streams = taskSet.streams.map((stream): Stream => {
    const splits = splitNames.map((split) => [split, labelsAlone(stream.splits[split])]);
    const nothing = { numericWidth: 0, categorical: [] };
    return { ...stream, ...nothing, splits: Object.fromEntries(splits) as Stream['splits'] };
  });
  return { ...taskSet, streams };
}

function labelsAlone(split: SplitRows): SplitRows {
  return { ...split, numeric: new Float32Array(0), codes: new Uint16Array(0) };
}

/** The part of an outline that trains some of its tasks. */
export function outlineOfTasks(outline: TaskSet, names: readonly string[]): TaskSet {
  return { ...outline, ...keepTasks(outline.tasks, outline.streams, names) };
}
