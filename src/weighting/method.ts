import type { z } from 'zod';
import type { MethodDescription } from '../common/method';
import type { Random } from '../common/random';

/** What a method sees of a step: the losses, the inner products of the task gradients, or the gradients themselves. */
export type Need = 'losses' | 'gramian' | 'gradients';

/** What every method sees before a step. T is the number of tasks. */
export interface WeightingContext<Options, State> {
  /** Task names, in the order of everything that has one value per task. */
  readonly tasks: readonly string[];
  /** Loss of each task on this batch; whatever it is for a task without a batch is not looked at. */
  readonly losses: readonly number[];
  /** Whether each task has a label in this batch. */
  readonly present: readonly boolean[];
  /** Mean training loss of each task in each finished epoch: `history[epoch][task]`; null where there was no label. */
  readonly history: readonly (readonly (number | null)[])[];
  readonly options: Options;
  /** What the step before, or `initialise`, has left. */
  readonly state: State;
  /** Finished steps, and finished epochs. */
  readonly step: number;
  readonly epoch: number;
  readonly random: Random;
  /** The order in which tasks are taken by a method for which order matters; by chance where it is not given. */
  readonly taskOrder?: readonly number[];
}

/** What a method sees besides, by its need. */
export interface NeededInputs {
  readonly losses: unknown;
  readonly gramian: {
    /** T x T by rows: the inner products of the task gradients. Rows of tasks without a batch are zero. */
    readonly gramian: Float64Array;
  };
  readonly gradients: NeededInputs['gramian'] & {
    /** T rows of P: the gradient of each task's loss; zero for a task without a batch. */
    readonly gradients: readonly ArrayLike<number>[];
    /** T rows of P that the step before has left; absent before the first step. */
    readonly memory?: readonly Float64Array[];
  };
}

/** What a method decides of a step. */
export interface Weighing<State> {
  /** One per task: the step follows `sum over t of weights[t] * gradient[t]`, unless `gradient` is given. */
  readonly weights: readonly number[];
  /** For the next step. Small; it can be written as JSON. */
  readonly state: State;
  /** What the step follows instead, of length P, where that is no weighted sum of this step's gradients. */
  readonly gradient?: Float64Array;
  /** T rows of P for the next step, where the method remembers gradients. */
  readonly memory?: readonly Float64Array[];
}

/** What became of a step. */
export interface Observation<Options, State> {
  readonly tasks: readonly string[];
  readonly present: readonly boolean[];
  readonly options: Options;
  readonly state: State;
  /**
   * For a method that observes losses: the loss of each task on the same batch after the step. For one that observes
   * alignments: the inner product of each task's training gradient with the gradient of the validation losses.
   */
  readonly values: readonly number[];
}

/**
 * A way to weigh the tasks. One method is one file of this folder, listed in index.ts. All are pure: what they remember
 * they return, and their randomness is the source they are given.
 */
export interface WeightingMethod<
  Name extends string,
  Options extends z.ZodObject,
  State = null,
  Needed extends Need = 'losses',
> extends MethodDescription {
  readonly name: Name;
  /** The options beside `name` in the experiment file. */
  readonly options: Options;
  readonly needs: Needed;
  /**
   * Which parameters the weights are for: all, as the objective is a weighted sum of losses; or the shared ones, while
   * the parameters that a task has to itself follow its own loss.
   */
  readonly appliesTo: 'all' | 'shared';
  /** Whether the same tasks in another order may get other weights. */
  readonly orderMatters: boolean;
  /** Where the weights lie: they sum to 1, or to T; or are only not negative; or can be anything finite. */
  readonly weights: 'simplex' | 'sum-of-tasks' | 'non-negative' | 'any';
  /**
   * Whether a small step can raise the loss of a task (to first order): never, never while the gradients are linearly
   * independent, or possibly.
   */
  readonly conflict: 'never' | 'never-if-independent' | 'possible';
  /** Set where `weigh` always gives the `gradient` that the step follows. */
  readonly follows?: 'gradient';
  /** The state before the first step. */
  initialise(tasks: readonly string[], options: z.output<Options>): State;
  /** Finite weights, one per task. */
  weigh(context: WeightingContext<z.output<Options>, State> & NeededInputs[Needed]): Weighing<State>;
  /** What the method wants to see after each step to learn from it; `observe` is then there. */
  readonly observes?: 'losses' | 'alignments';
  /** The state after seeing what became of a step. */
  observe?(observation: Observation<z.output<Options>, State>): State;
}
