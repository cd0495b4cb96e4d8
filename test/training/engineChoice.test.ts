import { expect, test } from 'vitest';
import { traceProgram } from '../../src/program';
import { fastestFirst } from '../../src/training/engineChoice';
import { adamStep, usualSize } from '../bench/model';

test('wasm comes first for very small steps, native for the others, cpu last', () => {
  const tiny = { tasks: 2, inputs: 10, shared: [10, 10], head: 10, batch: 16 };
  expect(fastestFirst(traceProgram(adamStep(tiny, true))).engines).toEqual(['wasm', 'native', 'cpu']);
  expect(fastestFirst(traceProgram(adamStep(usualSize, true))).engines).toEqual(['native', 'wasm', 'cpu']);
});
