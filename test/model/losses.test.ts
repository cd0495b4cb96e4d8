import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import { maskedMeans, maskedSums, rowLosses } from '../../src/model/losses';

beforeAll(() => tf.setBackend('cpu'));

const heads = (values: readonly number[], outputs = 1) =>
  tf.tensor3d([...values], [values.length / outputs, 1, outputs]);
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const targets = (values: readonly number[]) => tf.tensor2d([...values], [values.length, 1]);

describe('the loss of a row', () => {
  test.each([
    { loss: 'squared-error', kind: 'regression', value: 3, target: 1, expected: 4 },
    { loss: 'absolute-error', kind: 'regression', value: -3, target: 1, expected: 4 },
    { loss: 'huber', kind: 'regression', value: 1.5, target: 1, expected: 0.125 },
    { loss: 'huber', kind: 'regression', value: -3, target: 1, expected: 3.5 },
    { loss: 'cross-entropy', kind: 'binary', value: 2, target: 1, expected: -Math.log(sigmoid(2)) },
    { loss: 'cross-entropy', kind: 'binary', value: 2, target: 0, expected: -Math.log(1 - sigmoid(2)) },
    { loss: 'cross-entropy', kind: 'binary', value: 80, target: 0, expected: 80 },
    { loss: 'cross-entropy', kind: 'binary', value: -80, target: 1, expected: 80 },
  ] as const)('$loss of $value for $target ($kind)', ({ loss, kind, value, target, expected }) => {
    const [row] = rowLosses(loss, kind, heads([value]), targets([target])).dataSync();
    expect(row).toBeCloseTo(expected, 5);
  });

  test.each([
    { loss: 'squared-error', kind: 'regression', value: 3, target: 1, slope: 4 },
    { loss: 'absolute-error', kind: 'regression', value: -3, target: 1, slope: -1 },
    { loss: 'huber', kind: 'regression', value: 1.5, target: 1, slope: 0.5 },
    { loss: 'huber', kind: 'regression', value: -3, target: 1, slope: -1 },
    { loss: 'cross-entropy', kind: 'binary', value: 2, target: 1, slope: sigmoid(2) - 1 },
    { loss: 'cross-entropy', kind: 'binary', value: 0, target: 0, slope: 0.5 },
    { loss: 'cross-entropy', kind: 'binary', value: 200, target: 0, slope: 1 },
    { loss: 'cross-entropy', kind: 'binary', value: -200, target: 1, slope: -1 },
  ] as const)('slope of $loss at $value for $target ($kind)', ({ loss, kind, value, target, slope }) => {
    const objective = (z: tf.Tensor) => tf.sum(rowLosses(loss, kind, z as tf.Tensor3D, targets([target])));
    expect(
      tf
        .grad(objective)(heads([value]))
        .dataSync()[0],
    ).toBeCloseTo(slope, 5);
  });

  test('of several classes, with logits far apart', () => {
    const logits = heads([1, 2, 3, 1000, 0, -1000], 3);
    const losses = rowLosses('cross-entropy', 'multiclass', logits, targets([0, 1])).dataSync();
    const total = Math.exp(1) + Math.exp(2) + Math.exp(3);
    expect(losses[0]).toBeCloseTo(Math.log(total) - 1, 5);
    expect(losses[1]).toBe(1000);
    const objective = (z: tf.Tensor) =>
      tf.sum(rowLosses('cross-entropy', 'multiclass', z as tf.Tensor3D, targets([0, 1])));
    const slopes = tf.grad(objective)(logits).dataSync();
    [Math.exp(1) / total - 1, Math.exp(2) / total, Math.exp(3) / total, 1, -1, 0].forEach((slope, position) =>
      expect(slopes[position]).toBeCloseTo(slope, 5),
    );
  });
});

test('means are over labelled rows, head by head, and 0 without one', () => {
  const losses = tf.tensor2d([1, 10, 5, 2, 20, 5, 3, 30, 5], [3, 3]);
  const mask = tf.tensor2d([1, 0, 0, 1, 1, 0, 0, 1, 0], [3, 3]);
  const { sums, counts } = maskedSums(losses, mask);
  expect([...counts.dataSync()]).toEqual([2, 2, 0]);
  expect([...maskedMeans(sums, counts).dataSync()]).toEqual([1.5, 25, 0]);
});
