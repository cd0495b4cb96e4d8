import { describe, expect, test } from 'vitest';
import { trainingSchema } from '../../src/experiment/trainingSchema';
import { taskWeights, weightings } from '../../src/weighting';

describe('task weights', () => {
  test.each([
    { weighting: { name: 'equal' }, tasks: ['a', 'b'], expected: [1, 1] },
    { weighting: { name: 'fixed', weights: { b: 0.25 } }, tasks: ['a', 'b'], expected: [1, 0.25] },
    { weighting: { name: 'fixed', weights: { a: 0, c: 9 } }, tasks: ['a', 'b'], expected: [0, 1] },
    { weighting: { name: 'fixed', weights: {} }, tasks: ['__proto__', 'toString'], expected: [1, 1] },
    {
      weighting: { name: 'fixed', weights: JSON.parse('{"__proto__":3}') as object },
      tasks: ['__proto__', 'b'],
      expected: [3, 1],
    },
  ])('$weighting for $tasks', ({ weighting, tasks, expected }) => {
    expect(taskWeights(weighting, tasks)).toEqual(expected);
  });

  test.each(['luck', 'mgda'])('%s has none before the step', (name) => {
    expect(() => taskWeights({ name }, ['a'])).toThrow(name);
  });
});

test('every method is described once, by its name in the file', () => {
  expect(new Set(weightings.map(({ name }) => name)).size).toBe(weightings.length);
  for (const { title, summary, details } of weightings) expect([title, summary, details]).not.toContain('');
});

test.each([
  { written: 'mgda', meant: { name: 'mgda', normalise: 'none' } },
  { written: { name: 'cagrad', c: 0.4 }, meant: { name: 'cagrad', c: 0.4, rescale: 1 } },
  { written: 'loss+', meant: undefined },
  { written: { name: 'cagrad', c: -1 }, meant: undefined },
])('in an experiment file: $written', ({ written, meant }) => {
  expect(trainingSchema.safeParse({ weighting: written }).data?.weighting).toEqual(meant);
});
