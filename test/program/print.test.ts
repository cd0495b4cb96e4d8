import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { optimize, printProgram, traceProgram } from '../../src/program';
import { float } from './support';

const program = traceProgram({
  name: 'regression',
  inputs: { x: float(4, 3), 'the "target"': float(4, 1), rate: float() },
  state: [
    { name: 'w', shape: [3, 1] },
    { name: 'w/m', shape: [3, 1] },
    { name: 'w/v', shape: [3, 1] },
    { name: 'steps', shape: [] },
    { name: 'history', shape: [2] },
    { name: 'old', shape: [3, 1] },
    { name: 'speed', shape: [3, 1] },
  ],
  step: ({ x, rate, ...rest }, { w, history, old }) => {
    const loss = (v: tf.Tensor) => tf.mean(tf.squaredDifference(tf.matMul(x, v), rest['the "target"']));
    const { value, grad } = tf.valueAndGrad(loss)(w);
    const [, last] = tf.split(history, 2);
    return {
      outputs: { loss: value },
      updates: [
        {
          kind: 'adam',
          state: 'w',
          gradient: grad,
          firstMoment: 'w/m',
          secondMoment: 'w/v',
          stepCount: 'steps',
          learningRate: rate,
          beta1: 0.9,
          beta2: 0.999,
          epsilon: 1e-7,
          weightDecay: 0.01,
        },
        { kind: 'assign', state: 'history', value: tf.concat([last, tf.reshape(value, [1])]) },
        {
          kind: 'momentum',
          state: 'old',
          gradient: tf.mul(old, [[1], [2], [3]]),
          velocity: 'speed',
          learningRate: rate,
          momentum: 0.9,
          weightDecay: 0,
        },
      ],
    };
  },
});

test('an optimized program reads like a list', () => {
  expect(printProgram(optimize(program, 'wasm'))).toMatchInlineSnapshot(`
    "program "regression"
      input 0 "x": f32[4, 3]
      input 1 "the \\"target\\"": f32[4, 1]
      input 2 "rate": f32[]
      state "w": f32[3, 1]
      state "w/m": f32[3, 1]
      state "w/v": f32[3, 1]
      state "steps": f32[]
      state "history": f32[2]
      state "old": f32[3, 1]
      state "speed": f32[3, 1]
      c0: f32[] = [2]
      c1: f32[3, 1] = [1, 2, 3]
      c2: f32[4, 1] = [0.25, 0.25, 0.25, 0.25]
      %0: f32[4, 1] = BatchMatMul(a="x", b="w") {transposeA: false, transposeB: false}
      %1: f32[4, 1] = SquaredDifference(a=%0, b="the \\"target\\"")
      %2: f32[] = Mean(x=%1) {keepDims: false}
      %3: f32[4, 1] = Sub(a=%0, b="the \\"target\\"")
      %4: f32[4, 1] = Multiply(a=c0, b=%3)
      %5: f32[4, 1] = Multiply(a=c2, b=%4)
      %6: f32[3, 4] = Transpose(x="x") {perm: [1,0]}
      %7: f32[3, 1] = BatchMatMul(a=%6, b=%5) {transposeA: false, transposeB: false}
      %8.0: f32[1], %8.1: f32[1] = SplitV(x="history") {numOrSizeSplits: 2, axis: 0}
      %9: f32[1] = Reshape(x=%2) {shape: [1]}
      %10: f32[2] = Concat(0=%8.1, 1=%9) {axis: 0}
      %11: f32[3, 1] = Multiply(a="old", b=c1)
      update "w" by adam(gradient=%7, first="w/m", second="w/v", steps="steps", rate="rate") {beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.01}
      update "history" = %10
      update "old" by momentum(gradient=%11, velocity="speed", rate="rate") {momentum: 0.9, weightDecay: 0}
      output "loss" = %2: f32[]
    "
  `);
});
