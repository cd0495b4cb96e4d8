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

/** What values of a measure mean, in a word or two: legends and the ends of scales have them. */
export interface MeasureEnds {
  /** Of the lowest value. */
  readonly low: string;
  /** Of the neutral value, where the measure has one. */
  readonly middle?: string;
  /** Of the highest value. */
  readonly high: string;
}

export interface MeasureRounding {
  /** Values are noise where none is as large as this. */
  readonly below: number;
  /** A sentence: what to do then. */
  readonly remedy: string;
}

/**
 * What a value says of two tasks, with its unit and its direction: a plain sentence that has both names, without its
 * capital and its full stop.
 * @param from The task of the row, which gives where the measure is directed.
 * @param to The task of the column, which takes.
 */
export type MeasureSentence = (value: number, from: string, to: string) => string;

/**
 * What a relatedness measure says of itself: hovers, documentation, the words of the panel and the estimate of its cost
 * are made of it.
 */
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
  readonly ends: MeasureEnds;
  /** Where values of two tasks can be so small that they are what rounding leaves. */
  readonly rounding?: MeasureRounding;
  readonly say: MeasureSentence;
  readonly cost: MeasureCost;
}

/** A way to measure how tasks relate. One measure is one file of `measures`, listed in index.ts. */
export interface Measure<Name extends string, Input> extends MeasureDescription<Name> {
  /** @throws RangeError where the parts of the input do not fit each other */
  measure(input: Input): RelatednessValues;
}

/** T rows of P: the gradient of each task's loss at the shared parameters. */
export interface GradientsOfTasks {
  readonly gradients: readonly ArrayLike<number>[];
}

export interface Lookahead {
  /** T losses before the step, of one batch. */
  readonly before: ArrayLike<number>;
  /** T rows of T: `after[i][j]`, the loss of task j on the same batch after a step of the shared parameters for task i. */
  readonly after: readonly ArrayLike<number>[];
}

/** T rows: how much each task uses each expert, branch or stitched column; null where that is not known. */
export interface UsageOfTasks {
  readonly usage: readonly (readonly (number | null)[])[];
}

/** T rows of d: the learned vector of each task. */
export interface EmbeddingsOfTasks {
  readonly embeddings: readonly ArrayLike<number>[];
}

/** What a measured training step shows of the tasks, in their order. */
export interface MeasuredStep {
  /** Whether the step had a row for each. */
  readonly present: readonly boolean[];
  readonly losses: readonly number[];
  /** T x T inner products of the task gradients at the shared parameters, row-major (JJᵀ). */
  readonly gramian: ArrayLike<number>;
  /** Empty where no measure needs them. */
  readonly gradients: GradientsOfTasks['gradients'];
  /** Empty where no measure needs them: see `Lookahead.after`. */
  readonly lookahead: Lookahead['after'];
}

/** What a measure needs of a step. */
export type StepNeed = 'gramian' | 'gradients' | 'lookahead';

/** A measure that the Gramian of a step suffices for. */
export interface RelatednessMeasure<Name extends string> extends MeasureDescription<Name> {
  readonly needs: 'gramian';
  /**
   * The matrix for one step; runs record its mean over steps.
   * @param gramian T x T inner products of the task gradients at the shared parameters, row-major (JJᵀ).
   * @param present Per task, whether the step had a row for it.
   */
  fromGramian(gramian: ArrayLike<number>, present: readonly boolean[]): RelatednessValues;
}

/** A measure that needs the gradients themselves. */
export interface GradientMeasure<Name extends string> extends Measure<Name, GradientsOfTasks> {
  readonly needs: 'gradients';
}

/** A measure that tries steps. */
export interface LookaheadMeasure<Name extends string> extends Measure<Name, Lookahead> {
  readonly needs: 'lookahead';
}

/** A measure of single steps of training. */
export type StepMeasure = RelatednessMeasure<string> | GradientMeasure<string> | LookaheadMeasure<string>;

/** What a sharing architecture shows after an epoch: how tasks use what is there, or the vectors that it has for them. */
export interface UsageView {
  readonly shows?: 'use' | 'vectors';
  /** Labels; tasks, where `shows` is there. */
  readonly rows: readonly string[];
  readonly values: readonly (readonly (number | null)[])[];
}

export interface UsageMeasure<Name extends string> extends Measure<Name, UsageOfTasks> {
  readonly needs: 'use';
}

export interface EmbeddingMeasure<Name extends string> extends Measure<Name, EmbeddingsOfTasks> {
  readonly needs: 'vectors';
}

/** A measure of what the sharing architecture shows after an epoch. */
export type ViewMeasure = UsageMeasure<string> | EmbeddingMeasure<string>;

export type TaskKind = 'regression' | 'binary' | 'multiclass';

/** Which tasks a measure has values of, where that is not all: see `lackOf`. */
export interface TakenTasks {
  /** Kinds of the task of the row. */
  readonly from?: readonly TaskKind[];
  /** Kinds of the task of the column. */
  readonly to?: readonly TaskKind[];
  /** The least rows that it tells anything by. */
  readonly rows?: number;
}

/** A measure of trained models, or of the labels alone: see `ModelView` for what it needs. */
export interface TrainedMeasureOf<Name extends string, Input, Need extends string> extends Measure<Name, Input> {
  readonly needs: Need;
  readonly takes?: TakenTasks;
}

/** The losses of its task at single rows, or the trained model. */
export type LeftBehind = 'row losses' | 'model';

/** A network that a measure needs besides that of the run, which has all tasks. */
export interface NeededNetwork {
  /** Positions of its tasks, ascending. */
  readonly tasks: readonly number[];
  /** The task whose network, trained alone, it starts from and is tuned; absent where it starts as the run does. */
  readonly from?: number;
  /** What of it is needed besides the losses that its journal has. */
  readonly leaves?: readonly LeftBehind[];
}

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

/** A measure that needs more networks than that of the run. */
export interface TrainingsMeasureOf<Name extends string, Input> extends Measure<Name, Input> {
  /** The networks for so many tasks; those of no task or of all need not be left out. */
  networks(tasks: number): readonly NeededNetwork[];
  /** The matrix of so many tasks from what the networks reach; null in the cells of those that reached nothing. */
  fromReached(tasks: number, reached: Reached): RelatednessValues;
}
