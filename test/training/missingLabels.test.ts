import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/common/random';
import { run, temporaryFolder } from './runs';

const rows = 400;

/** Trains the tasks `full` and `rare` apart from each other, `rare` with a label in one of so many rows. */
async function trainWithLabels(oneOf: number) {
  const source = join(temporaryFolder(), 'table.csv');
  const random = createRandom(7);
  const lines = Array.from({ length: rows }, (_, row) => {
    const [a, b] = [random.normal(), random.normal()];
    const fold = row < 240 ? 'train' : row < 320 ? 'validation' : 'test';
    return [a.toFixed(4), b.toFixed(4), (a - b).toFixed(4), row % oneOf === 0 ? (a + b).toFixed(4) : '', fold].join();
  });
  writeFileSync(source, ['a,b,full,rare,fold', ...lines].join('\n'));
  const { of, last } = await run({
    data: { source, split: { column: 'fold', validation: ['validation'], test: ['test'] } },
    tasks: {
      full: { target: 'full', kind: 'regression' },
      rare: { target: 'rare', kind: 'regression', scale: 'none' },
    },
    model: { sharing: { name: 'single-task' }, encoder: { layers: [8] } },
    training: { epochs: 6, batchSize: 4, optimizer: { name: 'sgd', momentum: 0, learningRate: 0.03 } },
    engine: 'wasm',
  });
  if (last.type !== 'finished') throw new Error(last.type);
  return { ending: last, epochs: of('epoch'), steps: of('step') };
}

test('a missing label is in no loss and no metric, and batches without any for a task train the others', async () => {
  const all = await trainWithLabels(1);
  const few = await trainWithLabels(20);
  // Of four rows in a batch at most one has a label here, and nine in ten batches have none.
  expect(few.steps.some(({ losses }) => losses[1] === null)).toBe(true);
  expect(few.steps.every(({ losses }) => typeof losses[0] === 'number')).toBe(true);
  expect(few.epochs.map(({ metrics }) => metrics[0])).toEqual(all.epochs.map(({ metrics }) => metrics[0]));
  expect(few.ending.metrics[0]).toEqual(all.ending.metrics[0]);
  const rare = few.ending.metrics[1];
  expect(Object.keys(rare)).toEqual(['train', 'validation', 'test']);
  expect(rare.test!.mse).toBeCloseTo(rare.test!.loss!, 5);
  // It learns from its twelve training rows, and only from them.
  expect(rare.train!.r2).toBeGreaterThan(0.5);
  expect(all.ending.metrics[1].test!.r2).toBeGreaterThan(rare.test!.r2!);
});
