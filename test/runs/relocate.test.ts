import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { experimentSchema, type ExperimentInput } from '../../src/experiment/schema';
import { relocated } from '../../src/runs/relocate';

const experiment = (more: object) =>
  experimentSchema.parse({
    name: 'x',
    tasks: { a: { target: 'a', kind: 'regression' }, b: { target: 'b', kind: 'regression' } },
    ...more,
  } satisfies Partial<ExperimentInput>);
const moved = (more: object) => relocated(experiment(more), '/projects/examples', '/projects/checks/deep');

describe('an experiment in another folder', () => {
  test.each([
    ['a.csv', '../../examples/a.csv'],
    ['../data/a.csv', '../../data/a.csv'],
    ['/data/a.csv', '/data/a.csv'],
  ])('data of %s are %s', (source, expected) => {
    expect(moved({ data: { source } }).data).toMatchObject({ source: expected });
    expect(moved({ data: { source: [source, source] } }).data).toMatchObject({ source: [expected, expected] });
    const own = { a: { target: 'a', kind: 'regression', data: { source } } };
    expect(moved({ tasks: own }).tasks).toMatchObject({ a: { data: { source: expected } } });
  });

  test('starts from the same run', () => {
    const { model } = moved({ data: { source: 'a.csv' }, model: { start: { from: '.mtl/runs/x', freeze: true } } });
    expect(model.start).toEqual({ from: '../../examples/.mtl/runs/x', freeze: true });
    expect(resolve('/projects/checks/deep', model.start!.from)).toBe('/projects/examples/.mtl/runs/x');
  });

  test('in its own folder is as it was', () => {
    const own = experiment({ data: { source: 'a.csv' } });
    expect(relocated(own, '/projects/examples', '/projects/examples/')).toBe(own);
  });
});
