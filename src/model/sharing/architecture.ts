import type * as tf from '@tensorflow/tfjs-core';
import type { Experiment } from '../../experiment/schema';
import type { MaskSpec, Pass } from '../layers';
import type { ParameterSpec } from '../parameters';

/** The part of the model that tasks share: from a stream's inputs to the representation that its heads read. */
export interface SharedNetwork {
  readonly parameters: readonly ParameterSpec[];
  /** Width of each stream's representation. */
  readonly widths: readonly number[];
  /** Dropout masks for batches of so many rows per stream. */
  masks(rows: readonly number[]): readonly MaskSpec[];
  /** @returns rows x widths[stream]. */
  represent(pass: Pass, stream: number, input: tf.Tensor2D): tf.Tensor2D;
}

export type Sharing = Experiment['model']['sharing'];
export type SharingName = Sharing['name'];

/** A sharing architecture of src/experiment/sharing.ts, built. */
export interface SharingArchitecture<Name extends SharingName> {
  /**
   * @param inputs Width of what each stream feeds in, behind its private encoder.
   * @throws ExperimentError where the widths do not suit the architecture.
   */
  build(
    options: Extract<Sharing, { name: Name }>,
    model: Experiment['model'],
    inputs: readonly { readonly name: string; readonly width: number }[],
  ): SharedNetwork;
}
