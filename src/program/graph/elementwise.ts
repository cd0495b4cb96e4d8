import type { DataType } from '../program';
import type { KernelCall, Operand } from './calls';
import { attribute } from './graph';

/** How a kernel is written in TensorFlow's operations: nodes are added; one reference per output of the kernel. */
export type KernelRule = (call: KernelCall) => readonly string[];

/** A row of a table: kernels that share a rule. */
export type KernelRow = readonly [rule: KernelRule, ...kernels: string[]];

/** One operand, and the operation of the kernel's own name. */
export function unary(dtype?: DataType): KernelRule {
  return (call) => {
    const [x] = call.operands;
    return [call.add(call.kernel, [call.cast(x, dtype ?? x.dtype)], { T: attribute.type(dtype ?? x.dtype) })];
  };
}

/** Two operands that are broadcast to each other. */
function binary(op?: string, dtype?: DataType): KernelRule {
  return (call) => {
    const [a, b] = call.operands;
    const inputs = [call.cast(a, dtype ?? a.dtype), call.cast(b, dtype ?? a.dtype)];
    return [call.add(op ?? call.kernel, inputs, { T: attribute.type(dtype ?? a.dtype) })];
  };
}

/** TensorFlow does not put truth values into an order. */
const order: KernelRule = (call) => {
  const [a, b] = call.operands;
  const dtype = a.dtype === 'bool' ? 'int32' : a.dtype;
  return [call.add(call.kernel, [call.cast(a, dtype), call.cast(b, dtype)], { T: attribute.type(dtype) })];
};

const logical: KernelRule = (call) => [
  call.add(
    call.kernel,
    call.operands.map((operand) => call.cast(operand, 'bool')),
  ),
];

/** A bias goes to the rows of a matrix by an operation of its own, which TensorFlow fuses with a matrix product. */
const add: KernelRule = (call) => {
  const [a, b] = call.operands;
  const biased = biasAdd(call, a, b) ?? biasAdd(call, b, a);
  return biased === undefined ? binary('AddV2')(call) : [biased];
};

function biasAdd(call: KernelCall, matrix: Operand, bias: Operand): string | undefined {
  const [output] = call.outputs;
  if (matrix.dtype !== 'float32' || matrix.shape.length !== 2 || bias.shape.length !== 1) return undefined;
  if (matrix.shape.join() !== output.shape.join() || bias.shape[0] !== output.shape[1]) return undefined;
  return call.add('BiasAdd', [matrix.reference, bias.reference], { T: attribute.type('float32') });
}

/** 1 above 0, `alpha` below and at it; not a number stays so. */
const step: KernelRule = (call) => {
  const [x] = call.operands;
  const T = attribute.type(x.dtype);
  const { alpha } = call.attributes as { readonly alpha?: number };
  const above = call.add('Relu', [call.add('Sign', [x.reference], { T })], { T });
  if (!alpha) return [above];
  const scaled = call.add('Mul', [above, call.scalar(1 - alpha, x.dtype)], { T });
  return [call.add('AddV2', [scaled, call.scalar(alpha, x.dtype)], { T })];
};

const clip: KernelRule = (call) => {
  const [x] = call.operands;
  const T = attribute.type(x.dtype);
  const { clipValueMin, clipValueMax } = call.attributes as Record<'clipValueMin' | 'clipValueMax', number>;
  const below = call.add('Minimum', [x.reference, call.scalar(clipValueMax, x.dtype)], { T });
  return [call.add('Maximum', [below, call.scalar(clipValueMin, x.dtype)], { T })];
};

const leakyRelu: KernelRule = (call) => {
  const [x] = call.operands;
  const attributes = { T: attribute.type(x.dtype), alpha: attribute.float(call.attributes.alpha as number) };
  return [call.add('LeakyRelu', [x.reference], attributes)];
};

/** Kernels whose inputs have the names that TensorFlow's operation of the same kind gives them, in its order. */
function gradient(op: string, ...names: readonly string[]): KernelRule {
  return (call) => [
    call.add(
      op,
      names.map((name) => call.operand(name).reference),
      { T: attribute.type(call.outputs[0].dtype) },
    ),
  ];
}

const cast: KernelRule = (call) => {
  const [x] = call.operands;
  const [{ dtype }] = call.outputs;
  return [x.dtype === dtype ? x.reference : call.cast(x, dtype)];
};

const identity: KernelRule = ({ operands: [{ reference }] }) => [reference];

const addMany: KernelRule = (call) => {
  const references = call.operands.map(({ reference }) => reference);
  const attributes = { N: attribute.int(references.length), T: attribute.type(call.outputs[0].dtype) };
  return [call.add('AddN', references, attributes)];
};

/** Its condition has the shape of the others, or is one for each of their rows. */
const select: KernelRule = (call) => {
  const [condition, t, e] = ['condition', 't', 'e'].map((name) => call.operand(name));
  const inputs = [call.cast(condition, 'bool'), t.reference, e.reference];
  return [call.add('Select', inputs, { T: attribute.type(t.dtype) })];
};

/** Kernels that compute each element by itself. */
export const elementwiseRows: readonly KernelRow[] = [
  [unary(), 'Abs', 'Neg', 'Square', 'Sign', 'Ceil', 'Floor', 'Round', 'Relu', 'Relu6', 'Elu', 'Selu', 'Softmax'],
  [unary(), 'ZerosLike', 'OnesLike'],
  [unary('float32'), 'Exp', 'Expm1', 'Log', 'Log1p', 'Sqrt', 'Rsqrt', 'Reciprocal', 'Sigmoid', 'Softplus', 'Erf'],
  [unary('float32'), 'Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan', 'Sinh', 'Cosh', 'Tanh', 'Asinh', 'Acosh', 'Atanh'],
  [unary('float32'), 'IsNan', 'IsInf', 'IsFinite'],
  [binary(), 'Sub', 'Maximum', 'Minimum', 'FloorDiv', 'Pow', 'SquaredDifference'],
  [binary(undefined, 'float32'), 'RealDiv', 'Atan2'],
  [binary('Mul'), 'Multiply'],
  [binary('FloorMod'), 'Mod'],
  [add, 'Add'],
  [addMany, 'AddN'],
  [binary(), 'Equal', 'NotEqual'],
  [order, 'Greater', 'GreaterEqual', 'Less', 'LessEqual'],
  [logical, 'LogicalAnd', 'LogicalOr', 'LogicalNot'],
  [step, 'Step'],
  [clip, 'ClipByValue'],
  [leakyRelu, 'LeakyRelu'],
  [gradient('EluGrad', 'dy', 'y'), 'EluGrad'],
  [gradient('ReluGrad', 'dy', 'y'), 'ReluGrad'],
  [cast, 'Cast'],
  [identity, 'Identity'],
  [select, 'Select'],
];
