import type * as tf from '@tensorflow/tfjs-core';
import type { Experiment } from '../../experiment/schema';
import type { Members } from '../bank';
import type { DrawnSpec, MaskSpec, Pass } from '../layers';
import type { ParameterSpec } from '../parameters';

/** What one stream feeds into the shared network, behind its private encoder. */
export interface SharingInput {
  /** What an error calls it: its first task. */
  readonly name: string;
  readonly width: number;
  /** Names of its tasks, in the order of its columns. */
  readonly tasks: readonly string[];
}

/** A batch of one stream as it enters the shared network. */
export interface SharingBatch {
  /** rows x width. */
  readonly input: tf.Tensor2D;
  /** rows x tasks of the stream. */
  readonly mask: tf.Tensor2D;
}

/** Figures of the network that show how tasks share, such as gate values. */
export interface ProbeSpec {
  readonly name: string;
  readonly title: string;
  /** Labels; where `perRow`, the tasks, stream after stream. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Whether it depends on the rows of a batch: it is then a mean over each task's labelled rows. */
  readonly perRow: boolean;
  /** Where the rows are tasks: how much each uses what the columns are, or the vector that the network has for it. */
  readonly shows?: 'use' | 'vectors';
}

/** Values of probes by name: tasks of the stream x rows x columns where `perRow`, else rows x columns. */
export type ProbeValues = Readonly<Record<string, tf.Tensor>>;

/**
 * The part of the model that tasks share: from a stream's inputs to the representations that its heads read. Rows that
 * belong to one another come in the order of the batch; no row of a batch has an influence on another.
 */
export interface SharedNetwork {
  readonly parameters: readonly ParameterSpec[];
  /** Width of each stream's representations. */
  readonly widths: readonly number[];
  /**
   * Where no two tasks share a parameter: per stream the names of its parameters. The first axis of each has the tasks of
   * the stream, in the order of its columns.
   */
  readonly independent?: readonly (readonly string[])[];
  /** Dropout masks for batches of so many rows per stream. */
  masks(rows: readonly number[]): readonly MaskSpec[];
  /** Other inputs of a training step; a pass has them among its masks. */
  readonly drawn?: readonly DrawnSpec[];
  /** @returns rows x widths[stream] where all tasks read the same, else tasks x rows x widths[stream]. */
  represent(pass: Pass, stream: number, input: tf.Tensor2D): tf.Tensor2D | tf.Tensor3D;
  /** What is added to the weighted sum of the task losses. */
  readonly penalty?: (pass: Pass, batches: readonly SharingBatch[]) => tf.Scalar;
  /**
   * Whether the first layer of a head is the sum of one of its own and one that all heads of its kind share, and the
   * strengths at which the squares of both are held down.
   */
  readonly commonHead?: { readonly sharedDecay: number; readonly specificDecay: number };
  /**
   * Whether the tasks' contributions can be told apart, so that `represent` heeds `pass.kept`. What is a task's own is its
   * contribution. What several tasks read belongs to them in proportion to how much each reads of it. What is taken out
   * is zero.
   */
  readonly separable?: boolean;
  readonly probes?: readonly ProbeSpec[];
  readonly observe?: (pass: Pass, stream: number, input: tf.Tensor2D) => ProbeValues;
}

export type Sharing = Experiment['model']['sharing'];
export type SharingName = Sharing['name'];
export type SharingOptions<Name extends SharingName> = Extract<Sharing, { name: Name }>;

/** A sharing architecture of src/experiment/sharing, built. */
export interface SharingArchitecture<Name extends SharingName> {
  /** @throws ExperimentError where the inputs or the encoder do not suit the architecture. */
  build(options: SharingOptions<Name>, model: Experiment['model'], inputs: readonly SharingInput[]): SharedNetwork;
}

/** The tasks as members of banks: stream after stream, and within one in the order of its columns. */
export interface TaskMembers {
  readonly names: readonly string[];
  /** Those of a stream. */
  of(stream: number): Members;
}
