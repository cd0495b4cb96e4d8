import { stepsPerEpoch } from '../data/batches';
import { splitNames } from '../data/taskSet';
import { metricsOf } from '../experiment/metric';
import type { Model } from '../model/model';
import type { RunEventBody } from '../runs/events';
import type { RunState } from '../runs/state';
import { versionsOf, type PreparedRun } from './prepare';

/** What the journal says first of a run. */
export function startedEvent({
  experiment,
  model,
  origin,
  batchSize,
  compiled: { executor, engineReason },
}: PreparedRun): RunEventBody {
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
    relatedness: experiment.relatedness.measures,
    epochs: experiment.training.epochs,
    stepsPerEpoch: stepsPerEpoch(model.taskSet, batchSize),
    parameters: model.parameterCount,
    rows,
    dataFingerprint: fingerprint,
    ...(origin && { startedFrom: origin }),
    versions: versionsOf(executor),
  };
}

/** The tasks of a model as the journal has them. */
export function tasksOf({ taskSet }: Model): RunState['tasks'] {
  return taskSet.tasks.map(({ name, kind }) => ({ name, kind, metrics: metricsOf([kind]) }));
}
