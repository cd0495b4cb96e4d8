import type { DataType, Program, ProgramNode, TensorSpec, ValueRef } from '../program';
import { sizeOf } from '../references';
import { rebuild, type Editor } from './rebuild';

/** What stands in a node's place: another value or node, or nothing better. */
type Rule = (node: ProgramNode, editor: Editor) => ValueRef | undefined;

const rules: Readonly<Record<string, Rule>> = {
  Identity: ({ inputs }) => inputs.x,
  Cast: ({ inputs, outputs }, editor) => {
    if (editor.specOf(inputs.x).dtype === outputs[0].dtype) return inputs.x;
    return undefined;
  },
  Reshape: (node, editor) => reshaped(node.inputs.x, node.outputs[0], editor, node),
  ExpandDims: (node, editor) => reshaped(node.inputs.input, node.outputs[0], editor),
  Transpose: transposed,
  Multiply: ({ inputs: { a, b }, outputs }, editor) =>
    unlessUniform(a, b, 1, outputs[0], editor) ??
    unlessUniform(b, a, 1, outputs[0], editor) ??
    timesStretched(a, b, outputs[0], editor) ??
    timesStretched(b, a, outputs[0], editor),
  Add: ({ inputs: { a, b }, outputs }, editor) =>
    unlessUniform(a, b, 0, outputs[0], editor) ?? unlessUniform(b, a, 0, outputs[0], editor),
  Sub: ({ inputs: { a, b }, outputs }, editor) => unlessUniform(a, b, 0, outputs[0], editor),
  RealDiv: ({ inputs: { a, b }, outputs }, editor) => unlessUniform(a, b, 1, outputs[0], editor),
  Pow: ({ inputs: { a, b }, outputs }, editor) => {
    if (uniformValue(b, editor) !== 2 || !sameShape(editor.specOf(a), outputs[0])) return undefined;
    return editor.emit({ kernel: 'Square', inputs: { x: a }, attributes: {}, outputs })[0];
  },
  AddN: (node, editor) => {
    const parts = Object.values(node.inputs);
    if (parts.length === 1) return parts[0];
    if (parts.length > 2) return undefined;
    const [a, b] = parts;
    return editor.emit({ kernel: 'Add', inputs: { a, b }, attributes: {}, outputs: node.outputs })[0];
  },
  Concat: ({ inputs }) => (Object.keys(inputs).length === 1 ? Object.values(inputs)[0] : undefined),
  Tile: sameAsInput,
  Slice: sameAsInput,
  PadV2: sameAsInput,
  Sum: reducedNothing,
  Max: reducedNothing,
  Min: reducedNothing,
  Prod: reducedNothing,
  Mean: reducedNothing,
};

/** Algebraic clean-up: what multiplies by one, adds zero, or moves nothing goes; double reshapes become one. */
export function simplify(program: Program): Program {
  return rebuild(program, (node, editor) => {
    const rule = Object.hasOwn(rules, node.kernel) ? rules[node.kernel] : undefined;
    const value = rule?.(node, editor);
    return value && [value];
  });
}

/** `value` where `other` is all `neutral` and does not change the shape. */
function unlessUniform(
  value: ValueRef,
  other: ValueRef,
  neutral: number,
  output: TensorSpec,
  editor: Editor,
): ValueRef | undefined {
  const spec = editor.specOf(value);
  if (!sameShape(spec, output) || spec.dtype !== output.dtype) return undefined;
  return uniformValue(other, editor) === neutral ? value : undefined;
}

/** Ones that only stretch a factor to the size that the other factor has need not be multiplied with. */
function timesStretched(factor: ValueRef, other: ValueRef, output: TensorSpec, editor: Editor): ValueRef | undefined {
  const inner = editor.nodeOf(factor);
  if (inner?.kernel !== 'Multiply' || !sameShape(editor.specOf(other), output)) return undefined;
  const { a, b } = inner.inputs;
  const stretched = uniformValue(b, editor) === 1 ? a : uniformValue(a, editor) === 1 ? b : undefined;
  if (!stretched) return undefined;
  return editor.emit({ kernel: 'Multiply', inputs: { a: stretched, b: other }, attributes: {}, outputs: [output] })[0];
}

/** The number that all elements of a constant are, or undefined. */
export function uniformValue(reference: ValueRef, editor: Editor): number | undefined {
  const values = editor.constantOf(reference)?.values;
  if (!values || values.length === 0) return undefined;
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}

function sameShape(left: TensorSpec, right: TensorSpec): boolean {
  return left.shape.length === right.shape.length && left.shape.every((size, index) => size === right.shape[index]);
}

function sameAsInput({ inputs: { x }, outputs }: ProgramNode, editor: Editor): ValueRef | undefined {
  return sameShape(editor.specOf(x), outputs[0]) ? x : undefined;
}

function reducedNothing({ inputs: { x }, outputs }: ProgramNode, editor: Editor): ValueRef | undefined {
  const { shape, dtype } = editor.specOf(x);
  if (sizeOf(shape) !== sizeOf(outputs[0].shape) || dtype !== outputs[0].dtype) return undefined;
  return reshaped(x, outputs[0], editor) ?? emitReshape(x, outputs[0], editor);
}

/** A reshape of a reshape, of a constant, or to the shape that is there already. */
function reshaped(x: ValueRef, output: TensorSpec, editor: Editor, node?: ProgramNode): ValueRef | undefined {
  const inner = editor.nodeOf(x);
  if (inner?.kernel === 'Reshape') {
    const source = inner.inputs.x;
    return sameShape(editor.specOf(source), output) ? source : emitReshape(source, output, editor);
  }
  if (sameShape(editor.specOf(x), output)) return x;
  const constant = editor.constantOf(x);
  if (constant) return editor.addConstant(constant.values, output);
  return node ? undefined : emitReshape(x, output, editor);
}

function emitReshape(x: ValueRef, output: TensorSpec, editor: Editor): ValueRef {
  const attributes = { shape: [...output.shape] };
  return editor.emit({ kernel: 'Reshape', inputs: { x }, attributes, outputs: [output] })[0];
}

/** A transpose that only moves dimensions of size one is a reshape; one of a transpose is one transpose. */
function transposed(node: ProgramNode, editor: Editor): ValueRef | undefined {
  const order = node.attributes.perm as readonly number[];
  const inner = editor.nodeOf(node.inputs.x);
  if (inner?.kernel === 'Transpose') {
    const perm = order.map((dimension) => (inner.attributes.perm as readonly number[])[dimension]);
    const joined = { ...node, inputs: inner.inputs, attributes: { ...node.attributes, perm } };
    return transposed(joined, editor) ?? editor.emit(joined)[0];
  }
  const { shape } = editor.specOf(node.inputs.x);
  const moved = order.filter((dimension) => shape[dimension] !== 1);
  if (!moved.every((dimension, index) => index === 0 || moved[index - 1] < dimension)) return undefined;
  return reshaped(node.inputs.x, node.outputs[0], editor);
}

/** The arithmetic of kernels whose result on equal numbers is one number. */
const scalarKernels: Readonly<Record<string, (...values: number[]) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Multiply: (a, b) => a * b,
  RealDiv: (a, b) => a / b,
  Neg: (x) => -x,
  Square: (x) => x * x,
  Sqrt: (x) => Math.sqrt(x),
  Maximum: (a, b) => Math.max(a, b),
  Minimum: (a, b) => Math.min(a, b),
  Cast: (x) => x,
  Tile: (x) => x,
  Transpose: (x) => x,
  ZerosLike: () => 0,
  OnesLike: () => 1,
};

/** Kernels whose result depends on the shape of their input alone. */
const shapeOnly: ReadonlySet<string> = new Set(['ZerosLike', 'OnesLike']);

/** Computes what is known beforehand: fills, and arithmetic on constants whose elements are all equal. */
export function foldConstants(program: Program): Program {
  return rebuild(program, (node, editor) => {
    const [output] = node.outputs;
    if (node.kernel === 'Fill') return [uniform(node.attributes.value as number, output, editor)];
    const compute = Object.hasOwn(scalarKernels, node.kernel) ? scalarKernels[node.kernel] : undefined;
    if (!compute) return undefined;
    const values = shapeOnly.has(node.kernel)
      ? []
      : Object.values(node.inputs).map((reference) => uniformValue(reference, editor));
    if (!values.every((value) => value !== undefined)) return undefined;
    if (output.dtype === 'int32' && node.kernel === 'Cast' && !values.every(Number.isInteger)) return undefined;
    return [uniform(compute(...values), output, editor)];
  });
}

function uniform(value: number, spec: TensorSpec, editor: Editor): ValueRef {
  return editor.addConstant(new arrays[spec.dtype](sizeOf(spec.shape)).fill(Number(value)), spec);
}

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const satisfies Record<
  DataType,
  unknown
>;
