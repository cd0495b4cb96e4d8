import type { LeftBehind, NeededNetwork, Reached, RelatednessValues } from './measure';
import { leaveOneOutGain } from './measures/leaveOneOutGain';
import { orderedTransfer } from './measures/orderedTransfer';
import { pairGain } from './measures/pairGain';

/** Measures that need more networks than that of the run: each is trained as a run of its own below it. */
export const trainingsMeasures = [pairGain, leaveOneOutGain, orderedTransfer] as const;

export type TrainingsMeasure = (typeof trainingsMeasures)[number];

/** A network to train beside that of the run. */
export interface PlannedTraining extends NeededNetwork {
  /** Names of the measures that look at it. */
  readonly measures: readonly string[];
  readonly leaves: readonly LeftBehind[];
}

/**
 * The networks that measures need, each once: small ones first, and last those that start from another.
 * @param tasks T
 */
export function planTrainings(measures: readonly TrainingsMeasure[], tasks: number): readonly PlannedTraining[] {
  const plan = new Map<string, PlannedTraining>();
  for (const measure of measures) {
    for (const network of measure.networks(tasks)) {
      // The run itself trains all of them together.
      if (network.tasks.length === 0 || network.tasks.length === tasks) continue;
      const key = [network.tasks.join(' '), network.from].join(' from ');
      const before = plan.get(key);
      plan.set(key, {
        ...network,
        measures: [...new Set([...(before?.measures ?? []), measure.name])],
        leaves: [...new Set([...(before?.leaves ?? []), ...(network.leaves ?? [])])],
      });
    }
  }
  const place = ({ from, tasks: own }: PlannedTraining) => (from === undefined ? own.length : tasks);
  return [...plan.values()].sort((one, other) => place(one) - place(other));
}

/**
 * The matrix of a measure from what networks reach.
 * @param tasks T
 */
export function valuesOfTrainings(measure: TrainingsMeasure, tasks: number, reached: Reached): RelatednessValues {
  return measure.fromReached(tasks, reached);
}
