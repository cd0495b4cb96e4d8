import type { RelatednessValues } from './measure';
import { leaveOneOutGain } from './measures/leaveOneOutGain';
import { orderedTransfer } from './measures/orderedTransfer';
import { pairGain } from './measures/pairGain';

/** Measures that need more networks than that of the run: each is trained as a run of its own below it. */
export const trainingsMeasures = [pairGain, leaveOneOutGain, orderedTransfer] as const;

export type TrainingsMeasure = (typeof trainingsMeasures)[number];

/** A network to train beside that of the run, which has all tasks. */
export interface PlannedTraining {
  /** Positions of its tasks, ascending. */
  readonly tasks: readonly number[];
  /** The task whose network, trained alone, it starts from and is tuned; absent where it starts as the run does. */
  readonly from?: number;
  /** Names of the measures that look at it. */
  readonly measures: readonly string[];
  /** What of it is needed besides the losses that its journal has. */
  readonly leaves: readonly LeftBehind[];
}

/** The losses of its task at single rows, or the trained model. */
export type LeftBehind = 'row losses' | 'model';

/** What networks reach. */
export interface Reached {
  /** The losses of the tasks of a network that starts as the run does; undefined where it was not trained to its end. */
  losses(tasks: readonly number[]): readonly (number | null)[] | undefined;
  /**
   * The losses of a task at single rows, the same for all networks: of one that was trained for another task and then
   * tuned, or where that is the task itself of one for it alone. Undefined where it was not trained to its end.
   */
  atRows(task: number, from: number): ArrayLike<number> | undefined;
}

/**
 * The networks that measures need, each once: small ones first, and last those that start from another.
 * @param tasks T
 */
export function planTrainings(measures: readonly TrainingsMeasure[], tasks: number): readonly PlannedTraining[] {
  const plan = new Map<string, PlannedTraining>();
  for (const measure of measures) {
    for (const network of networksOf(measure, tasks)) {
      // The run itself trains all of them together.
      if (network.tasks.length === 0 || network.tasks.length === tasks) continue;
      const key = [network.tasks.join(' '), network.from].join(' from ');
      const before = plan.get(key);
      plan.set(key, {
        ...network,
        measures: [...new Set([...(before?.measures ?? []), measure.name])],
        leaves: [...new Set([...(before?.leaves ?? []), ...network.leaves])],
      });
    }
  }
  const place = ({ from, tasks: own }: PlannedTraining) => (from === undefined ? own.length : tasks);
  return [...plan.values()].sort((one, other) => place(one) - place(other));
}

type Network = Omit<PlannedTraining, 'measures'>;

function networksOf(measure: TrainingsMeasure, tasks: number): readonly Network[] {
  const all = Array.from({ length: tasks }, (_, task) => task);
  const fresh = (own: readonly number[]): Network => ({ tasks: own, leaves: [] });
  switch (measure.name) {
    case 'pair-gain':
      return [...all.map((task) => fresh([task])), ...pairsOf(tasks).map(fresh)];
    case 'leave-one-out-gain':
      return all.map((task) => fresh(allBut(task, tasks)));
    case 'ordered-transfer':
      return all.flatMap((from): Network[] => [
        { tasks: [from], leaves: ['row losses', 'model'] },
        ...allBut(from, tasks).map((task): Network => ({ tasks: [task], from, leaves: ['row losses'] })),
      ]);
  }
}

/**
 * The matrix of a measure from what networks reach; null in the cells of networks that reached nothing.
 * @param tasks T
 */
export function valuesOfTrainings(measure: TrainingsMeasure, tasks: number, reached: Reached): RelatednessValues {
  const all = Array.from({ length: tasks }, (_, task) => task);
  switch (measure.name) {
    case 'pair-gain':
      return measure.measure({
        alone: all.map((task) => known(reached.losses([task])?.[0])),
        pairs: pairsOf(tasks).flatMap((pair) => {
          const losses = reached.losses(pair);
          return losses ? [{ tasks: pair, results: [known(losses[0]), known(losses[1])] }] : [];
        }),
      });
    case 'leave-one-out-gain':
      return measure.measure({
        together: all.map((task) => known(reached.losses(all)?.[task])),
        without: all.map((left) => {
          const rest = allBut(left, tasks);
          const losses = reached.losses(rest);
          return all.map((task) => (task === left ? NaN : known(losses?.[rest.indexOf(task)])));
        }),
      });
    case 'ordered-transfer':
      return measure.measure({ losses: all.map((task) => all.map((from) => reached.atRows(task, from) ?? null)) });
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
