/**
 * How the columns of a table become inputs, fitted on the training rows: plain data, the same for training and for
 * prediction. An input row holds the scaled numbers, then flags of missing numbers, then one-hot blocks.
 */
export interface Preprocessing {
  /** In the order of their inputs, from input 0 on. */
  readonly numeric: readonly NumericPreprocessing[];
  readonly categorical: readonly CategoricalPreprocessing[];
}

/** What a column held where it was fitted. */
export type ColumnType = 'number' | 'boolean' | 'date' | 'text';

/** A number becomes `(value - shift) / divisor`. Booleans are 0 and 1, dates and times days since 1970. */
export interface NumericPreprocessing {
  readonly column: string;
  readonly type: ColumnType;
  readonly shift: number;
  /** Never 0: constant columns keep theirs at 1. */
  readonly divisor: number;
  /** What stands for a missing value, before scaling: the mean of the training rows. */
  readonly fill: number;
  /** The input that is 1 where the value is missing, else 0; absent where there is none. */
  readonly flag?: number;
  /** Figures of the training rows; the deviation is that of the population. All are 0 where no row has a value. */
  readonly training: {
    readonly mean: number;
    readonly deviation: number;
    readonly minimum: number;
    readonly maximum: number;
    /** Rows without a value. */
    readonly missing: number;
  };
}

/** A level becomes a one-hot block: an input for each of the levels, then one for all others. */
export interface CategoricalPreprocessing {
  readonly column: string;
  readonly type: ColumnType;
  /** Null stands for a missing value. */
  readonly levels: readonly (string | null)[];
  /** First input of the block, and its width: levels.length + 1. */
  readonly offset: number;
  readonly width: number;
  /** Levels of the training rows, beyond those with an input of their own, that share the last input. */
  readonly otherLevels: number;
}
