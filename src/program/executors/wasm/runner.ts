import * as tf from '@tensorflow/tfjs-core';
import type { Program, TensorSpec, TypedArray, Update, ValueRef } from '../../program';
import { liesInState, resultReferences, sizeOf } from '../../references';
import { variadicKernels } from '../../tracing/shapes';
import type { Device } from '../device';
import { kernelOf } from '../kernels';
import type { Runner } from '../replay';
import type { WasmBackend } from '../wasmDevice';
import { assemble, FunctionBody } from './assembler';
import { layOut } from './memory';
import { matrixProduct, scratchBytes } from './matrixProduct';
import { emitNest } from './nest';
import { adamFunction, momentumFunction } from './optimizers';
import { planUnits, type Plan } from './plan';
import type { Product, Unit } from './units';

type WasmDevice = Device & { readonly backend: WasmBackend };
type Operation = () => void;
type Numbers = (...values: number[]) => void;

/** The place of a value in the engine's memory. */
interface Place {
  readonly tensor: tf.TensorInfo;
  readonly id: number;
  readonly address: number;
}

/**
 * Runs a program on WASM with everything decided beforehand: all values have fixed addresses, and elementwise work,
 * reductions, data movement and matrix products run in code that is assembled for the program. tfjs's kernels do the
 * rest.
 */
export class WasmRunner implements Runner {
  private readonly plan: Plan;
  private readonly places: Place[];
  private readonly specs: readonly TensorSpec[];
  private readonly operations: readonly Operation[];
  private readonly updates: readonly Operation[];
  private readonly outputs: readonly (readonly [name: string, slot: number, array: TypedArray])[];
  private readonly made: tf.TensorInfo[] = [];
  private readonly aliases: tf.TensorInfo[] = [];
  private readonly allocations: number[] = [];
  private readonly ids: number[] = [];

  constructor(
    private readonly device: WasmDevice,
    private readonly program: Program,
    private readonly state: readonly tf.TensorInfo[],
  ) {
    this.plan = planUnits(program);
    this.specs = [
      ...program.inputs.map(({ spec }) => spec),
      ...program.state.map(({ shape }): TensorSpec => ({ shape, dtype: 'float32' })),
      ...program.constants.map(({ spec }) => spec),
      ...program.nodes.flatMap(({ outputs }) => outputs),
    ];
    this.places = this.place();
    const { functions, positions } = this.assembled();
    const exported = instantiate(functions, device.backend.wasm.asm.memory);
    this.operations = this.plan.units.flatMap((unit, index) => this.operationsOf(unit, exported[positions[index]]));
    this.updates = this.updateOperations(exported[0], exported[1]);
    this.outputs = program.outputs.map(({ name, value, spec }) => [name, this.plan.slots.of(value), emptyArray(spec)]);
  }

  run(inputs: Readonly<Record<string, TypedArray>>): Readonly<Record<string, TypedArray>> {
    const { device, places, operations, updates } = this;
    this.program.inputs.forEach(({ name }, index) => device.view(places[index].tensor).set(inputs[name]));
    for (let index = 0; index < operations.length; index++) operations[index]();
    for (const [, slot, array] of this.outputs) array.set(device.view(places[slot].tensor));
    for (let index = 0; index < updates.length; index++) updates[index]();
    return Object.fromEntries(this.outputs.map(([name, , array]) => [name, array]));
  }

  dispose(): void {
    const { backend } = this.device;
    for (const id of this.ids) backend.wasm.tfjs.disposeData(id);
    for (const { dataId } of this.aliases) backend.dataIdMap.delete(dataId);
    for (const { dataId } of this.made) backend.disposeData(dataId);
    for (const address of this.allocations) backend.wasm._free(address);
  }

  /** Gives every value its memory: inputs and constants their own, results of nodes a part of one block. */
  private place(): Place[] {
    const { program, plan, device, specs } = this;
    const own = (tensor: tf.TensorInfo): Place => {
      const { id, memoryOffset } = device.backend.dataIdMap.get(tensor.dataId);
      return { tensor, id, address: memoryOffset };
    };
    const create = (spec: TensorSpec, values: TypedArray): Place => {
      const tensor = device.create(values, spec);
      this.made.push(tensor);
      return own(tensor);
    };
    const kept = new Set(resultReferences(program).map((reference) => plan.owner[plan.slots.of(reference)]));
    const bytes = (slot: number) => sizeOf(specs[slot].shape) * (specs[slot].dtype === 'bool' ? 1 : 4);
    const layout = layOut(plan.units, bytes, kept);
    const block = create({ shape: [layout.size / 4 + 16], dtype: 'float32' }, new Float32Array(layout.size / 4 + 16));
    const start = Math.ceil(block.address / 64) * 64;
    const places = [
      ...program.inputs.map(({ spec }) => create(spec, emptyArray(spec))),
      ...this.state.map(own),
      ...program.constants.map(({ spec, values }) => create(spec, values)),
    ];
    for (let slot = places.length; slot < specs.length; slot++) {
      const owner = plan.owner[slot];
      const offset = layout.offsets.get(owner);
      const address = owner < slot ? places[owner].address : offset === undefined ? null : start + offset;
      if (address !== null) places[slot] = this.alias(specs[slot], address);
    }
    return places;
  }

  /** A tensor on memory that belongs to another. */
  private alias({ shape, dtype }: TensorSpec, address: number): Place {
    const { backend } = this.device;
    const id = this.register(sizeOf(shape), address);
    const tensor: tf.TensorInfo = { dataId: {}, shape: [...shape], dtype };
    backend.dataIdMap.set(tensor.dataId, { ...tensor, id, memoryOffset: address, refCount: 1 });
    this.aliases.push(tensor);
    return { tensor, id, address };
  }

  private register(size: number, address: number): number {
    const { backend } = this.device;
    const id = backend.dataIdNextNumber++;
    backend.wasm.tfjs.registerTensor(id, size, address);
    this.ids.push(id);
    return id;
  }

  /** The functions that the units need, the optimizers' first, and for each unit the position of its own. */
  private assembled(): { readonly functions: readonly FunctionBody[]; readonly positions: readonly number[] } {
    const functions: FunctionBody[] = [adamFunction(), momentumFunction()];
    const shared = this.plan.units.map((unit) => (unit.kind === 'product' ? scratchBytes(unit.product) : 0));
    const scratch = this.allocate(shared.reduce((most, bytes) => Math.max(most, bytes), 0));
    const products = new Map<string, number>();
    const positions = this.plan.units.map((unit) => {
      if (unit.kind === 'kernel') return -1;
      if (unit.kind === 'loops') return functions.push(this.loops(unit)) - 1;
      const { rows, shared: inner, columns, bias } = unit.product;
      const shape = { rows, shared: inner, columns, bias: bias !== undefined };
      const key = JSON.stringify(shape);
      const position = products.get(key) ?? functions.push(matrixProduct(shape, scratch)) - 1;
      products.set(key, position);
      return position;
    });
    return { functions, positions };
  }

  private loops(unit: Extract<Unit, { kind: 'loops' }>): FunctionBody {
    const body = new FunctionBody();
    for (const nest of unit.nests((slot) => this.places[slot].address)) emitNest(body, nest);
    return body;
  }

  private allocate(bytes: number): number {
    const address = this.device.backend.wasm._malloc(Math.max(16, bytes)) >>> 0;
    this.allocations.push(address);
    return address;
  }

  private operationsOf(unit: Unit, assembled: Numbers): readonly Operation[] {
    switch (unit.kind) {
      case 'loops':
        return [assembled];
      case 'product':
        return this.productOperations(unit.product, assembled);
      case 'kernel':
        return [this.kernelOperation(unit)];
    }
  }

  private productOperations(product: Product, multiply: Numbers): readonly Operation[] {
    const { rows, shared, columns, batch } = product;
    const [left, right, output] = [product.left, product.right, product.output].map(
      (slot) => this.places[slot].address,
    );
    const bias = product.bias === undefined ? 0 : this.places[product.bias].address;
    return batch.map((positions, index) => {
      const leftMatrix = left + 4 * positions.left * rows * shared;
      const rightMatrix = right + 4 * positions.right * shared * columns;
      const outputMatrix = output + 4 * index * rows * columns;
      return () => multiply(leftMatrix, rightMatrix, outputMatrix, bias);
    });
  }

  private kernelOperation({ node, inputs, outputs }: Extract<Unit, { kind: 'kernel' }>): Operation {
    const { device, places, specs } = this;
    const { backend } = device;
    const kernel = kernelOf(node.kernel, 'wasm');
    const given = Object.entries(inputs).map(([name, slot]) => [name, places[slot].tensor] as const);
    const tensors = variadicKernels.has(node.kernel) ? given.map(([, tensor]) => tensor) : Object.fromEntries(given);
    const attrs = structuredClone(node.attributes) as tf.NamedAttrMap;
    const call = { inputs: tensors as tf.NamedTensorInfoMap, attrs, backend };
    const changing = given.map(([, tensor]) => tensor);
    return () => {
      for (const tensor of changing) device.changed(tensor);
      const result = kernel(call);
      const results = Array.isArray(result) ? result : [result];
      for (let index = 0; index < outputs.length; index++) {
        const { memoryOffset } = backend.dataIdMap.get(results[index].dataId);
        const { shape, dtype } = specs[outputs[index]];
        const bytes = sizeOf(shape) * (dtype === 'bool' ? 1 : 4);
        backend.wasm.HEAPU8.copyWithin(places[outputs[index]].address, memoryOffset, memoryOffset + bytes);
        backend.disposeData(results[index].dataId);
      }
    };
  }

  private updateOperations(adam: Numbers, momentum: Numbers): readonly Operation[] {
    const { updates } = this.program;
    const before: Operation[] = [];
    const during = updates.map((update) => this.updateOperation(update, this.sourceOf(update, before), adam, momentum));
    const counts = new Set(updates.flatMap((update) => (update.kind === 'adam' ? [update.stepCount] : [])));
    const after = [...counts].map((index) => () => {
      (this.device.view(this.state[index]) as Float32Array)[0] += 1;
    });
    return [...before, ...during, ...after];
  }

  /** The address of what an update reads; what lies in state is copied first, because the updates change it. */
  private sourceOf(update: Update, before: Operation[]): number {
    const reference = update.kind === 'assign' ? update.value : update.gradient;
    const { address } = this.placeOf(reference);
    if (!liesInState(this.program, reference)) return address;
    const { wasm } = this.device.backend;
    const bytes = 4 * sizeOf(this.program.state[update.state].shape);
    const copy = this.allocate(bytes);
    before.push(() => wasm.HEAPU8.copyWithin(copy, address, address + bytes));
    return copy;
  }

  private updateOperation(update: Update, source: number, adam: Numbers, momentum: Numbers): Operation {
    const { device } = this;
    const size = sizeOf(this.program.state[update.state].shape);
    const [fours, ones] = [Math.floor(size / 4), size % 4];
    const parameter = this.stateAddress(update.state);
    if (update.kind === 'assign') {
      return () => device.backend.wasm.HEAPU8.copyWithin(parameter, source, source + 4 * size);
    }
    const rate = this.placeOf(update.learningRate).tensor;
    if (update.kind === 'momentum') {
      const velocity = this.stateAddress(update.velocity);
      return () => {
        const learningRate = device.view(rate)[0];
        const keep = 1 - learningRate * update.weightDecay;
        momentum(parameter, source, velocity, fours, ones, learningRate, update.momentum, keep);
      };
    }
    const { beta1, beta2, epsilon, weightDecay } = update;
    const [first, second] = [this.stateAddress(update.firstMoment), this.stateAddress(update.secondMoment)];
    const count = this.state[update.stepCount];
    return () => {
      const learningRate = device.view(rate)[0];
      const time = device.view(count)[0] + 1;
      const corrected = (learningRate * Math.sqrt(1 - beta2 ** time)) / (1 - beta1 ** time);
      const keep = 1 - learningRate * weightDecay;
      adam(parameter, source, first, second, fours, ones, corrected, beta1, 1 - beta1, beta2, 1 - beta2, epsilon, keep);
    };
  }

  private placeOf(reference: ValueRef): Place {
    return this.places[this.plan.slots.of(reference)];
  }

  private stateAddress(index: number): number {
    return this.places[this.plan.slots.of({ from: 'state', index })].address;
  }
}

function instantiate(functions: readonly FunctionBody[], memory: WebAssembly.Memory): readonly Numbers[] {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble(functions)), { host: { memory } });
  return functions.map((_, index) => exports[String(index)] as Numbers);
}

function emptyArray({ shape, dtype }: TensorSpec): TypedArray {
  return tf.util.makeZerosTypedArray(sizeOf(shape), dtype);
}
