import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/common/random';
import { run, temporaryFolder } from './runs';

/** The mean cosine between the first two tasks over the run. */
async function measuredCosine(correlation: number): Promise<number> {
  const { of } = await run({
    data: { generate: 'related-regressions', tasks: 2, correlation, rows: 4000, inputs: 20, nonlinearity: 0 },
    tasks: { first: { target: 'y1', kind: 'regression' }, second: { target: 'y2', kind: 'regression' } },
    model: { encoder: { layers: [32] } },
    training: { epochs: 3, batchSize: 128 },
    relatedness: { every: 1 },
  });
  const values = of('relatedness').map(({ matrices }) => matrices[0].values[0][1]!);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('three shapes of task set', () => {
  test('several targets of one row, kinds mixed, labels missing', async () => {
    const folder = temporaryFolder();
    const random = createRandom(4);
    const lines = Array.from({ length: 900 }, () => {
      const [a, b] = [random.normal(), random.normal()];
      const colour = ['red', 'green', 'blue'][a > 0.5 ? 0 : b > 0 ? 1 : 2];
      const sum = random.uniform() < 0.3 ? '' : (3 * a - b + 10).toFixed(3);
      return [a.toFixed(4), b.toFixed(4), sum, a + b > 0 ? 'yes' : 'no', colour].join(',');
    });
    const source = join(folder, 'table.csv');
    writeFileSync(source, ['a,b,sum,positive,colour', ...lines].join('\n'));
    const { outcome, last, of } = await run({
      data: { source },
      tasks: {
        sum: { target: 'sum', kind: 'regression' },
        positive: { target: 'positive', kind: 'binary' },
        colour: { target: 'colour', kind: 'multiclass' },
      },
      model: { encoder: { layers: [16] }, head: { layers: [8] } },
      training: { epochs: 30, batchSize: 32, optimizer: { name: 'adam', learningRate: 0.01 } },
    });
    expect(outcome).toBe('finished');
    if (last.type !== 'finished') throw new Error(last.type);
    const [sum, positive, colour] = last.metrics.map(({ test: metrics }) => metrics!);
    expect(sum.rmse).toBeLessThan(0.5);
    expect(sum.explainedVariance).toBeGreaterThan(0.97);
    expect(positive.auc).toBeGreaterThan(0.98);
    expect(colour.accuracy).toBeGreaterThan(0.9);
    expect(
      of('relatedness')
        .at(-1)!
        .matrices[0].values.flat()
        .every((value) => value !== null),
    ).toBe(true);
  });

  test('one task per value of a column, with metrics over all of them', async () => {
    const folder = temporaryFolder();
    const random = createRandom(4);
    const lines = Array.from({ length: 1600 }, (_, row) => {
      const [a, school] = [random.normal(), row % 40];
      return [a.toFixed(4), `school ${school}`, (2 * a + school / 10 + 0.3 * random.normal()).toFixed(3)].join(',');
    });
    const source = join(folder, 'table.csv');
    writeFileSync(source, ['a,school,score', ...lines].join('\n'));
    const { last, of } = await run({
      data: { source },
      tasks: { each: 'school', target: 'score', kind: 'regression' },
      model: { encoder: { layers: [16] } },
      training: { epochs: 20, batchSize: 32, optimizer: { name: 'adam', learningRate: 0.01 } },
    });
    if (last.type !== 'finished') throw new Error(last.type);
    expect(of('started')[0].tasks).toHaveLength(40);
    expect(last.pooled!.test!.explainedVariance).toBeGreaterThan(0.9);
    const epoch = of('epoch').at(-1)!;
    expect(Object.keys(epoch.pooled!.train!)).toEqual(['loss']);
    expect(epoch.pooled!.validation!.explainedVariance).toBeGreaterThan(0.9);
    const [matrix] = last.relatedness;
    expect(matrix.values).toHaveLength(40);
    expect(matrix.values[3][7]).toBe(matrix.values[7][3]);
  });

  test('tables of their own, of different length and width', async () => {
    const table = (modality: 'speech' | 'image', rows: number, inputs: number) => ({
      data: { generate: 'two-modalities' as const, modality, rows, inputs, noise: 0.5 },
      target: 'class',
      kind: 'multiclass' as const,
      encoder: { layers: [20] },
    });
    const { last, of } = await run({
      tasks: { speech: table('speech', 600, 30), image: table('image', 1000, 40) },
      model: { encoder: { layers: [20] } },
      training: { epochs: 15, batchSize: 50, optimizer: { name: 'adam', learningRate: 0.01 } },
    });
    if (last.type !== 'finished') throw new Error(last.type);
    expect(of('started')[0].stepsPerEpoch).toBe(16);
    for (const metrics of last.metrics) expect(metrics.validation!.accuracy).toBeGreaterThan(0.6);
    expect(last.relatedness[0].values[0][1]).not.toBeNull();
  });

  test('names that are not harmless do no harm', async () => {
    const names = ['__proto__', 'constructor', '<script>', '"; --', '🐘'.repeat(250)];
    const { last, of } = await run({
      data: { generate: 'related-regressions', tasks: names.length, rows: 300, inputs: 6 },
      tasks: Object.fromEntries(
        names.map((name, task) => [name, { target: `y${task + 1}`, kind: 'regression' as const }]),
      ),
      training: { epochs: 1 },
    });
    expect(of('started')[0].tasks.map(({ name }) => name)).toEqual(names);
    expect(last.type).toBe('finished');
  });
});

test('the measured cosine follows how closely linear tasks are related', async () => {
  const [same, half, none] = [await measuredCosine(1), await measuredCosine(0.5), await measuredCosine(0)];
  expect(same).toBeGreaterThan(half + 0.1);
  expect(half).toBeGreaterThan(none + 0.1);
  expect(Math.abs(none)).toBeLessThan(0.3);
});
