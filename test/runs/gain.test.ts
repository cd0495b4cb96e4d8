import { describe, expect, test } from 'vitest';
import type { Metrics } from '../../src/runs/events';
import { groupGain, judgedTasks, type FinishedRun } from '../../src/runs/gain';

const tasks = [
  { name: 'price', kind: 'regression' },
  { name: 'sold', kind: 'binary' },
];

function finished(seed: number, role: FinishedRun['role'], price: Metrics, sold: Metrics, split = 'test'): FinishedRun {
  return { seed, tasks, metrics: [{ [split]: price }, { [split]: sold }], ...(role && { role }) };
}

describe('what sharing brought to a group of runs', () => {
  test('each metric by its own direction, the verdict by one of each kind', () => {
    const gain = groupGain([
      finished(1, 'baseline', { rmse: 2, r2: 0.5 }, { auc: 0.8, accuracy: 0.5 }),
      finished(1, undefined, { rmse: 1, r2: 0.75 }, { auc: 0.6, accuracy: 0.6 }),
    ])!;
    expect(gain.seeds).toEqual([1]);
    expect(gain.tasks).toMatchObject([
      { task: 'price', split: 'test', metric: 'rmse', mean: 0.5, verdict: 'cannot be told' },
      { task: 'sold', split: 'test', metric: 'auc', mean: expect.closeTo(-0.25, 12) as number },
    ]);
    expect(gain.tasks[0].metrics).toEqual({
      rmse: { alone: [2], shared: [1], mean: 0.5 },
      r2: { alone: [0.5], shared: [0.75], mean: 0.5 },
    });
    expect(gain.tasks[1].metrics.accuracy?.mean).toBeCloseTo(0.2, 12);
    expect(gain.overall.mean).toBeCloseTo((0.5 - 0.25) / 2, 12);
    expect(gain.metrics.rmse?.mean).toBeCloseTo(0.5, 12);
    expect(gain.metrics.accuracy?.mean).toBeCloseTo(0.2, 12);
    // Nothing can be told of chance by one seed.
    expect(gain.overall).not.toHaveProperty('interval');
    expect(gain.tasks[0]).not.toHaveProperty('pValue');
  });

  test('the rows of all tasks together, where the runs have them, as those of one task', () => {
    const seeds = [1, 2, 3, 4, 5];
    const gain = groupGain(
      seeds.flatMap((seed) => [
        {
          ...finished(seed, 'baseline', { rmse: 2 }, { auc: 0.8 }),
          pooled: { test: { rmse: 4 + seed / 100, r2: 0.4 } },
        },
        {
          ...finished(seed, undefined, { rmse: 2 }, { auc: 0.8 }),
          pooled: { test: { rmse: 3 - seed / 100, r2: 0.5 } },
        },
      ]),
    )!;
    expect(gain.pooled).toMatchObject({ split: 'test', metric: 'rmse', verdict: 'helped' });
    expect(gain.pooled).not.toHaveProperty('task');
    expect(gain.pooled?.metrics.r2?.mean).toBeCloseTo(0.25, 12);
    expect(gain.overall.mean).toBe(0);
    expect(gain.tasks).toHaveLength(2);
  });

  test('runs are paired by their seed, whatever their order; those without a partner are left out', () => {
    const gain = groupGain([
      finished(3, undefined, { rmse: 1 }, { auc: 0.7 }),
      finished(2, undefined, { rmse: 3 }, { auc: 0.9 }),
      finished(1, 'baseline', { rmse: 2 }, { auc: 0.5 }),
      finished(1, undefined, { rmse: 4 }, { auc: 0.5 }),
      finished(4, 'baseline', { rmse: 9 }, { auc: 0.9 }),
      finished(3, 'baseline', { rmse: 2 }, { auc: 0.5 }),
    ])!;
    expect(gain.seeds).toEqual([3, 1]);
    expect(gain.tasks[0].metrics.rmse).toMatchObject({ alone: [2, 2], shared: [1, 4] });
  });

  test('differences that all seeds agree on are told', () => {
    const seeds = [1, 2, 3, 4, 5];
    const gain = groupGain(
      seeds.flatMap((seed) => [
        finished(seed, 'baseline', { rmse: 2 + seed / 100 }, { auc: 0.8 + seed / 100 }),
        finished(seed, undefined, { rmse: 1 + (seed % 3) / 100 }, { auc: 0.6 + (seed % 2) / 100 }),
      ]),
    )!;
    expect(gain.tasks.map(({ verdict }) => verdict)).toEqual(['helped', 'hurt']);
    const [low, high] = gain.tasks[0].interval!;
    expect(low).toBeLessThanOrEqual(gain.tasks[0].mean!);
    expect(high).toBeGreaterThanOrEqual(gain.tasks[0].mean!);
    for (const { pValue } of gain.tasks) expect(pValue).toBeLessThan(0.001);
  });

  test('without a test split the validation split counts, without an AUC the accuracy', () => {
    const gain = groupGain([
      finished(1, 'baseline', { rmse: 2 }, { accuracy: 0.5 }, 'validation'),
      finished(1, undefined, { rmse: 2 }, { accuracy: 0.5 }, 'validation'),
    ])!;
    expect(gain.tasks.map(({ split, metric, mean }) => [split, metric, mean])).toEqual([
      ['validation', 'rmse', 0],
      ['validation', 'accuracy', 0],
    ]);
  });

  test('a metric that one of the runs lacks is no metric of the comparison', () => {
    const gain = groupGain([
      finished(1, 'baseline', { rmse: 2, r2: 0.5 }, {}),
      finished(1, undefined, { rmse: 1 }, { auc: 1 }),
    ])!;
    expect(gain.tasks.map(({ task }) => task)).toEqual(['price']);
    expect(Object.keys(gain.metrics)).toEqual(['rmse']);
  });

  test('networks of a seed count as one run, each task by the network that serves it', () => {
    const [price, sold] = tasks;
    const network = (
      seed: number,
      number: number,
      serves: string[],
      figures: [typeof price, Metrics][],
    ): FinishedRun => ({
      seed,
      network: { number, of: 2, serves },
      tasks: figures.map(([task]) => task),
      metrics: figures.map(([, test]) => ({ test })),
      pooled: { test: { rmse: 1 } },
    });
    const runs = [
      network(
        1,
        2,
        ['price'],
        [
          [sold, { auc: 0.1 }],
          [price, { rmse: 1 }],
        ],
      ),
      network(1, 1, ['sold'], [[sold, { auc: 0.6 }]]),
      // The other network of this seed has not finished.
      network(2, 1, ['sold'], [[sold, { auc: 0.7 }]]),
      finished(1, 'baseline', { rmse: 2 }, { auc: 0.5 }),
      finished(2, 'baseline', { rmse: 2 }, { auc: 0.5 }),
    ];
    const gain = groupGain(runs)!;
    expect(gain.seeds).toEqual([1]);
    expect(
      gain.tasks.map(({ task, metrics, metric }) => [task, metrics[metric]?.alone, metrics[metric]?.shared]),
    ).toEqual([
      ['price', [2], [1]],
      ['sold', [0.5], [0.6]],
    ]);
    expect(gain).not.toHaveProperty('pooled');
    expect(judgedTasks(runs.slice(0, 3)).map(({ task, values }) => [task, values])).toEqual([
      ['sold', [0.6]],
      ['price', [1]],
    ]);
  });

  test.each([
    ['no run', []],
    ['no baseline', [finished(1, undefined, { rmse: 1 }, {})]],
    ['another seed', [finished(1, undefined, { rmse: 1 }, {}), finished(2, 'baseline', { rmse: 1 }, {})]],
  ])('%s: there is nothing to tell', (_, runs) => {
    expect(groupGain(runs)).toBeUndefined();
  });

  test('a baseline at 0 has nothing relative to it', () => {
    const gain = groupGain([
      finished(1, 'baseline', { rmse: 0 }, { auc: 0.5 }),
      finished(1, undefined, { rmse: 1 }, { auc: 0.6 }),
    ])!;
    expect(gain.tasks[0].mean).toBeNull();
    expect(gain.overall.mean).toBeCloseTo(0.2, 12);
  });

  test('tasks are judged by the same figures without a baseline', () => {
    const runs = [
      finished(1, undefined, { rmse: 1, r2: 0.1 }, { auc: 0.6 }),
      finished(2, undefined, { rmse: 3 }, { auc: 0.8 }),
    ];
    expect(judgedTasks(runs)).toEqual([
      { task: 'price', split: 'test', metric: 'rmse', values: [1, 3] },
      { task: 'sold', split: 'test', metric: 'auc', values: [0.6, 0.8] },
    ]);
    expect(judgedTasks([])).toEqual([]);
  });
});
