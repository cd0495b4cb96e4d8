import type { PrivateEncoder, TaskKind } from '../experiment/schema';
import type { Preprocessing } from './preprocessing';

export type SplitName = 'train' | 'validation' | 'test';
export const splitNames = ['train', 'validation', 'test'] as const satisfies readonly SplitName[];

/** Rows of one split of one stream. Categorical inputs stay codes until a batch is made, so that wide one-hot inputs cost no memory. */
export interface SplitRows {
  readonly rows: number;
  /** rows x stream.numericWidth, row-major, already scaled. */
  readonly numeric: Float32Array;
  /** rows x stream.categorical.length, row-major: the level's position within its column's one-hot block. */
  readonly codes: Uint16Array;
  /** rows x tasks of the stream, row-major: scaled number, 0 or 1, or class index. Where the mask is 0 it is 0. */
  readonly targets: Float32Array;
  /** rows x tasks of the stream, row-major: 1 where the row has a label for the task, else 0. */
  readonly mask: Float32Array;
}

/** A one-hot block of the inputs. */
export interface CategoricalInput {
  readonly column: string;
  /** Levels with an input of their own, then one input for all others. */
  readonly levels: readonly string[];
  /** First input of the block, and its width: levels.length + 1. */
  readonly offset: number;
  readonly width: number;
}

/**
 * Rows that share inputs: one table. Several targets of one row, and one task per value of a column, make one stream;
 * tasks with tables of their own make a stream each.
 */
export interface Stream {
  readonly name: string;
  /** Width of an input row: numericWidth plus the widths of the one-hot blocks, in this order. */
  readonly inputWidth: number;
  readonly numericWidth: number;
  readonly inputNames: readonly string[];
  readonly categorical: readonly CategoricalInput[];
  /** How a row of the table becomes an input row. */
  readonly preprocessing: Preprocessing;
  /** Positions in TaskSet.tasks, in the order of the columns of `targets` and `mask`. */
  readonly tasks: readonly number[];
  readonly splits: Readonly<Record<SplitName, SplitRows>>;
  /** Dense layers between these inputs and the shared encoder, where the task has some. */
  readonly encoder?: PrivateEncoder;
}

export type RegressionLoss = 'squared-error' | 'absolute-error' | 'huber';

/** One task as the model and the metrics see it. */
export interface TaskInfo {
  readonly name: string;
  readonly kind: TaskKind;
  /** Position in TaskSet.streams, and the column within that stream's targets. */
  readonly stream: number;
  readonly column: number;
  /** Width of the output layer: 1 for regression and binary, the number of classes for multiclass. */
  readonly outputs: number;
  /** Binary: [negative, positive]; multiclass: the class of each index; regression: empty. */
  readonly classes: readonly string[];
  /** Regression: original = scaled * deviation + mean. 0 and 1 where not scaled or not a regression. */
  readonly mean: number;
  readonly deviation: number;
  readonly loss: RegressionLoss | 'cross-entropy';
}

/** Everything that training needs to know of the data. */
export interface TaskSet {
  readonly tasks: readonly TaskInfo[];
  readonly streams: readonly Stream[];
  /** True for one task per value of a column: metrics over all tasks' rows together then mean something. */
  readonly pooled: boolean;
  /** Hexadecimal SHA-256 over the prepared rows. */
  readonly fingerprint: string;
  /** What was left out or looks odd, in plain sentences. */
  readonly warnings: readonly string[];
}
