import { describe, expect, test } from 'vitest';
import type { MeasureEstimate } from '../../src/experiment/measureEstimate';
import type { Experiment } from '../../src/experiment/schema';
import { optimize, traceProgram } from '../../src/program';
import type { StepNeed } from '../../src/relatedness';
import { estimateCosts } from '../../src/preview/estimate';
import { networkOf, outlineOf, stepWork } from '../../src/preview/network';
import { multiplications } from '../../src/training/multiplications';
import { trainStep } from '../../src/training/steps';
import { draftExperiment, draftTaskSet } from '../model/taskSets';
import { withRows } from '../training/stepping';
import { everyMeasure, everySharing, experimentWith, looks, tables } from './drafts';

const table = tables['one table'];
const some = ['gradient-cosine', 'usage-similarity', 'leep', 'fisher-distance', 'prediction-share'] as const;
const cases = everySharing.flatMap((sharing) => [
  [sharing, 'one table', everyMeasure] as const,
  [sharing, 'tables of their own', some] as const,
]);

function estimate(experiment: Experiment, taskSet = table): Map<string, MeasureEstimate> {
  return new Map(estimateCosts(experiment, taskSet).map((one) => [one.measure, one]));
}

/** How often one number goes into the other, the larger one into the smaller one. */
function factor(one: number, other: number): number {
  return Math.max(one / other, other / one);
}

describe('every measure with every sharing architecture', () => {
  test.each(cases)('%s, %s: has a cost, or is not measured and why', (sharing, title, measures) => {
    const experiment = experimentWith(sharing, { relatedness: { measures: [...measures] } });
    const found = estimate(experiment, tables[title]);
    expect([...found.keys()]).toEqual(measures);
    const { measured } = networkOf(experiment, outlineOf(tables[title]));
    const unmeasured = measured.obstacles.flatMap((obstacle) => obstacle.measures);
    for (const [name, { label, short, share, explanation }] of found) {
      expect(short.length).toBeLessThanOrEqual(14);
      expect(explanation).toMatch(/\.$/);
      expect(short === 'not measured').toBe(unmeasured.includes(name));
      if (unmeasured.includes(name))
        expect(label).toMatch(/^not measured: (with sharing `|it compares the weights of heads)/);
      else if (!label.startsWith('after each epoch')) expect(share).toBeGreaterThan(0);
    }
    expect(unmeasured.includes('gradient-cosine')).toBe(['soft', 'single-task'].includes(sharing));
  });

  test.each(everySharing)('%s: steps are within 15 %% of those that the native engine has', (sharing) => {
    const network = networkOf(experimentWith(sharing), outlineOf(table));
    const { model, experiment, batchSize, measured } = network;
    const compiled = (needs: readonly StepNeed[]) =>
      multiplications(optimize(traceProgram(trainStep(model, experiment.training, [batchSize], needs)), 'native'));
    const needs: readonly StepNeed[] = measured.measures.length === 0 ? [] : ['gramian', 'lookahead'];
    for (const one of [[], ...needs.map((need) => [need])]) {
      expect(factor(stepWork(network, one).multiplications, compiled(one))).toBeLessThan(1.15);
    }
  });
});

describe('what measures of steps cost', () => {
  test('is what is counted by hand, and falls with `every`', () => {
    const eight = draftTaskSet([
      { tasks: Array.from({ length: 8 }, () => ({ kind: 'regression' as const })), inputs: 20 },
    ]);
    const taskSet = withRows(eight, { train: 6400, validation: 800 });
    const of = (every: number) => {
      const relatedness = { measures: ['gradient-cosine' as const], every };
      return estimate(draftExperiment({ training: { batchSize: 64 }, relatedness }), taskSet).get('gradient-cosine')!;
    };
    // Layers of 20 x 64 and 64 x 32 and eight heads of 32; the first sends nothing back.
    const gradients = 64 * 8 * (1280 + 2 * 2048);
    const products = 64 * (1280 + 64 + 2048 + 32);
    const { multiplications: added = 0, explanation } = of(1);
    expect(factor(added, gradients + products)).toBeLessThan(1.05);
    expect(explanation).toContain('100 of the 100 steps');
    expect(explanation).toContain('$P = 3424$');
    expect(of(50).explanation).toContain('2 of the 100 steps');
    expect(of(1).share! / of(50).share!).toBeCloseTo(50);
  });

  test.each(looks)('beside `%s` is known', (name, needs) => {
    const weighting = { name } as Experiment['training']['weighting'];
    const relatedness = { measures: ['gradient-cosine' as const, 'tag-affinity' as const] };
    const found = estimate(experimentWith('hard', { training: { weighting }, relatedness }));
    expect(found.get('gradient-cosine')!.short === '≈ 0').toBe(needs !== 'losses');
    expect(found.get('tag-affinity')!.share).toBeGreaterThan(0);
  });

  test('is not free where the weighting looks at the representation', () => {
    const training = { weighting: 'mgda', gradientsAt: 'representation' } as const;
    const relatedness = { measures: ['gradient-cosine' as const] };
    expect(estimate(experimentWith('hard', { training, relatedness })).get('gradient-cosine')!.share).toBeGreaterThan(
      0,
    );
  });

  test('is that of rows where rows are fewer than tasks take', () => {
    const each = draftTaskSet([
      { tasks: Array.from({ length: 40 }, () => ({ kind: 'regression' as const })), inputs: 20 },
    ]);
    const rows = withRows(each, { train: 320, validation: 80 });
    const relatedness = { measures: ['gradient-cosine' as const] };
    const [byTasks, byRows] = [false, true].map((pooled) =>
      estimate(experimentWith('hard', { relatedness }), { ...rows, pooled }).get('gradient-cosine')!,
    );
    expect(byRows.multiplications!).toBeLessThan(byTasks.multiplications! / 2);
  });
});

test('a measure that cannot have a value has no cost but a reason', () => {
  const few = withRows(draftTaskSet([{ tasks: [{ kind: 'regression' }, { kind: 'regression' }], inputs: 3 }]), {
    train: 64,
    validation: 2,
  });
  const found = estimate(experimentWith('hard'), few);
  const notMeasured = (name: string) => found.get(name)!.label.replace('not measured: ', '');
  expect(notMeasured('leep')).toBe('it compares tasks of kind `binary` or `multiclass`, and here are not two');
  expect(notMeasured('rsa')).toBe('it needs at least 3 rows, and the trained network is looked at on 2');
  expect(notMeasured('debiased-cka')).toBe('it needs at least 4 rows, and the trained network is looked at on 2');
  expect(found.get('rsa')!.explanation).toMatch(/ is not measured: it needs .* more validation rows\.$/);
  expect(found.get('fisher-distance')!.share).toBeGreaterThan(0);
  const own = estimate(experimentWith('hard'), tables['tables of their own']);
  expect(own.get('rsa')!.share).toBeGreaterThan(0);
});

describe('an experiment with groups', () => {
  const [a, b, c, d, e] = table.tasks.map(({ name }) => name);
  const of = (groups: Experiment['groups']) => estimate({ ...experimentWith('mmoe'), groups });
  const costs = of([[a, b, c], { tasks: [d, e], serves: [d, e] }]);

  test('costs what its networks cost together', () => {
    const parts = [
      [a, b, c],
      [d, e],
    ].map((tasks) => of([tasks]));
    for (const name of ['gradient-cosine', 'tag-affinity', 'rsa', 'prediction-share', 'grad-tae']) {
      const apart = parts.map((part) => part.get(name)!.multiplications!);
      expect(costs.get(name)!.multiplications).toBeCloseTo(apart[0] + apart[1], 3);
    }
    expect(costs.get('pair-gain')!.trainings).toBe(3 + 3 + 2);
    expect(costs.get('gradient-cosine')!.explanation).toContain('2 networks');
  });

  test('measures nothing in networks of one task', () => {
    const alone = of([[a], [b], [c], [d], [e]]);
    expect([...alone.values()].every(({ short }) => short === 'not measured')).toBe(true);
    expect(alone.get('rsa')!.label).toBe('not measured: every network has one task alone');
    expect(of([[a, b, c, d], [e]]).get('rsa')!.share).toBeGreaterThan(0);
  });
});

describe('measures by more training', () => {
  test('cost what their networks cost, however large those are', () => {
    const experiment = experimentWith('cgc', { relatedness: { measures: ['pair-gain', 'leave-one-out-gain'] } });
    const found = estimate(experiment);
    expect(found.get('pair-gain')!.trainings).toBe(15);
    expect(found.get('leave-one-out-gain')!.trainings).toBe(5);
    // Networks of four tasks are smaller than that of five, and larger than those of two.
    const each = (name: string, count: number) => found.get(name)!.share! / count;
    expect(each('leave-one-out-gain', 5)).toBeLessThan(1);
    expect(each('pair-gain', 15)).toBeLessThan(each('leave-one-out-gain', 5));
    expect(each('pair-gain', 15)).toBeGreaterThan(1 / 5);
  });

  test('take fewer steps where each row has one task', () => {
    const tasks = Array.from({ length: 10 }, () => ({ kind: 'regression' as const }));
    const rows = withRows(draftTaskSet([{ tasks, inputs: 12 }]), { train: 640, validation: 80 });
    const [stream] = rows.streams;
    const { train } = stream.splits;
    const mask = train.mask.map((_, cell) => (Math.floor(cell / 10) % 10 === cell % 10 ? 1 : 0));
    const pooled = {
      ...rows,
      pooled: true,
      streams: [{ ...stream, splits: { ...stream.splits, train: { ...train, mask } } }],
    };
    const experiment = experimentWith('hard', { relatedness: { measures: ['pair-gain'] } });
    const { share, trainings } = estimate(experiment, pooled).get('pair-gain')!;
    expect(trainings).toBe(55);
    expect(share).toBeLessThan(55 / 3);
  });
});

test('nothing is told of one task, of data that does not fit, or of measures that nobody asks for', () => {
  const one = withRows(draftTaskSet([{ tasks: [{ kind: 'regression' }], inputs: 3 }]), { train: 10, validation: 4 });
  expect(estimateCosts(experimentWith('hard'), one)).toEqual([]);
  const apart = draftTaskSet([3, 5].map((inputs) => ({ tasks: [{ kind: 'regression' as const }], inputs })));
  expect(estimateCosts(experimentWith('hard'), withRows(apart, { train: 10, validation: 4 }))).toEqual([]);
  expect(estimateCosts(experimentWith('hard', { relatedness: { measures: [] } }), table)).toEqual([]);
});
