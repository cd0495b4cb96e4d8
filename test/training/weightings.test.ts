import { describe, expect, test } from 'vitest';
import { weightings } from '../../src/weighting';
import { engines } from '../program/support';
import { run, type Draft } from './runs';

const draft: Draft = {
  data: { generate: 'related-regressions', tasks: 3, rows: 400, inputs: 8, correlation: 0.5, noise: 0.1 },
  tasks: {
    first: { target: 'y1', kind: 'regression' },
    second: { target: 'y2', kind: 'regression' },
    third: { target: 'y3', kind: 'regression' },
  },
  model: { encoder: { layers: [16] } },
  training: { epochs: 6, batchSize: 64, optimizer: { name: 'adam', learningRate: 0.01 } },
  relatedness: { every: 2 },
};

const names = weightings.map(({ name }) => name);
/** Those that a method cannot do without. */
const options: Readonly<Record<string, object>> = { fixed: { weights: { second: 0.5 } } };

type Weighting = NonNullable<NonNullable<Draft['training']>['weighting']>;

describe.each(engines)('on %s', (engine) => {
  test.each(names)('%s trains, and says the weights that it took', async (name) => {
    const { of, last } = await run(
      { ...draft, training: { ...draft.training, weighting: { name, ...options[name] } as Weighting } },
      { engine },
    );
    expect(last.type).toBe('finished');
    const steps = of('step');
    expect(steps.length).toBeGreaterThan(5);
    for (const { weights } of steps) {
      expect(weights).toHaveLength(3);
      expect(weights.every(Number.isFinite)).toBe(true);
    }
    const total = (epoch: number) =>
      of('epoch')[epoch].metrics.reduce((sum, { validation }) => sum + validation!.loss!, 0);
    expect(total(5)).toBeLessThan(total(0));
    expect(of('relatedness')).toHaveLength(6);
  });
});

test('a method by losses goes with every architecture', async () => {
  const model = { ...draft.model, sharing: { name: 'mmoe' as const, experts: 2 } };
  const training = { ...draft.training, weighting: { name: 'uncertainty' as const } };
  expect((await run({ ...draft, model, training })).last.type).toBe('finished');
});

test('weights change from step to step, as the method decides', async () => {
  const { of } = await run({ ...draft, training: { ...draft.training, weighting: { name: 'mgda' as const } } });
  expect(new Set(of('step').map(({ weights }) => weights.join(' '))).size).toBeGreaterThan(3);
  // At first the heads send nothing back, so there is nothing to weigh.
  for (const { weights } of of('step').slice(1))
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
});
