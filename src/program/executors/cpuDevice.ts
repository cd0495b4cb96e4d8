import type * as tf from '@tensorflow/tfjs-core';
import { version_cpu } from '@tensorflow/tfjs-backend-cpu';
import type { TypedArray } from '../program';
import type { Device } from './device';
import { openBackend } from './wasmDevice';

interface CpuBackend extends tf.KernelBackend {
  /** While set, the first write prints advice to install another package. */
  firstUse: boolean;
  readonly data: { get(dataId: tf.TensorInfo['dataId']): { readonly values: TypedArray } };
  makeTensorInfo(shape: readonly number[], dtype: string, values: TypedArray): tf.TensorInfo;
}

/** tfjs's engine in plain JavaScript. */
export async function openCpuDevice(): Promise<Device> {
  // A value of the package must be used, or a bundler drops it, and with it the registration of the backend.
  if (!version_cpu) throw new Error('The CPU engine is not in the bundle.');
  const backend = (await openBackend('cpu', () => undefined)) as unknown as CpuBackend;
  backend.firstUse = false;
  return {
    name: 'cpu',
    backend,
    create: (values, { shape, dtype }) => backend.makeTensorInfo(shape, dtype, values.slice()),
    view: ({ dataId }) => backend.data.get(dataId).values,
    changed: () => undefined,
  };
}
