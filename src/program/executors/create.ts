import type * as tf from '@tensorflow/tfjs-core';
import { ProgramError } from '../errors';
import type { EngineName, Executor, ExecutorOptions } from '../executor';
import type { Program, StateSpec, TypedArray } from '../program';
import { openCpuDevice } from './cpuDevice';
import type { Device } from './device';
import { checkKernels } from './kernels';
import { sizeOf } from '../references';
import { Replay, type Runner } from './replay';
import { WasmRunner } from './wasm/runner';
import { openWasmDevice } from './wasmDevice';

/**
 * Prepares programs to run on an engine. State tensors of one name are one tensor, in whichever programs they appear.
 * @throws ProgramError when a kernel is missing on the engine, or when the initial state does not fit.
 */
export async function createExecutor(engine: EngineName, options: ExecutorOptions): Promise<Executor> {
  const state = collectState(options);
  if (engine === 'cpu') {
    const device = await openCpuDevice();
    checkKernels(options.programs, engine);
    return new ProgramExecutor(device, state, options, (program, tensors) => new Replay(device, program, tensors));
  }
  const device = await openWasmDevice();
  checkKernels(options.programs, engine);
  return new ProgramExecutor(device, state, options, (program, tensors) => new WasmRunner(device, program, tensors));
}

/** Every state tensor of the programs, once. */
function collectState({ programs, initialState }: ExecutorOptions): ReadonlyMap<string, StateSpec> {
  const specs = new Map<string, StateSpec>();
  for (const program of programs) {
    for (const spec of program.state) {
      const known = specs.get(spec.name);
      if (known && known.shape.join() !== spec.shape.join()) {
        throw badState(
          `The state "${spec.name}" has the shape [${known.shape.join(', ')}] in one program, and [${spec.shape.join(', ')}] in ${program.name}.`,
        );
      }
      specs.set(spec.name, spec);
    }
  }
  for (const { name, shape } of specs.values()) {
    const values = Object.hasOwn(initialState, name) ? initialState[name] : undefined;
    if (!values) throw badState(`The initial state lacks "${name}".`);
    checkSize(name, shape, values);
  }
  return specs;
}

class ProgramExecutor implements Executor {
  readonly engine: EngineName;
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
    this.checkAlive();
    const found = this.runners.get(name);
    if (!found) {
      const known = [...this.runners.keys()].join(', ');
      throw new ProgramError('executor/unknown-program', `There is no program "${name}". The programs are: ${known}.`);
    }
    for (const input of found.program.inputs) {
      const values = Object.hasOwn(inputs, input.name) ? inputs[input.name] : undefined;
      if (values?.length === sizeOf(input.spec.shape)) continue;
      const what = values ? `${values.length} numbers` : 'nothing';
      throw new ProgramError(
        'executor/bad-input',
        `The input "${input.name}" of ${name} needs [${input.spec.shape.join(', ')}] numbers, but got ${what}.`,
      );
    }
    return found.runner.run(inputs);
  }

  readState(): Readonly<Record<string, Float32Array>> {
    this.checkAlive();
    const copy = (tensor: tf.TensorInfo) => this.device.view(tensor).slice() as Float32Array;
    return Object.fromEntries([...this.state].map(([name, tensor]) => [name, copy(tensor)]));
  }

  writeState(values: Readonly<Record<string, Float32Array>>): void {
    this.checkAlive();
    const entries = Object.entries(values);
    for (const [name, array] of entries) {
      const spec = this.specs.get(name);
      if (!spec) throw badState(`There is no state "${name}".`);
      checkSize(name, spec.shape, array);
    }
    for (const [name, array] of entries) {
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

  private checkAlive(): void {
    if (this.disposed) throw new ProgramError('executor/disposed', 'The executor was disposed. Create another one.');
  }
}

function checkSize(name: string, shape: readonly number[], values: Float32Array): void {
  if (values.length === sizeOf(shape)) return;
  throw badState(`The state "${name}" has the shape [${shape.join(', ')}], but got ${values.length} numbers.`);
}

function badState(message: string): ProgramError {
  return new ProgramError('executor/bad-state', message);
}
