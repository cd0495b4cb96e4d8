import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { shapeRules } from '../../src/program/tracing/shapes';
import type { TensorSpec } from '../../src/program';
import { difference, float, prepared, runEager, runProgram, traceFunction, valuesFor, variants } from './support';
import type { StepFunction, Tensors } from './support';

interface Case {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly step: StepFunction;
}

const unary: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  abs: tf.abs,
  neg: tf.neg,
  square: tf.square,
  sign: tf.sign,
  ceil: tf.ceil,
  floor: tf.floor,
  round: tf.round,
  relu: tf.relu,
  relu6: (x) => tf.relu6(tf.mul(x, 5)),
  step: (x) => tf.step(x),
  'step with alpha': (x) => tf.step(x, 0.25),
  clip: (x) => tf.clipByValue(x, -0.5, 0.75),
  zerosLike: tf.zerosLike,
  onesLike: tf.onesLike,
  reverse: (x) => tf.reverse(x, 1),
  cumsum: (x) => tf.cumsum(x, 1),
  cumprod: (x) => tf.cumprod(x, 1),
  softmax: (x) => tf.softmax(x),
  logSoftmax: (x) => tf.logSoftmax(x),
  logSumExp: (x) => tf.logSumExp(x, 1),
  leakyRelu: (x) => tf.leakyRelu(x, 0.1),
  elu: tf.elu,
  selu: tf.selu,
  exp: tf.exp,
  expm1: tf.expm1,
  log: (x) => tf.log(tf.add(tf.abs(x), 0.1)),
  log1p: (x) => tf.log1p(tf.abs(x)),
  sqrt: (x) => tf.sqrt(tf.abs(x)),
  rsqrt: (x) => tf.rsqrt(tf.add(tf.abs(x), 0.1)),
  reciprocal: tf.reciprocal,
  sigmoid: tf.sigmoid,
  softplus: tf.softplus,
  erf: tf.erf,
  sin: tf.sin,
  cos: tf.cos,
  tan: (x) => tf.tan(tf.mul(x, 0.5)),
  asin: (x) => tf.asin(tf.mul(x, 0.4)),
  acos: (x) => tf.acos(tf.mul(x, 0.4)),
  atan: tf.atan,
  sinh: tf.sinh,
  cosh: tf.cosh,
  tanh: tf.tanh,
  asinh: tf.asinh,
  acosh: (x) => tf.acosh(tf.add(tf.abs(x), 1.1)),
  atanh: (x) => tf.atanh(tf.mul(x, 0.4)),
  isNaN: (x) => tf.isNaN(tf.log(x)),
  isInf: (x) => tf.isInf(tf.div(x, 0)),
  isFinite: (x) => tf.isFinite(tf.log(x)),
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1)),
  'cast to int32': (x) => tf.cast(x, 'int32'),
  'cast to bool': (x) => tf.cast(tf.relu(x), 'bool'),
  'cast to int32 and back': (x) => tf.cast(tf.cast(x, 'int32'), 'float32'),
  'all and any': (x) => tf.stack([tf.all(tf.greater(x, -1), 1), tf.any(tf.greater(x, 1.5), 1)]),
  'sum of all': (x) => tf.sum(x),
  'sum over rows': (x) => tf.sum(x, 0),
  'sum over columns': (x) => tf.sum(x, 1, true),
  'mean of all': (x) => tf.mean(x),
  'mean over rows': (x) => tf.mean(x, 0),
  max: (x) => tf.max(x, 1),
  'max over rows': (x) => tf.max(x, 0),
  min: (x) => tf.min(x),
  prod: (x) => tf.prod(x, 1),
  argMax: (x) => tf.argMax(x, 1),
  argMin: (x) => tf.argMin(x, 0),
  transpose: (x) => tf.transpose(x),
  reshape: (x) => tf.reshape(x, [-1]),
  expandDims: (x) => tf.expandDims(x, 1),
  'slice of rows': (x) => tf.slice(x, [2, 0], [3, 7]),
  'slice of columns': (x) => tf.slice(x, [0, 3], [-1, 4]),
  stridedSlice: (x) => tf.stridedSlice(x, [0, 1], [6, 7], [2, 3]),
  tile: (x) => tf.tile(x, [2, 3]),
  broadcastTo: (x) => tf.broadcastTo(tf.expandDims(x, 1), [6, 4, 7]),
  pad: (x) =>
    tf.pad(
      x,
      [
        [1, 0],
        [2, 3],
      ],
      0.5,
    ),
  mirrorPad: (x) =>
    tf.mirrorPad(
      x,
      [
        [1, 1],
        [2, 2],
      ],
      'reflect',
    ),
  standardised: (x) =>
    tf.div(tf.sub(x, tf.mean(x, 1, true)), tf.sqrt(tf.mean(tf.square(tf.sub(x, tf.mean(x, 1, true))), 1, true))),
  norm: (x) => tf.norm(x),
  diag: (x) => tf.diag(tf.slice(tf.reshape(x, [-1]), 0, 4)),
  fill: (x) => tf.add(x, tf.fill([6, 7], 3)),
  range: (x) => tf.add(x, tf.range(0, 7)),
  linspace: (x) => tf.add(x, tf.linspace(0, 1, 7)),
  'gather of constant rows': (x) => tf.gather(x, tf.tensor1d([5, 0, 0], 'int32')),
  'scatter of rows': (x) => tf.scatterND(tf.tensor2d([[7], [1], [2], [3], [4], [5]], [6, 1], 'int32'), x, [9, 7]),
  gatherND: (x) =>
    tf.gatherND(
      x,
      tf.tensor2d(
        [
          [1, 2],
          [5, 6],
        ],
        [2, 2],
        'int32',
      ),
    ),
};

const binary: Readonly<Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  floorDiv: tf.floorDiv,
  mod: tf.mod,
  pow: (a, b) => tf.pow(tf.abs(a), b),
  squaredDifference: tf.squaredDifference,
  atan2: tf.atan2,
  equal: (a, b) => tf.equal(tf.round(a), tf.round(b)),
  notEqual: (a, b) => tf.notEqual(tf.round(a), tf.round(b)),
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  logicalAnd: (a, b) => tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0)),
  logicalOr: (a, b) => tf.logicalOr(tf.greater(a, 0), tf.greater(b, 0)),
  logicalXor: (a, b) => tf.logicalXor(tf.greater(a, 0), tf.greater(b, 0)),
  logicalNot: (a, b) => tf.logicalNot(tf.greater(a, b)),
  'comparison as numbers': (a, b) => tf.mul(tf.cast(tf.greater(a, b), 'float32'), a),
  select: (a, b) => tf.where(tf.greater(tf.add(a, b), 0), tf.add(a, tf.zerosLike(b)), tf.add(tf.zerosLike(a), b)),
};

const pairs: Readonly<Record<string, readonly [TensorSpec, TensorSpec]>> = {
  'of one shape': [float(6, 7), float(6, 7)],
  'with a row': [float(6, 7), float(7)],
  'with a column': [float(6, 7), float(6, 1)],
  'with a scalar': [float(6, 7), float()],
  outer: [float(6, 1), float(1, 7)],
  'in the middle': [float(3, 5, 4), float(3, 1, 4)],
};

const products: Readonly<Record<string, readonly [number[], number[], boolean, boolean]>> = {
  plain: [[5, 7], [7, 3], false, false],
  'left transposed': [[7, 5], [7, 3], true, false],
  'right transposed': [[5, 7], [3, 7], false, true],
  'both transposed': [[7, 5], [3, 7], true, true],
  'one column': [[5, 7], [7, 1], false, false],
  'one row': [[1, 7], [7, 5], false, false],
  'wide and long': [[13, 17], [17, 21], false, false],
  'of whole blocks': [[12, 8], [8, 16], false, false],
  'of one term': [[9, 1], [1, 13], false, false],
  batched: [[4, 5, 7], [4, 7, 3], false, false],
  'batched, right transposed': [[4, 5, 7], [4, 3, 7], false, true],
  'batched, left transposed': [[4, 7, 5], [4, 7, 3], true, false],
};

const m = (x: tf.Tensor) => x as tf.Tensor2D;

const others: readonly Case[] = [
  {
    name: 'matMul with bias and relu',
    inputs: { a: float(5, 7), b: float(7, 3), c: float(3) },
    step: ({ a, b, c }) => tf.relu(tf.add(tf.matMul(a, b), c)),
  },
  {
    name: 'fused matMul',
    inputs: { a: float(5, 7), b: float(7, 3), c: float(3) },
    step: ({ a, b, c }) => tf.fused.matMul({ a, b, bias: c, activation: 'relu' }),
  },
  {
    name: 'addN',
    inputs: { a: float(4, 3), b: float(4, 3), c: float(4, 3) },
    step: ({ a, b, c }) => tf.addN([a, b, c]),
  },
  { name: 'concat of rows', inputs: { a: float(2, 3), b: float(4, 3) }, step: ({ a, b }) => tf.concat([a, b], 0) },
  { name: 'concat of columns', inputs: { a: float(4, 3), b: float(4, 5) }, step: ({ a, b }) => tf.concat([a, b], 1) },
  { name: 'stack', inputs: { a: float(4, 3), b: float(4, 3) }, step: ({ a, b }) => tf.stack([a, b], 1) },
  { name: 'unstack', inputs: { a: float(4, 3) }, step: ({ a }) => tf.unstack(a, 1) },
  { name: 'split', inputs: { a: float(4, 6) }, step: ({ a }) => tf.split(a, [1, 2, 3], 1) },
  { name: 'split of rows', inputs: { a: float(4, 6) }, step: ({ a }) => tf.split(a, 2, 0) },
  { name: 'topk', inputs: { a: float(4, 6) }, step: ({ a }) => Object.values(tf.topk(a, 2)) },
  { name: 'permutation', inputs: { a: float(3, 4, 5) }, step: ({ a }) => tf.transpose(a, [2, 0, 1]) },
  { name: 'batched transpose', inputs: { a: float(3, 4, 5) }, step: ({ a }) => tf.transpose(a, [0, 2, 1]) },
  { name: 'sum in the middle', inputs: { a: float(3, 4, 5) }, step: ({ a }) => tf.sum(a, 1) },
  { name: 'mean of outer and inner', inputs: { a: float(3, 4, 5) }, step: ({ a }) => tf.mean(a, [0, 2]) },
  { name: 'max of outer', inputs: { a: float(3, 4, 5) }, step: ({ a }) => tf.max(a, [0, 1], true) },
  {
    name: 'oneHot',
    inputs: { a: { shape: [5], dtype: 'int32' } },
    step: ({ a }) => tf.oneHot(a, 3),
  },
  {
    name: 'oneHot as numbers',
    inputs: { a: { shape: [5], dtype: 'int32' } },
    step: ({ a }) => tf.cast(tf.oneHot(a, 3), 'float32'),
  },
  {
    name: 'gather',
    inputs: { a: float(3, 4), b: { shape: [5], dtype: 'int32' } },
    step: ({ a, b }) => tf.gather(a, m(b)),
  },
  {
    name: 'unsortedSegmentSum',
    inputs: { a: float(5, 4), b: { shape: [5], dtype: 'int32' } },
    step: ({ a, b }) => tf.unsortedSegmentSum(a, b as tf.Tensor1D, 3),
  },
  {
    name: 'gradient of an embedding',
    inputs: { a: float(3, 4), b: { shape: [5], dtype: 'int32' } },
    step: ({ a, b }) => tf.grad((x: tf.Tensor) => tf.sum(tf.square(tf.gather(x, m(b)))))(a),
  },
  {
    name: 'numbers of int32',
    inputs: { a: { shape: [4, 3], dtype: 'int32' }, b: { shape: [4, 3], dtype: 'int32' } },
    step: ({ a, b }) => [tf.add(a, b), tf.mul(a, b), tf.sum(a, 1), tf.cast(tf.equal(a, b), 'float32'), tf.max(a)],
  },
  {
    name: 'a bool input',
    inputs: { a: { shape: [4, 3], dtype: 'bool' }, b: float(4, 3) },
    step: ({ a, b }) => [tf.where(a, b, tf.neg(b)), tf.mul(tf.cast(a, 'float32'), b), tf.logicalNot(a)],
  },
  { name: 'an input as output', inputs: { a: float(4, 3) }, step: ({ a }) => [a, tf.reshape(a, [12]), a] },
  { name: 'a constant as output', inputs: { a: float(4) }, step: () => tf.tensor1d([1, 2, 3]) },
  {
    name: 'values that are not finite',
    inputs: { a: float(2, 3) },
    step: ({ a }) => {
      const wild = tf.add(a, tf.tensor2d([NaN, Infinity, -Infinity, 0, NaN, 1], [2, 3]));
      return [
        tf.relu(wild),
        tf.max(tf.relu(wild)),
        tf.step(wild),
        tf.sum(wild),
        tf.maximum(wild, 0),
        tf.minimum(wild, 0),
        tf.matMul(wild, tf.ones([3, 2])),
        tf.relu(tf.add(tf.matMul(wild, tf.ones([3, 2])), tf.tensor1d([1, 2]))),
        tf.abs(wild),
        tf.mean(wild, 0),
        tf.mul(wild, tf.zerosLike(wild)),
        tf.clipByValue(wild, -1, 1),
      ];
    },
  },
];

const gradients: Readonly<Record<string, (x: tf.Tensor, y: tf.Tensor) => tf.Tensor>> = {
  'squared error': (x, y) => tf.losses.meanSquaredError(y, x),
  'absolute error': (x, y) => tf.losses.absoluteDifference(y, x),
  huber: (x, y) => tf.losses.huberLoss(y, x),
  'softmax cross-entropy': (x, y) => tf.losses.softmaxCrossEntropy(tf.softmax(y), x),
  'sigmoid cross-entropy': (x, y) => tf.losses.sigmoidCrossEntropy(tf.sigmoid(y), x),
  mask: (x, y) => tf.div(tf.sum(tf.mul(tf.square(x), tf.step(y))), tf.maximum(tf.sum(tf.step(y)), 1)),
  relu: (x, y) => tf.mul(tf.relu(x), y),
  elu: (x, y) => tf.mul(tf.elu(x), y),
  selu: (x, y) => tf.mul(tf.selu(x), y),
  leakyRelu: (x, y) => tf.mul(tf.leakyRelu(x), y),
  tanh: (x, y) => tf.mul(tf.tanh(x), y),
  sigmoid: (x, y) => tf.mul(tf.sigmoid(x), y),
  softplus: (x, y) => tf.mul(tf.softplus(x), y),
  softmax: (x, y) => tf.mul(tf.softmax(x), y),
  'max over columns': (x, y) => tf.mul(tf.max(x, 1), tf.max(y, 1)),
  maximum: (x, y) => tf.maximum(x, y),
  pow: (x, y) => tf.pow(tf.add(tf.abs(x), 0.5), y),
  select: (x, y) => tf.where(tf.tile(tf.tensor2d([[true], [false], [true], [true], [false]]), [1, 6]), tf.square(x), y),
  concat: (x, y) => tf.square(tf.concat([x, y], 1)),
  stack: (x, y) => tf.mul(tf.stack([x, y]), tf.stack([y, x])),
  split: (x, y) => tf.addN(tf.split(tf.mul(x, y), 3, 1).map((part, index) => tf.mul(part, index + 1))),
  slice: (x, y) => tf.mul(tf.slice(x, [1, 1], [3, 4]), tf.slice(y, [0, 2], [3, 4])),
  tile: (x, y) => tf.mul(tf.tile(x, [2, 1]), tf.tile(y, [2, 1])),
  products: (x, y) => tf.matMul(tf.matMul(x, y, false, true), tf.tanh(x)),
  attention: (x, y) => tf.matMul(tf.softmax(tf.div(tf.matMul(x, y, false, true), Math.sqrt(6))), y),
  'batched product': (x, y) => tf.matMul(tf.stack([x, y]), tf.stack([y, x]), false, true),
  'layer norm': (x, y) => {
    const { mean, variance } = tf.moments(x, 1, true);
    return tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), y);
  },
  'gated experts': (x, y) => {
    const gate = tf.expandDims(tf.softmax(tf.slice(y, [0, 0], [5, 2])), 2);
    return tf.sum(tf.mul(tf.stack([tf.relu(x), tf.tanh(x)], 1), gate), 1);
  },
};

const spread = { x: float(5, 6), y: float(5, 6) };
const cases: readonly Case[] = [
  ...Object.entries(unary).map(([name, apply]): Case => ({
    name,
    inputs: { x: float(6, 7) },
    step: ({ x }) => apply(x),
  })),
  ...Object.entries(pairs).flatMap(([pair, [a, b]]) =>
    Object.entries(binary).map(([name, apply]): Case => ({
      name: `${name} ${pair}`,
      inputs: { a, b },
      step: (tensors: Tensors) => apply(tensors.a, tensors.b),
    })),
  ),
  ...Object.entries(products).map(([name, [a, b, transposeA, transposeB]]): Case => ({
    name: `matMul, ${name}`,
    inputs: { a: float(...a), b: float(...b) },
    step: (tensors) => tf.matMul(tensors.a, tensors.b, transposeA, transposeB),
  })),
  ...others,
  ...Object.entries(gradients).map(([name, apply]): Case => ({
    name: `gradient of ${name}`,
    inputs: spread,
    step: ({ x, y }) => tf.grads((left: tf.Tensor, right: tf.Tensor) => tf.sum(apply(left, right)))([x, y]),
  })),
];

describe('a traced function gives what eager tfjs gives', () => {
  test.each(cases)('$name', async ({ inputs, step }) => {
    const values = valuesFor(inputs);
    const wanted = await runEager(inputs, values, step);
    const program = traceFunction(inputs, step);
    for (const variant of variants) {
      const found = await runProgram(prepared(program, variant), variant.engine, values);
      const differences = wanted.map((array, index) => difference(found[index], array));
      expect({ ...variant, differences }).toEqual({ ...variant, differences: wanted.map(() => undefined) });
    }
  });
});

test('every kernel that can be traced is met in these tests', () => {
  const met = new Set(
    cases.flatMap(({ inputs, step }) => traceFunction(inputs, step).nodes.map(({ kernel }) => kernel)),
  );
  expect([...shapeRules.keys()].filter((kernel) => !met.has(kernel))).toEqual([]);
});
