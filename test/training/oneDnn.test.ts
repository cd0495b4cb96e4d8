import { expect, test } from 'vitest';
import { traceProgram } from '../../src/program';
import { prefersOneDnn } from '../../src/training/oneDnn';
import { adamStep, usualSize } from '../bench/model';

test('oneDNN is for large steps, and for those with a gradient per task', () => {
  const small = traceProgram(adamStep(usualSize, true));
  const wide = traceProgram(adamStep({ ...usualSize, shared: [512, 512], batch: 512 }, true));
  expect(prefersOneDnn(small, false)).toBe(false);
  expect(prefersOneDnn(small, true)).toBe(true);
  expect(prefersOneDnn(wide, false)).toBe(true);
});
