import type * as tf from '@tensorflow/tfjs-core';
import type { EngineName, Executor, ExecutorOptions } from '../executor';
import type { Program, StateSpec, TypedArray } from '../program';
import { checkAlive, checkInputs, checkState, collectState, findProgram } from './checks';
import { openCpuDevice } from './cpuDevice';
import type { Device } from './device';
import { checkKernels } from './kernels';
import { createNativeExecutor } from './native/executor';
import { Replay, type Runner } from './replay';
import { WasmRunner } from './wasm/runner';
import { openWasmDevice } from './wasmDevice';

/**
 * Prepares programs to run on an engine. State tensors of one name are one tensor, in whichever programs they appear.
 * @throws ProgramError when the engine does not start, when it lacks a kernel, or when the initial state does not fit.
 */
export async function createExecutor(engine: EngineName, options: ExecutorOptions): Promise<Executor> {
  const state = collectState(options);
  if (engine === 'native') return createNativeExecutor(options, state);
  if (engine === 'cpu') {
    const device = await openCpuDevice();
    checkKernels(options.programs, engine);
    return new ProgramExecutor(device, state, options, (program, tensors) => new Replay(device, program, tensors));
  }
  const device = await openWasmDevice();
  checkKernels(options.programs, engine);
  return new ProgramExecutor(device, state, options, (program, tensors) => new WasmRunner(device, program, tensors));
}

class ProgramExecutor implements Executor {
  readonly engine: EngineName;
  readonly threads = 1;
  readonly versions = {};
  private readonly state: Map<string, tf.TensorInfo>;
  private readonly runners: Map<string, { readonly program: Program; readonly runner: Runner }>;
  private disposed = false;

  constructor(
    private readonly device: Device,
    private readonly specs: ReadonlyMap<string, StateSpec>,
    { programs, initialState }: ExecutorOptions,
    prepare: (program: Program, state: readonly tf.TensorInfo[]) => Runner,
  ) {
    this.engine = device.name;
    const create = ({ name, shape }: StateSpec) => device.create(initialState[name], { shape, dtype: 'float32' });
    this.state = new Map([...specs].map(([name, spec]) => [name, create(spec)]));
    const tensors = (program: Program) => program.state.map(({ name }) => this.state.get(name) as tf.TensorInfo);
    this.runners = new Map(
      programs.map((program) => [program.name, { program, runner: prepare(program, tensors(program)) }]),
    );
  }

  run(name: string, inputs: Readonly<Record<string, TypedArray>>): Readonly<Record<string, TypedArray>> {
    checkAlive(this.disposed);
    const { program, runner } = findProgram(this.runners, name);
    checkInputs(program, inputs);
    return runner.run(inputs);
  }

  readState(): Readonly<Record<string, Float32Array>> {
    checkAlive(this.disposed);
    const copy = (tensor: tf.TensorInfo) => this.device.view(tensor).slice() as Float32Array;
    return Object.fromEntries([...this.state].map(([name, tensor]) => [name, copy(tensor)]));
  }

  writeState(values: Readonly<Record<string, Float32Array>>): void {
    checkAlive(this.disposed);
    checkState(this.specs, values);
    for (const [name, array] of Object.entries(values)) {
      const tensor = this.state.get(name) as tf.TensorInfo;
      this.device.view(tensor).set(array);
      this.device.changed(tensor);
    }
  }

  tensorCount(): number {
    return this.device.backend.numDataIds();
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const { runner } of this.runners.values()) runner.dispose();
    for (const tensor of this.state.values()) this.device.backend.disposeData(tensor.dataId);
  }
}
