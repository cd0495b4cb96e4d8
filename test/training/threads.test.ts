import { expect, test } from 'vitest';
import { traceProgram } from '../../src/program';
import { chooseThreads } from '../../src/training/threads';
import { adamStep, usualSize } from '../bench/model';

test('small models get one thread, wide ones all cores', () => {
  expect(chooseThreads(traceProgram(adamStep(usualSize, true)), 8)).toBe(1);
  const wide = { tasks: 10, inputs: 512, shared: [512, 512], head: 512, batch: 1024 };
  expect(chooseThreads(traceProgram(adamStep(wide, true)), 8)).toBe(8);
});
