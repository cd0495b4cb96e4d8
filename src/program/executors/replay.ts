import * as tf from '@tensorflow/tfjs-core';
import type { Program, TypedArray, Update, ValueRef } from '../program';
import { variadicKernels } from '../tracing/shapes';
import type { Device } from './device';
import { kernelOf } from './kernels';
import { liesInState, resultReferences, Slots } from '../references';
import { adamStep, momentumStep } from './updates';

/** One kernel call with everything about it looked up beforehand. */
interface Call {
  readonly kernel: tf.KernelFunc;
  readonly inputs: Record<string, tf.TensorInfo>;
  readonly names: readonly string[];
  readonly from: readonly number[];
  readonly attributes: Record<string, unknown>;
  readonly to: readonly number[];
  /** Slots that no later call reads. */
  readonly free: readonly number[];
}

/** A program that is ready to run. */
export interface Runner {
  run(inputs: Readonly<Record<string, TypedArray>>): Readonly<Record<string, TypedArray>>;
  dispose(): void;
}

/** Runs a program on a tfjs backend, kernel by kernel. */
export class Replay implements Runner {
  private readonly slots: Slots;
  private readonly values: tf.TensorInfo[];
  private readonly calls: readonly Call[];
  private readonly freeAtEnd: readonly number[];
  private readonly outputs: readonly (readonly [name: string, slot: number, array: TypedArray])[];

  constructor(
    private readonly device: Device,
    private readonly program: Program,
    private readonly state: readonly tf.TensorInfo[],
  ) {
    this.slots = new Slots(program);
    this.values = new Array<tf.TensorInfo>(this.slots.count);
    program.inputs.forEach(({ spec }, index) => {
      this.values[this.slots.of({ from: 'input', index })] = device.create(emptyArray(spec), spec);
    });
    state.forEach((tensor, index) => (this.values[this.slots.of({ from: 'state', index })] = tensor));
    program.constants.forEach(({ spec, values }, index) => {
      this.values[this.slots.of({ from: 'constant', index })] = device.create(values, spec);
    });
    const kept = new Set(resultReferences(program).map((reference) => this.slots.of(reference)));
    this.calls = planCalls(device, program, this.slots, kept);
    const first = this.slots.count - program.nodes.reduce((sum, { outputs }) => sum + outputs.length, 0);
    this.freeAtEnd = [...kept].filter((slot) => slot >= first);
    this.outputs = program.outputs.map(({ name, value, spec }) => [name, this.slots.of(value), emptyArray(spec)]);
  }

  run(inputs: Readonly<Record<string, TypedArray>>): Readonly<Record<string, TypedArray>> {
    const { device, values } = this;
    this.program.inputs.forEach(({ name }, index) => {
      device.view(values[index]).set(inputs[name]);
      device.changed(values[index]);
    });
    for (const call of this.calls) this.execute(call);
    for (const [, slot, array] of this.outputs) array.set(device.view(values[slot]));
    this.update();
    for (const slot of this.freeAtEnd) device.backend.disposeData(values[slot].dataId);
    return Object.fromEntries(this.outputs.map(([name, , array]) => [name, array]));
  }

  dispose(): void {
    const first = this.slots.of({ from: 'constant', index: 0 });
    this.program.inputs.forEach((_, index) => this.device.backend.disposeData(this.values[index].dataId));
    this.program.constants.forEach((_, index) => this.device.backend.disposeData(this.values[first + index].dataId));
  }

  private execute({ kernel, inputs, names, from, attributes, to, free }: Call): void {
    const { values } = this;
    const { backend } = this.device;
    for (let index = 0; index < names.length; index++) inputs[names[index]] = values[from[index]];
    const result = kernel({ inputs, attrs: attributes as tf.NamedAttrMap, backend });
    if (Array.isArray(result)) for (let index = 0; index < to.length; index++) values[to[index]] = result[index];
    else values[to[0]] = result;
    for (const slot of free) backend.disposeData(values[slot].dataId);
  }

  private update(): void {
    const { updates } = this.program;
    if (updates.length === 0) return;
    // Copies of what lies in state itself: updates read the values from before the step.
    const sources = updates.map((update) => this.sourceOf(update));
    const counts = new Set<number>();
    updates.forEach((update, index) => {
      this.apply(update, sources[index]);
      if (update.kind === 'adam') counts.add(update.stepCount);
    });
    for (const index of counts) {
      this.floats(index)[0] += 1;
      this.device.changed(this.state[index]);
    }
  }

  private sourceOf(update: Update): Float32Array | null {
    const reference = update.kind === 'assign' ? update.value : update.gradient;
    if (!liesInState(this.program, reference)) return null;
    return this.device.view(this.values[this.slots.of(reference)]).slice() as Float32Array;
  }

  private apply(update: Update, source: Float32Array | null): void {
    const read = (reference: ValueRef) => this.device.view(this.values[this.slots.of(reference)]) as Float32Array;
    const parameter = this.floats(update.state);
    switch (update.kind) {
      case 'assign':
        parameter.set(source ?? read(update.value));
        break;
      case 'adam': {
        const [first, second] = [this.floats(update.firstMoment), this.floats(update.secondMoment)];
        const [stepCount] = this.floats(update.stepCount);
        const [learningRate] = read(update.learningRate);
        adamStep(parameter, source ?? read(update.gradient), first, second, { ...update, stepCount, learningRate });
        break;
      }
      case 'momentum': {
        const [learningRate] = read(update.learningRate);
        const velocity = this.floats(update.velocity);
        momentumStep(parameter, source ?? read(update.gradient), velocity, { ...update, learningRate });
        break;
      }
    }
    this.device.changed(this.state[update.state]);
  }

  private floats(index: number): Float32Array {
    return this.device.view(this.state[index]) as Float32Array;
  }
}

function planCalls(device: Device, program: Program, slots: Slots, kept: ReadonlySet<number>): Call[] {
  const lastUse = new Map<number, number>();
  program.nodes.forEach(({ inputs }, node) => {
    for (const reference of Object.values(inputs))
      if (reference.from === 'node') lastUse.set(slots.of(reference), node);
  });
  const freeAfter = program.nodes.map((): number[] => []);
  program.nodes.forEach(({ outputs }, node) =>
    outputs.forEach((_, output) => {
      const slot = slots.of({ from: 'node', node, output });
      if (!kept.has(slot)) freeAfter[lastUse.get(slot) ?? node].push(slot);
    }),
  );
  return program.nodes.map(({ kernel, inputs, attributes, outputs }, node) => ({
    kernel: kernelOf(kernel, device.name),
    inputs: (variadicKernels.has(kernel) ? [] : {}) as Record<string, tf.TensorInfo>,
    names: Object.keys(inputs),
    from: Object.values(inputs).map((reference) => slots.of(reference)),
    attributes: structuredClone(attributes),
    to: outputs.map((_, output) => slots.of({ from: 'node', node, output })),
    free: freeAfter[node],
  }));
}

function emptyArray({ shape, dtype }: { readonly shape: readonly number[]; readonly dtype: string }): TypedArray {
  return tf.util.makeZerosTypedArray(tf.util.sizeFromShape([...shape]), dtype as 'float32');
}
