import * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from './wasmDevice';

/**
 * Kernels of ours for tfjs's WASM backend: what it lacks, and what it does wrong. tfjs's cast to bool takes 0.5 for
 * false; a value is true unless it is 0.
 */
export function registerOwnKernels(): void {
  tf.registerKernel({ kernelName: 'UnsortedSegmentSum', backendName: 'wasm', kernelFunc: segmentSum });
  const { kernelFunc } = tf.getKernel('Cast', 'wasm');
  tf.unregisterKernel('Cast', 'wasm');
  tf.registerKernel({
    kernelName: 'Cast',
    backendName: 'wasm',
    kernelFunc: (call) => ((call.attrs as { dtype: string }).dtype === 'bool' ? castToBool(call) : kernelFunc(call)),
  });
}

type Call = Parameters<tf.KernelFunc>[0];

/** Sums the rows of `x` that have the same segment. Segments below 0 are left out. */
function segmentSum({ inputs, attrs, backend }: Call): tf.TensorInfo {
  const wasm = backend as unknown as WasmBackend;
  const { x, segmentIds } = inputs as Record<'x' | 'segmentIds', tf.TensorInfo>;
  const { numSegments } = attrs as { numSegments: number };
  const width = tf.util.sizeFromShape(x.shape.slice(segmentIds.shape.length));
  const result = wasm.makeOutput([numSegments, ...x.shape.slice(segmentIds.shape.length)], x.dtype);
  const [values, segments, sums] = [x, segmentIds, result].map((tensor) => wasm.typedArrayFromHeap(tensor));
  sums.fill(0);
  segments.forEach((segment, row) => {
    if (segment < 0) return;
    for (let column = 0; column < width; column++) sums[segment * width + column] += values[row * width + column];
  });
  return result;
}

function castToBool({ inputs, backend }: Call): tf.TensorInfo {
  const { x } = inputs as { x: tf.TensorInfo };
  const wasm = backend as unknown as WasmBackend;
  const result = wasm.makeOutput(x.shape, 'bool');
  const [from, to] = [x, result].map((tensor) => wasm.typedArrayFromHeap(tensor));
  for (let index = 0; index < from.length; index++) to[index] = from[index] === 0 ? 0 : 1;
  return result;
}
