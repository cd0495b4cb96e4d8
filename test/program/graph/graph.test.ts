import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { optimize, traceProgram, type Program } from '../../../src/program';
import { GraphBuilder } from '../../../src/program/graph/builder';
import { printGraph } from '../../../src/program/graph/print';
import { inferenceGraph } from '../../../src/program/graph/programGraph';
import { kernelRules } from '../../../src/program/graph/kernels';
import { shapeRules } from '../../../src/program/tracing/shapes';
import { float } from '../support';

const rows = 7919;
const state = { 'layer/weights': Float32Array.from([1, 2, 3, 4, 5, 6]), 'layer/bias': Float32Array.of(0, 0) };

function predict(step: (x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor) => tf.Tensor): Program {
  const program = traceProgram({
    name: 'predict',
    inputs: { 'a row: x': float(rows, 3) },
    state: [
      { name: 'layer/weights', shape: [3, 2] },
      { name: 'layer/bias', shape: [2] },
      { name: 'unused', shape: [9] },
    ],
    step: (inputs, { 'layer/weights': weights, 'layer/bias': bias }) => ({
      outputs: { y: step(inputs['a row: x'] as tf.Tensor2D, weights as tf.Tensor2D, bias) },
    }),
  });
  return optimize(program, 'cpu');
}

test('a layer becomes a product, a bias and an activation, for any number of rows', () => {
  const program = predict((x, weights, bias) => tf.relu(tf.add(tf.matMul(x, weights), bias)));
  expect(printGraph(inferenceGraph(program, { state, freeRows: rows }))).toBe(
    `predict/a_row__x = Placeholder() {dtype: float32, shape: [-1, 3]}
layer/weights = Const() {dtype: float32, value: float32[3, 2] [1, 2, 3, 4, …]}
layer/bias = Const() {dtype: float32, value: float32[2] [0, 0]}
predict/MatMul = MatMul(predict/a_row__x, layer/weights) {T: float32, transpose_a: false, transpose_b: false}
predict/BiasAdd = BiasAdd(predict/MatMul, layer/bias) {T: float32}
predict/Relu = Relu(predict/BiasAdd) {T: float32}
signature "serving_default"
  input "a row: x": predict/a_row__x float32[-1, 3]
  output "y": predict/Relu float32[-1, 2]
`,
  );
});

test('reshapes and slices of columns take any number of rows', () => {
  const program = predict((x) => {
    const heads = tf.transpose(tf.reshape(tf.slice(x, [0, 1], [-1, 2]), [rows, 2, 1]), [1, 0, 2]);
    return tf.reshape(heads, [2 * rows, 1]);
  });
  const text = printGraph(inferenceGraph(program, { state, freeRows: rows }));
  expect(text).toContain('int32[2] [-1, 2]');
  expect(text).toContain('int32[3] [-1, 2, 1]');
  expect(text).toContain('output "y": predict/Reshape_1 float32[-1, 1]');
  expect(text).not.toContain(String(rows));
});

test('a graph that needs to know the number of rows is refused', () => {
  const program = predict((x) => tf.stack(tf.unstack(x, 0)));
  expect(() => inferenceGraph(program, { state, freeRows: rows })).toThrow(/kernel Unpack needs to know how many/);
});

test('state without values is refused', () => {
  const program = predict((x, weights) => tf.matMul(x, weights));
  expect(() => inferenceGraph(program, { state: {} })).toThrow(/lacks values of the state "layer\/weights"/);
});

test('an unknown kernel is refused', () => {
  const program = predict((x) => tf.exp(x));
  const odd = { ...program, nodes: program.nodes.map((node) => ({ ...node, kernel: 'Oddity' })) };
  expect(() => inferenceGraph(odd, { state })).toThrow('The engine native has no kernel Oddity');
});

test('every kernel that can be traced has a rule', () => {
  expect([...shapeRules.keys()].filter((kernel) => !kernelRules.has(kernel))).toEqual([]);
});

test('names are unique and such as TensorFlow takes', () => {
  const builder = new GraphBuilder();
  const names = ['a b', 'a b', 'A_b', '_x', 'a_b_1', 'ä'].map((name) => builder.add(name, 'NoOp', []));
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9.][A-Za-z0-9_.\-/]*$/);
});
