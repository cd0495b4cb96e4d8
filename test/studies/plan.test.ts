import { describe, expect, test } from 'vitest';
import { planLessData, planRobustness, planTransfer, planTrunks } from '../../src/studies/plan';
import { experimentOf } from '../data/support';

const experiment = experimentOf({
  data: { source: 'table.csv', split: { seed: 'replicate' } },
  tasks: {
    y: { target: 'y', kind: 'regression' },
    z: { target: 'z', kind: 'regression', data: { source: 'other.csv' } },
    b: { target: 'b', kind: 'binary' },
  },
  groups: [['y', 'z'], ['b']],
  training: { epochs: 10, batchSize: 50, seeds: [9], stopEarly: { patience: 4 }, weighting: 'uncertainty' },
  relatedness: { measures: ['gradient-cosine'] },
  baseline: 'single-task',
});
const base = { experiment, seeds: [3, 4], trainingRows: 1000 };

describe('less data', () => {
  const runs = planLessData(base, [0.1, 1]);

  test('is each task alone and all together, for every seed, the largest share first', () => {
    expect(runs.map(({ arm, at, seed }) => `${arm} ${at} ${seed}`)).toEqual([
      ...['single 1 3', 'shared 1 3', 'single 1 4', 'shared 1 4'],
      ...['single 0.1 3', 'shared 0.1 3', 'single 0.1 4', 'shared 0.1 4'],
    ]);
    expect(runs.map((run) => run.experiment.model.sharing.name)).toEqual(
      Array.from({ length: 4 }, () => ['single-task', 'hard']).flat(),
    );
  });

  test('a share of every table is trained with, in as many steps as all rows', () => {
    const { training, data, tasks } = runs[5].experiment;
    expect([training.epochs, training.stopEarly?.patience]).toEqual([100, 40]);
    expect(data?.split).toMatchObject({ trainFraction: 0.1, trainSeed: 3, seed: 3 });
    expect(tasks).toMatchObject({ z: { data: { split: { trainFraction: 0.1, trainSeed: 3, seed: 1 } } } });
    const whole = runs[0].experiment;
    expect([whole.training.epochs, whole.data?.split.trainFraction]).toEqual([10, undefined]);
    // 10 rows are one batch of 50: a step an epoch against 20.
    expect(planLessData(base, [0.01])[0].experiment.training.epochs).toBe(200);
  });

  test('a run is of one seed and has nothing that takes time for nothing', () => {
    for (const { experiment: own, seed } of runs) {
      expect(own.training.seeds).toEqual([seed]);
      expect([own.baseline, own.groups, own.relatedness.measures]).toEqual(['none', undefined, []]);
    }
  });
});

test('robustness trains once for each seed', () => {
  expect(planRobustness(base).map(({ arm, at, seed }) => [arm, at, seed])).toEqual([
    ['single', null, 3],
    ['shared', null, 3],
    ['single', null, 4],
    ['shared', null, 4],
  ]);
});

describe('transfer', () => {
  test('the new task is not among what it starts from', () => {
    const trunks = planTrunks(base, ['y', 'z']);
    expect(trunks.map((run) => [run.seed, run.experiment.only])).toEqual([
      [3, ['y', 'z']],
      [4, ['y', 'z']],
    ]);
    expect(trunks[0].experiment.training.weighting.name).toBe('uncertainty');
  });

  test('three ways for every number of rows; seeds without a start are left out', () => {
    const runs = planTransfer({ ...base, trainingRows: 400 }, 'b', [20, 400], new Map([[4, '/study/runs/trunk']]));
    expect(runs.map(({ arm, at, seed }) => `${arm} ${at} ${seed}`)).toEqual([
      ...['from scratch 400 4', 'frozen 400 4', 'fine-tuned 400 4'],
      ...['from scratch 20 4', 'frozen 20 4', 'fine-tuned 20 4'],
    ]);
    expect(runs.map((run) => run.experiment.model.start)).toEqual(
      [400, 20].flatMap(() => [
        undefined,
        { from: '/study/runs/trunk', freeze: true },
        { from: '/study/runs/trunk', freeze: false },
      ]),
    );
    const { only, data, training } = runs[3].experiment;
    expect([only, data?.split.trainFraction, training.weighting.name]).toEqual([['b'], 0.05, 'equal']);
  });
});
