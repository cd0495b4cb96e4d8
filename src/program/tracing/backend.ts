import * as tf from '@tensorflow/tfjs-core';
// The gradients of all kernels, which tfjs-core does not register by itself. After tfjs-core, whose engine they share.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { ProgramError } from '../errors';
import type { DataType, Program, ProgramNode, TensorSpec, TypedArray, ValueRef } from '../program';
import type { Layout } from './layout';
import { shapeRules, type Attributes } from './shapes';
import type { Spread } from './spread';
import { applySpread, type Operand } from './spreadRules';

/** The name under which the tracing backend is known to tfjs while a trace lasts. */
export const traceBackendName = 'program-trace';

type DataId = tf.TensorInfo['dataId'];
type Constant = Program['constants'][number];

interface Traced {
  readonly reference: ValueRef;
  references: number;
  /** Set where the tensor stands for one tensor per entry of a vector: what the reference holds then. */
  readonly spread?: { readonly layout: Layout; readonly stored: readonly number[] };
}

/** A backend that computes nothing: its kernels infer shapes and write down nodes. */
export class TraceBackend extends tf.KernelBackend {
  readonly nodes: ProgramNode[] = [];
  readonly constants: Constant[] = [];
  private readonly traced = new Map<DataId, Traced>();
  private readonly tensors = new Set<tf.Tensor>();

  /** A tensor that stands for an input or a state tensor. */
  placeholder(reference: ValueRef, { shape, dtype }: TensorSpec, spread?: Traced['spread']): tf.Tensor {
    const dataId = {};
    this.traced.set(dataId, { reference, references: 1, ...(spread && { spread }) });
    const tensor = tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype }, this);
    this.tensors.add(tensor);
    return tensor;
  }

  /** Where a tensor's value comes from; one that was made outside of the trace becomes a constant. */
  referenceOf(tensor: tf.TensorInfo): ValueRef {
    const known = this.traced.get(tensor.dataId);
    if (known) return known.reference;
    const values = tf.engine().readSync(tensor.dataId);
    const reference = this.addConstant(values, tensor.shape, tensor.dtype);
    this.traced.set(tensor.dataId, { reference, references: Infinity });
    return reference;
  }

  record(kernel: string, inputs: tf.NamedTensorInfoMap, attributes: Attributes): tf.Tensor | tf.Tensor[] {
    const given = Object.entries(inputs as Record<string, tf.Tensor | null | undefined>).flatMap(([name, tensor]) =>
      tensor ? [[name, tensor] as const] : [],
    );
    const rule = shapeRules.get(kernel);
    if (!rule) throw new ProgramError('trace/unknown-kernel', `There is no shape rule for the kernel ${kernel}.`);
    const specs = given.map(([name, { shape, dtype }]) => [name, { shape, dtype: dtype as DataType }] as const);
    const outputs = rule(Object.fromEntries(specs), attributes);
    if (given.some(([, tensor]) => this.layoutOf(tensor))) {
      const results = this.recordSpread(kernel, given, attributes, outputs);
      return manyOutputs.has(kernel) ? results : results[0];
    }
    const references = given.map(([name, tensor]) => [name, this.referenceOf(tensor)] as const);
    for (const [, tensor] of given) if (this.owns(tensor)) this.tensors.add(tensor);
    const node = this.nodes.length;
    this.nodes.push({ kernel, inputs: Object.fromEntries(references), attributes: plain(attributes), outputs });
    const results = outputs.map((spec, output) => this.placeholder({ from: 'node', node, output }, spec));
    return manyOutputs.has(kernel) ? results : results[0];
  }

  /** A tensor that stands for one per entry of a vector; what kernels make of it is spread as well. */
  spread({ value, shape, layout }: Spread): tf.Tensor {
    const spec = { shape, dtype: value.dtype as DataType };
    return this.placeholder(this.referenceOf(value), spec, { layout, stored: [...value.shape] });
  }

  /** How a tensor lies in memory; a layout only where it is spread. */
  operandOf(tensor: tf.Tensor): Operand {
    const { shape, dtype } = tensor;
    const spread = this.traced.get(tensor.dataId)?.spread;
    if (!spread) return { value: tensor, shape };
    const stored = { shape: spread.stored, dtype: dtype as DataType };
    return { value: this.placeholder(this.referenceOf(tensor), stored), shape, layout: spread.layout };
  }

  private layoutOf(tensor: tf.Tensor): Layout | undefined {
    return this.traced.get(tensor.dataId)?.spread?.layout;
  }

  private recordSpread(
    kernel: string,
    given: readonly (readonly [name: string, tensor: tf.Tensor])[],
    attributes: Attributes,
    outputs: readonly TensorSpec[],
  ): tf.Tensor[] {
    const operands = given.map(([name, tensor]) => [name, this.operandOf(tensor)] as const);
    const shapes = outputs.map(({ shape }) => shape);
    const results = applySpread(kernel, Object.fromEntries(operands), attributes, shapes);
    if (results) return results.map((result) => this.spread(result));
    const message = `The way back of a gradient goes through the kernel ${kernel}, of which there is no rule for gradients of several entries. Write the step with other operations.`;
    throw new ProgramError('trace/not-linear', message);
  }

  /** Disposes every tensor of the trace that is still alive, kept ones included. */
  release(): void {
    for (const tensor of this.tensors) if (!tensor.isDisposed) tensor.dispose();
    this.tensors.clear();
    this.traced.clear();
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): DataId {
    const dataId = {};
    this.traced.set(dataId, { reference: this.addConstant(values, shape, dtype), references: 1 });
    return dataId;
  }

  override move(dataId: DataId, values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): void {
    this.traced.set(dataId, { reference: this.addConstant(values, shape, dtype), references: 1 });
  }

  override readSync(dataId: DataId): TypedArray {
    const reference = this.traced.get(dataId)?.reference;
    if (reference?.from === 'constant') return this.constants[reference.index].values;
    throw new ProgramError(
      'trace/reads-value',
      'The step reads the value of a tensor while it is traced, but values exist only when the program runs. ' +
        'Do without dataSync, data, arraySync, array, bufferSync and print inside the step, and return what is to be read as an output.',
    );
  }

  override async read(dataId: DataId): Promise<TypedArray> {
    return this.readSync(dataId);
  }

  override incRef(dataId: DataId): void {
    const known = this.traced.get(dataId);
    if (known) known.references += 1;
  }

  override refCount(dataId: DataId): number {
    return this.traced.get(dataId)?.references ?? 0;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const known = this.traced.get(dataId);
    if (!known) return true;
    known.references -= 1;
    return force || known.references <= 0;
  }

  override numDataIds(): number {
    return this.traced.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    this.release();
  }

  private owns(tensor: tf.TensorInfo): boolean {
    const references = this.traced.get(tensor.dataId)?.references;
    return references !== undefined && references !== Infinity;
  }

  private addConstant(values: tf.backend_util.BackendValues, shape: readonly number[], dtype: tf.DataType): ValueRef {
    const spec = { shape: [...shape], dtype: dtype as DataType };
    this.constants.push({ spec, values: typedCopy(values, spec.dtype) });
    return { from: 'constant', index: this.constants.length - 1 };
  }
}

/** Kernels that give an array of tensors, even when it holds just one. */
const manyOutputs: ReadonlySet<string> = new Set(['SplitV', 'Unpack', 'TopK']);

function typedCopy(values: tf.backend_util.BackendValues, dtype: DataType): TypedArray {
  const numbers = values as ArrayLike<number>;
  switch (dtype) {
    case 'float32':
      return Float32Array.from(numbers);
    case 'int32':
      return Int32Array.from(numbers);
    case 'bool':
      return Uint8Array.from(numbers);
  }
}

/** A copy that later changes of the caller's arrays cannot reach, without the entries that are not set. */
function plain(attributes: Attributes): Attributes {
  const entries = Object.entries(attributes).filter(([, value]) => value !== undefined && value !== null);
  return structuredClone(Object.fromEntries(entries));
}

for (const kernelName of shapeRules.keys()) {
  tf.registerKernel({
    kernelName,
    backendName: traceBackendName,
    kernelFunc: ({ inputs, attrs, backend }) => (backend as TraceBackend).record(kernelName, inputs, attrs ?? {}),
  });
}
