import { createRandom } from '../common/random';
import type { Experiment } from '../experiment/schema';
import { weightingByName, type AnyWeighting } from '../weighting';

/** What a step shows of the tasks, in the order of the task set. */
export interface SeenStep {
  readonly losses: readonly number[];
  readonly present: readonly boolean[];
  /** T x T by rows; empty for a method that looks at losses alone. */
  readonly gramian: Float64Array;
}

/** Where training stands, as far as weights depend on it. */
interface Standing {
  readonly step: number;
  readonly epoch: number;
  /** What the method remembers: JSON, so that a checkpoint can hold it. */
  weighting: unknown;
}

/** A weighting method at work in one run, for methods that look at a step before they weigh it. */
export interface Weigher {
  /** Whether it looks at the inner products of the task gradients, and not at the losses alone. */
  readonly seesGradients: boolean;
  /** Weights of the shared parameters, and of those that a task has to itself; what is remembered is put into `standing`. */
  weigh(standing: Standing, seen: SeenStep): { readonly shared: readonly number[]; readonly own: readonly number[] };
  /** Remembers the mean losses of an epoch. */
  finishEpoch(standing: Standing, losses: readonly (number | null)[]): void;
}

interface Memory {
  readonly state: unknown;
  readonly history: readonly (readonly (number | null)[])[];
}

/** Undefined for a method whose weights never change. */
export function createWeigher(
  { weighting }: Experiment['training'],
  tasks: readonly string[],
  seed: number,
): Weigher | undefined {
  const { name, ...options } = weighting as { readonly name: string } & Record<string, unknown>;
  const method = weightingByName(name);
  if (!method || isConstant(method)) return undefined;
  const memoryOf = ({ weighting: kept }: Standing): Memory =>
    (kept as Memory | null) ?? { state: method.initialise(tasks, options), history: [] };
  return {
    seesGradients: method.needs !== 'losses',
    weigh(standing, { losses, present, gramian }) {
      // Heads of one output start at 0 and send nothing back to the shared parameters: there is nothing to weigh, and
      // weights of 0 would leave it so.
      if (method.needs !== 'losses' && gramian.every((product) => product === 0)) {
        return { shared: tasks.map(() => 1), own: tasks.map(() => 1) };
      }
      const { step, epoch } = standing;
      const { state, history } = memoryOf(standing);
      // Chance is a function of seed and step alone, so a resumed run needs no random state.
      const random = createRandom(seed, `weighting ${step}`);
      const seen = { tasks, losses, present, history, options, step, epoch, random, gramian, gradients: [] };
      const weighed = method.weigh({ ...seen, state });
      standing.weighting = { state: weighed.state, history } satisfies Memory;
      return { shared: weighed.weights, own: method.appliesTo === 'all' ? weighed.weights : tasks.map(() => 1) };
    },
    finishEpoch(standing, losses) {
      const { state, history } = memoryOf(standing);
      standing.weighting = { state, history: [...history, losses] } satisfies Memory;
    },
  };
}

function isConstant({ name }: AnyWeighting): boolean {
  return name === 'equal' || name === 'fixed';
}
