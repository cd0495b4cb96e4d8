import type { RelatednessValues } from './measure';
import { leaveOneOutGain } from './measures/leaveOneOutGain';
import { pairGain } from './measures/pairGain';

/** Measures that need more networks than that of the run: each is trained as a run of its own below it. */
export const trainingsMeasures = [pairGain, leaveOneOutGain] as const;

export type TrainingsMeasure = (typeof trainingsMeasures)[number];

/** A network to train beside that of the run, which has all tasks. */
export interface PlannedTraining {
  /** Positions of its tasks, ascending. */
  readonly tasks: readonly number[];
  /** Names of the measures that look at it. */
  readonly measures: readonly string[];
}

/** What the tasks of a network reach: losses, or undefined where it was not trained to its end. */
export type ReachedLosses = (tasks: readonly number[]) => readonly (number | null)[] | undefined;

/**
 * The networks that measures need, each once, small ones first; none where one task is all there is.
 * @param tasks T
 */
export function planTrainings(measures: readonly TrainingsMeasure[], tasks: number): readonly PlannedTraining[] {
  const plan = new Map<string, { readonly tasks: readonly number[]; readonly measures: string[] }>();
  for (const measure of measures) {
    for (const set of setsOf(measure, tasks)) {
      // The run itself trains all of them together.
      if (set.length === 0 || set.length === tasks) continue;
      const key = set.join(' ');
      const planned = plan.get(key) ?? { tasks: set, measures: [] };
      if (!planned.measures.includes(measure.name)) planned.measures.push(measure.name);
      plan.set(key, planned);
    }
  }
  return [...plan.values()].sort((one, other) => one.tasks.length - other.tasks.length);
}

function setsOf(measure: TrainingsMeasure, tasks: number): (readonly number[])[] {
  const all = Array.from({ length: tasks }, (_, task) => task);
  switch (measure.name) {
    case 'pair-gain':
      return [...all.map((task) => [task]), ...pairsOf(tasks)];
    case 'leave-one-out-gain':
      return all.map((task) => allBut(task, tasks));
  }
}

/**
 * The matrix of a measure from what networks reach; null in the cells of networks that reached nothing.
 * @param tasks T
 */
export function valuesOfTrainings(measure: TrainingsMeasure, tasks: number, reached: ReachedLosses): RelatednessValues {
  const all = Array.from({ length: tasks }, (_, task) => task);
  switch (measure.name) {
    case 'pair-gain':
      return measure.measure({
        alone: all.map((task) => known(reached([task])?.[0])),
        pairs: pairsOf(tasks).flatMap((pair) => {
          const losses = reached(pair);
          return losses ? [{ tasks: pair, results: [known(losses[0]), known(losses[1])] }] : [];
        }),
      });
    case 'leave-one-out-gain':
      return measure.measure({
        together: all.map((task) => known(reached(all)?.[task])),
        without: all.map((left) => {
          const rest = allBut(left, tasks);
          const losses = reached(rest);
          return all.map((task) => (task === left ? NaN : known(losses?.[rest.indexOf(task)])));
        }),
      });
  }
}

/** Measures leave cells empty that are no number. */
function known(loss: number | null | undefined): number {
  return loss ?? NaN;
}

function pairsOf(tasks: number): (readonly [number, number])[] {
  return Array.from({ length: tasks }, (_, one) =>
    Array.from({ length: tasks - one - 1 }, (__, more) => [one, one + more + 1] as const),
  ).flat();
}

function allBut(left: number, tasks: number): readonly number[] {
  return Array.from({ length: tasks }, (_, task) => task).filter((task) => task !== left);
}
