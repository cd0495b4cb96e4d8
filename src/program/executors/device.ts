import type * as tf from '@tensorflow/tfjs-core';
import type { TensorSpec, TypedArray } from '../program';

/** What a replay needs of a tfjs backend beyond its kernels. */
export interface Device {
  readonly name: 'cpu' | 'wasm';
  readonly backend: tf.KernelBackend;
  /** A new tensor of these values. */
  create(values: TypedArray, spec: TensorSpec): tf.TensorInfo;
  /** The tensor's values where they lie; good until the next kernel call. */
  view(tensor: tf.TensorInfo): TypedArray;
  /** To be called when a view was written to: what the backend derived from the old values is dropped. */
  changed(tensor: tf.TensorInfo): void;
}

/** The values of a tensor in another type's array: what a bool or int32 view holds. */
export function typedArray(buffer: ArrayBufferLike, offset: number, size: number, dtype: string): TypedArray {
  switch (dtype) {
    case 'int32':
      return new Int32Array(buffer, offset, size);
    case 'bool':
      return new Uint8Array(buffer, offset, size);
    default:
      return new Float32Array(buffer, offset, size);
  }
}
