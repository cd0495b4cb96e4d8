import type { MethodDescription } from '../common/method';

/** A T x T matrix; null where two tasks were never observed together. */
export type RelatednessValues = readonly (readonly (number | null)[])[];

/**
 * A way to measure how tasks relate, from what one training step shows. One measure is one file of `measures`,
 * listed in index.ts.
 */
export interface RelatednessMeasure<Name extends string> extends MethodDescription {
  readonly name: Name;
  /** Lowest and highest possible value. */
  readonly range: readonly [number, number];
  /** Whether the value from a row's task to a column's task may differ from the one back. */
  readonly directed: boolean;
  readonly higherIsCloser: boolean;
  /**
   * The matrix for one step.
   * @param gramian T x T inner products of the task gradients at the shared parameters, row-major (JJᵀ).
   * @param present Per task, whether the step had a row for it.
   */
  fromGramian(gramian: ArrayLike<number>, present: readonly boolean[]): RelatednessValues;
}
