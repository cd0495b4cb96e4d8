import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import path from 'node:path';
import type { TypedArray } from '../program';
import { typedArray, type Device } from './device';
import { registerOwnKernels } from './ownKernels';
import { findWasmFolder } from './wasmFiles';

/** What the WASM backend holds of a tensor. */
interface WasmTensor {
  readonly id: number;
  readonly memoryOffset: number;
}

/** The parts of tfjs's BackendWasm that a replay uses. */
export interface WasmBackend extends tf.KernelBackend {
  /** The next number for `registerTensor`. */
  dataIdNextNumber: number;
  readonly wasm: {
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    readonly asm: { readonly memory: WebAssembly.Memory };
    _malloc(bytes: number): number;
    _free(address: number): void;
    cwrap(name: string, result: null, parameters: readonly string[]): (...values: number[]) => void;
    readonly tfjs: {
      registerTensor(id: number, size: number, memoryOffset: number): void;
      disposeData(id: number): void;
    };
  };
  readonly dataIdMap: {
    get(dataId: tf.TensorInfo['dataId']): WasmTensor;
    set(dataId: tf.TensorInfo['dataId'], tensor: WasmTensor & tf.TensorInfo & { readonly refCount: number }): void;
    delete(dataId: tf.TensorInfo['dataId']): boolean;
  };
  typedArrayFromHeap(tensor: tf.TensorInfo): TypedArray;
  makeOutput(shape: readonly number[], dtype: string, memoryOffset?: null, values?: TypedArray): tf.TensorInfo;
}

let prepared = false;

/** The WASM engine, loaded at its first use. */
export async function openWasmDevice(): Promise<Device & { readonly backend: WasmBackend }> {
  const backend = (await openBackend('wasm', () => {
    if (prepared) return;
    setWasmPaths(findWasmFolder() + path.sep);
    registerOwnKernels();
    prepared = true;
  })) as unknown as WasmBackend;
  const { wasm, dataIdMap } = backend;
  return {
    name: 'wasm',
    backend,
    create: (values, { shape, dtype }) => backend.makeOutput(shape, dtype, null, values),
    view: ({ dataId, shape, dtype }) =>
      typedArray(wasm.HEAPU8.buffer, dataIdMap.get(dataId).memoryOffset, tf.util.sizeFromShape(shape), dtype),
    changed({ dataId, shape }) {
      // The matrix product keeps the packed second operand under the tensor's id; forgetting the id drops it.
      const { id, memoryOffset } = dataIdMap.get(dataId);
      wasm.tfjs.disposeData(id);
      wasm.tfjs.registerTensor(id, tf.util.sizeFromShape(shape), memoryOffset);
    },
  };
}

/** Starts a tfjs backend; the one that was active stays so. */
export async function openBackend(name: string, prepare: () => void): Promise<tf.KernelBackend> {
  const previous = tf.getBackend() as string | null | undefined;
  prepare();
  // Emscripten's runtime listens for uncaught errors of the whole process, only to throw them again without their place.
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => new Set<unknown>(process.listeners(event as 'uncaughtException')));
  if (!(await tf.setBackend(name))) throw new Error(`The engine ${name} could not be started.`);
  events.forEach((event, index) => {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (!before[index].has(listener)) process.removeListener(event, listener);
    }
  });
  const backend = tf.backend();
  if (previous && previous !== name) await tf.setBackend(previous);
  return backend;
}
