import type { MethodDescription } from '../common/method';

/** A T x T matrix; null where two tasks were never observed together, or nothing can be said of them. */
export type RelatednessValues = readonly (readonly (number | null)[])[];

/** How large the things are that a measure looks at. */
export interface MeasureSize {
  /** T: the tasks. */
  readonly tasks: number;
  /** n: the rows that are looked at. */
  readonly rows: number;
  /** d: the width of a task's representation or embedding, or how many things its tasks can use. */
  readonly features: number;
  /** P: the shared parameters. */
  readonly parameters: number;
}

/** What a measure costs. */
export interface MeasureCost {
  /** Markdown: what is done, in the letters of `MeasureSize`. */
  readonly formula: string;
  /** About how many multiplications, beyond those of training itself: of one measured step, or once after training. */
  multiplications(size: MeasureSize): number;
  /** How many networks are trained beside that of the run, where any are. */
  trainings?(tasks: number): number;
}

/** What a relatedness measure says of itself: hovers, documentation and the estimate of its cost are made of it. */
export interface MeasureDescription<Name extends string = string> extends MethodDescription {
  readonly name: Name;
  /** When it can be measured: at steps of training; of a trained model or its data; or by training more models. */
  readonly moment: 'training' | 'trained' | 'more training';
  /** Lowest and highest possible value. */
  readonly range: readonly [number, number];
  /** Whether the value from a row's task to a column's task may differ from the one back. */
  readonly directed: boolean;
  readonly higherIsCloser: boolean;
  /** The value of two tasks that have nothing to do with each other, where there is such a value. */
  readonly neutral?: number;
  readonly cost: MeasureCost;
}

/**
 * A way to measure how tasks relate, from what one training step shows. One measure is one file of `measures`,
 * listed in index.ts.
 */
export interface RelatednessMeasure<Name extends string> extends MeasureDescription<Name> {
  /**
   * The matrix for one step; runs record its mean over steps.
   * @param gramian T x T inner products of the task gradients at the shared parameters, row-major (JJᵀ).
   * @param present Per task, whether the step had a row for it.
   */
  fromGramian(gramian: ArrayLike<number>, present: readonly boolean[]): RelatednessValues;
}

/** A way to measure how tasks relate from something else: each says what, as `Input`. */
export interface Measure<Name extends string, Input> extends MeasureDescription<Name> {
  /** @throws RangeError where the parts of the input do not fit each other */
  measure(input: Input): RelatednessValues;
}
