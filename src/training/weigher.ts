import { createRandom } from '../common/random';
import type { Experiment } from '../experiment/schema';
import { isConstant, weightingByName, type Need } from '../weighting';

/** What a step shows of the tasks, in the order of the task set. */
export interface SeenStep {
  readonly losses: readonly number[];
  readonly present: readonly boolean[];
  /** T x T by rows; empty for a method that looks at losses alone. */
  readonly gramian: Float64Array;
  /** T rows of P; empty for a method that does not look at them. */
  readonly gradients: readonly ArrayLike<number>[];
}

/** Where training stands, as far as weights depend on it. */
export interface Standing {
  readonly step: number;
  readonly epoch: number;
  /** What the method remembers: JSON, so that a checkpoint can hold it. */
  weighting: unknown;
  /** Gradients that the method remembers: T rows of P; absent before the first step. */
  memory?: readonly Float64Array[];
}

/** What a weighting method looks at, and what the trainer must therefore show it. */
export interface Look {
  readonly needs: Need;
  readonly observes?: 'losses' | 'alignments';
  /** Whether the step follows a gradient that the method gives, and not a weighted sum. */
  readonly follows: 'weights' | 'gradient';
  /** Where the gradients are taken. */
  readonly at: Experiment['training']['gradientsAt'];
}

export interface Weights {
  /** Of the shared parameters. */
  readonly shared: readonly number[];
  /** Of the parameters that a task has to itself. */
  readonly own: readonly number[];
  /** P: what the shared parameters follow instead, for a method that follows a gradient. */
  readonly gradient?: Float64Array;
}

/** A weighting method at work in one run, for methods that look at a step before they weigh it. */
export interface Weigher {
  readonly look: Look;
  /** What is remembered is put into `standing`. */
  weigh(standing: Standing, seen: SeenStep): Weights;
  /** Remembers what became of a step: values as `Observation` has them. */
  observe(standing: Standing, present: readonly boolean[], values: readonly number[]): void;
  /** Remembers the mean losses of an epoch. */
  finishEpoch(standing: Standing, losses: readonly (number | null)[]): void;
}

interface Memory {
  readonly state: unknown;
  readonly history: readonly (readonly (number | null)[])[];
}

/** Undefined for a method whose weights never change: it looks at nothing. */
export function lookOf({ weighting, gradientsAt }: Experiment['training']): Look | undefined {
  const method = weightingByName(weighting.name);
  if (!method || isConstant(method)) return undefined;
  const { needs, observes, follows = 'weights' } = method;
  return { needs, follows, at: gradientsAt, ...(observes && { observes }) };
}

/** Undefined for a method whose weights never change. */
export function createWeigher(
  training: Experiment['training'],
  tasks: readonly string[],
  seed: number,
): Weigher | undefined {
  const { name, ...options } = training.weighting as { readonly name: string } & Record<string, unknown>;
  const [method, look] = [weightingByName(name), lookOf(training)];
  if (!method || !look) return undefined;
  const memoryOf = ({ weighting: kept }: Standing): Memory =>
    (kept as Memory | null) ?? { state: method.initialise(tasks, options), history: [] };
  const ones = tasks.map(() => 1);
  return {
    look,
    weigh(standing, seen) {
      // Heads of one output start at 0 and send nothing back to the shared parameters: there is nothing to weigh, and
      // weights of 0 would leave it so.
      if (look.needs !== 'losses' && seen.gramian.every((product) => product === 0)) return unweighed(ones, look, seen);
      const { step, epoch, memory } = standing;
      const { state, history } = memoryOf(standing);
      // Chance is a function of seed and step alone, so a resumed run needs no random state.
      const random = createRandom(seed, `weighting ${step}`);
      const weighed = method.weigh({ ...seen, tasks, history, options, step, epoch, random, memory, state });
      standing.weighting = { state: weighed.state, history } satisfies Memory;
      if (weighed.memory) standing.memory = weighed.memory;
      const { weights, gradient } = weighed;
      return { shared: weights, own: method.appliesTo === 'all' ? weights : ones, ...(gradient && { gradient }) };
    },
    observe(standing, present, values) {
      if (!method.observe) return;
      const { state, history } = memoryOf(standing);
      const next = method.observe({ tasks, present, options, state, values });
      standing.weighting = { state: next, history } satisfies Memory;
    },
    finishEpoch(standing, losses) {
      const { state, history } = memoryOf(standing);
      standing.weighting = { state, history: [...history, losses] } satisfies Memory;
    },
  };
}

function unweighed(ones: readonly number[], { follows }: Look, { gradients }: SeenStep): Weights {
  const weights = { shared: ones, own: ones };
  return follows === 'weights' ? weights : { ...weights, gradient: new Float64Array(gradients[0].length) };
}
