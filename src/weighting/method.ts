import type { z } from 'zod';
import type { MethodDescription } from '../common/method';

/** What a weighting method sees before a step. */
export interface WeightingContext<Options> {
  /** Task names, in the order of the weights to be returned. */
  readonly tasks: readonly string[];
  readonly options: Options;
}

/**
 * A way to weigh the tasks' losses. The training objective is `sum over tasks t of weights[t] * loss[t]`.
 * One method is one file of this folder, listed in index.ts.
 */
export interface WeightingMethod<Name extends string, Options extends z.ZodObject> extends MethodDescription {
  readonly name: Name;
  /** The options beside `name` in the experiment file. */
  readonly options: Options;
  /** Task weights, one per task, finite and not negative. */
  weigh(context: WeightingContext<z.output<Options>>): readonly number[];
}
