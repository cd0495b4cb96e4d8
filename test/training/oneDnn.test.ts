import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { traceProgram } from '../../src/program';
import { prefersOneDnn } from '../../src/training/oneDnn';
import { adamStep, usualSize } from '../bench/model';
import { float, traceFunction } from '../program/support';

test('oneDNN is for large steps, for those with a gradient per task, and for stacks of matrices', () => {
  const small = traceProgram(adamStep(usualSize, false));
  const wide = traceProgram(adamStep({ ...usualSize, shared: [512, 512], batch: 512 }, false));
  expect(prefersOneDnn(small, false)).toBe(false);
  expect(prefersOneDnn(small, true)).toBe(true);
  expect(prefersOneDnn(wide, false)).toBe(true);
  const stacks = traceFunction({ x: float(8, 16, 4), w: float(8, 4, 4) }, ({ x, w }) => tf.matMul(x, w));
  expect(prefersOneDnn(stacks, false)).toBe(true);
  const flat = traceFunction({ x: float(1, 16, 4), w: float(1, 4, 4) }, ({ x, w }) => tf.matMul(x, w));
  expect(prefersOneDnn(flat, false)).toBe(false);
});
