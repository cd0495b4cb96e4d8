import { expect, test } from 'vitest';
import { withSplitsOf } from '../../src/experiment/replicate';
import { experimentSchema } from '../../src/experiment/schema';

const replicate = { seed: 'replicate' } as const;

test('the split of each table that asks for it is drawn with the seed of the replicate', () => {
  const experiment = experimentSchema.parse({
    name: 'x',
    data: { source: 'a.csv', split: replicate },
    tasks: {
      a: { target: 'y', kind: 'regression' },
      own: { target: 'y', kind: 'regression', data: { generate: 'related-regressions', split: replicate } },
      fixed: { target: 'y', kind: 'regression', data: { source: 'b.csv', split: { seed: 3 } } },
      column: { target: 'y', kind: 'regression', data: { source: 'c.csv', split: { column: 'fold', test: [1] } } },
    },
  });
  const resolved = withSplitsOf(experiment, 8);
  const expected = structuredClone(experiment);
  for (const data of [expected.data, 'own' in expected.tasks ? expected.tasks.own.data : undefined]) {
    Object.assign(data!.split, { seed: 8 });
  }
  expect(resolved).toEqual(expected);
});

test('one task per value of a column', () => {
  const tasks = { each: 'school', target: 'y', kind: 'regression' } as const;
  const experiment = experimentSchema.parse({ name: 'x', data: { source: 'a.csv', split: replicate }, tasks });
  expect(withSplitsOf(experiment, 8).data?.split).toMatchObject({ seed: 8 });
});
