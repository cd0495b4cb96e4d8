import { expect, test } from 'vitest';
import type { RunEventBody } from '../../src/runs/events';
import { withOwnPlaces } from '../../src/runs/ownPlaces';

const matrix = {
  measure: 'gradient-cosine',
  values: [
    [1, 0.5],
    [0.5, 1],
  ],
  directed: false,
  higherIsCloser: true,
};
const tasks = ['north', 'south'];
const ending = { step: 30, epoch: 3, bestEpoch: 2, seconds: 1, metrics: [], relatedness: [matrix] };

test.each<{ event: RunEventBody; step: number }>([
  { event: { type: 'relatedness', step: 20, epoch: 2, matrices: [matrix] }, step: 20 },
  {
    event: { type: 'replicated', seeds: [1, 2], matrices: [{ ...matrix, lower: matrix.values, upper: matrix.values }] },
    step: 7,
  },
  { event: { type: 'finished', reason: 'epochs', ...ending }, step: 30 },
  { event: { type: 'stopped', ...ending }, step: 30 },
])('matrices of $event.type say where and of what they are', ({ event, step }) => {
  const written = JSON.stringify(withOwnPlaces(event, tasks, 7));
  expect(written).toContain(`{"measure":"gradient-cosine","step":${step},"tasks":["north","south"],"values":`);
  expect(Object.keys(withOwnPlaces(event, tasks, 7))).toEqual(Object.keys(event));
});

test('other events stay as they are', () => {
  const event: RunEventBody = { type: 'warning', message: 'x' };
  expect(withOwnPlaces(event, tasks, 1)).toBe(event);
});
