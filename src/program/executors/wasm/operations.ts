import type { ProgramNode } from '../../program';
import type { FunctionBody, Instruction } from './assembler';

/** Writes one operation: takes the locals of its inputs and leaves the result on the stack. */
export type Operation = (body: FunctionBody, inputs: readonly number[], node: ProgramNode) => void;

/** Pushes the inputs, then runs the instructions. */
function simple(...instructions: readonly Instruction[]): Operation {
  return (body, inputs) => {
    for (const input of inputs) body.get(input);
    body.op(...instructions);
  };
}

/** The instructions on the input and a number. */
function withNumber(value: number, instruction: Instruction): Operation {
  return (body, [x]) => {
    body.get(x);
    body.splat(value);
    body.op(instruction);
  };
}

function clamp(low: number, high: number): Operation {
  return (body, [x]) => {
    body.get(x);
    body.splat(low);
    body.op('f32x4.max');
    body.splat(high);
    body.op('f32x4.min');
  };
}

/** 1 where x is positive, alpha elsewhere, NaN where x is NaN. */
const step: Operation = (body, [x], { attributes }) => {
  body.splat(1);
  body.splat((attributes.alpha as number | undefined) ?? 0);
  body.get(x);
  body.splat(0);
  body.op('f32x4.gt', 'v128.bitselect');
  notANumber(body, x);
  body.op('v128.or');
};

/** All bits where x is NaN, none elsewhere: joined by `or`, it makes a NaN. */
function notANumber(body: FunctionBody, x: number): void {
  body.get(x);
  body.get(x);
  body.op('f32x4.ne');
}

const sign: Operation = (body, [x]) => {
  for (const [value, comparison] of [
    [1, 'f32x4.gt'],
    [-1, 'f32x4.lt'],
  ] as const) {
    body.splat(value);
    body.get(x);
    body.splat(0);
    body.op(comparison, 'v128.and');
  }
  body.op('v128.or');
  notANumber(body, x);
  body.op('v128.or');
};

const leakyRelu: Operation = (body, [x], { attributes }) => {
  body.get(x);
  body.get(x);
  body.splat((attributes.alpha as number | undefined) ?? 0.2);
  body.op('f32x4.mul');
  body.get(x);
  body.splat(0);
  body.op('f32x4.ge', 'v128.bitselect');
};

const square: Operation = (body, [x]) => {
  body.get(x);
  body.get(x);
  body.op('f32x4.mul');
};

/** dy where y is not negative, dy * (y + 1) elsewhere. */
const eluGradient: Operation = (body, [slope, y]) => {
  body.get(slope);
  body.get(slope);
  body.get(y);
  body.splat(1);
  body.op('f32x4.add', 'f32x4.mul');
  body.get(y);
  body.splat(0);
  body.op('f32x4.ge', 'v128.bitselect');
};

const squaredDifference: Operation = (body, [a, b]) => {
  for (let factor = 0; factor < 2; factor++) simple('f32x4.sub')(body, [a, b], unused);
  body.op('f32x4.mul');
};
const unused: ProgramNode = { kernel: '', inputs: {}, attributes: {}, outputs: [] };

/** Operations on floats that give floats. */
export const floatOperations: Readonly<Record<string, Operation>> = {
  Add: simple('f32x4.add'),
  Sub: simple('f32x4.sub'),
  Multiply: simple('f32x4.mul'),
  RealDiv: simple('f32x4.div'),
  Maximum: simple('f32x4.max'),
  Minimum: simple('f32x4.min'),
  SquaredDifference: squaredDifference,
  EluGrad: eluGradient,
  Abs: simple('f32x4.abs'),
  Neg: simple('f32x4.neg'),
  Sqrt: simple('f32x4.sqrt'),
  Ceil: simple('f32x4.ceil'),
  Floor: simple('f32x4.floor'),
  Round: simple('f32x4.nearest'),
  Square: square,
  Sign: sign,
  Step: step,
  Relu: withNumber(0, 'f32x4.max'),
  Relu6: clamp(0, 6),
  LeakyRelu: leakyRelu,
  ClipByValue: (body, inputs, node) => {
    const { clipValueMin, clipValueMax } = node.attributes as Record<'clipValueMin' | 'clipValueMax', number>;
    clamp(clipValueMin, clipValueMax)(body, inputs, node);
  },
  Reciprocal: (body, [x]) => {
    body.splat(1);
    body.get(x);
    body.op('f32x4.div');
  },
  Rsqrt: (body, [x]) => {
    body.splat(1);
    body.get(x);
    body.op('f32x4.sqrt', 'f32x4.div');
  },
  AddN: (body, [first, ...others]) => {
    body.get(first);
    for (const other of others) {
      body.get(other);
      body.op('f32x4.add');
    }
  },
};

/** Operations that give a mask: all bits where true. */
export const maskOperations: Readonly<Record<string, Operation>> = {
  Equal: simple('f32x4.eq'),
  NotEqual: simple('f32x4.ne'),
  Greater: simple('f32x4.gt'),
  GreaterEqual: simple('f32x4.ge'),
  Less: simple('f32x4.lt'),
  LessEqual: simple('f32x4.le'),
};

/** Operations on masks. */
export const logicalOperations: Readonly<Record<string, Operation>> = {
  LogicalAnd: simple('v128.and'),
  LogicalOr: simple('v128.or'),
  LogicalNot: simple('v128.not'),
};

/** A mask as numbers. */
export const maskToFloat: Operation = (body, [mask]) => {
  body.get(mask);
  body.splat(1);
  body.op('v128.and');
};

/** The second input where the first, a mask, is true, the third elsewhere. */
export const select: Operation = (body, [condition, yes, no]) => {
  body.get(yes);
  body.get(no);
  body.get(condition);
  body.op('v128.bitselect');
};

export interface Reduction {
  readonly start: number;
  readonly join: Instruction;
}

export const reductions: Readonly<Record<string, Reduction>> = {
  Sum: { start: 0, join: 'f32x4.add' },
  Mean: { start: 0, join: 'f32x4.add' },
  Prod: { start: 1, join: 'f32x4.mul' },
  Max: { start: -Infinity, join: 'f32x4.max' },
  Min: { start: Infinity, join: 'f32x4.min' },
};
