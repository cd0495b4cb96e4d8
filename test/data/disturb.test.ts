import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/common/random';
import { disturb, type Disturbance } from '../../src/data/disturb';
import { prepareTasks } from '../../src/data/prepare';
import { csv, experimentOf, folderWith } from './support';

const rows = Array.from({ length: 4000 }, (_, row) => [
  5 + ((row * 37) % 101),
  row % 4 === 0 ? '' : (row * 17) % 13,
  ['red', 'green', 'blue'][row % 3],
  row % 7,
]);
const folder = folderWith({ 'table.csv': csv([['amount', 'gaps', 'colour', 'y'], ...rows]) });
const experiment = experimentOf({
  data: { source: 'table.csv', split: { train: 0.5, validation: 0, test: 0.5 } },
  inputs: {
    numeric: { columns: ['amount', 'gaps'], scale: 'min-max', missing: 'mean-and-flag' },
    categorical: { columns: ['colour'] },
  },
  tasks: { y: { target: 'y', kind: 'regression' } },
});

async function testRows() {
  const [stream] = (await prepareTasks(experiment, folder)).streams;
  const change = (disturbance: Disturbance, seed = 1) =>
    disturb(stream.splits.test, stream.preprocessing, disturbance, createRandom(seed, 'rows'));
  return { stream, before: stream.splits.test, change };
}

describe('noise', () => {
  test('is a share of the deviation of each column, on what is there', async () => {
    const { stream, before, change } = await testRows();
    const after = change({ kind: 'noise', strength: 0.5 });
    expect(after.codes).toEqual(before.codes);
    const [amount, gaps] = stream.preprocessing.numeric;
    const added = Array.from(after.numeric, (value, place) => value - before.numeric[place]);
    const ofColumn = (column: number) => added.filter((_, place) => place % stream.numericWidth === column);
    const deviation = (values: number[]) =>
      Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
    expect(deviation(ofColumn(0)) / (amount.training.deviation / amount.divisor)).toBeCloseTo(0.5, 1);
    const missing = (row: number) => before.numeric[row * stream.numericWidth + gaps.flag!] === 1;
    expect(ofColumn(1).every((value, row) => (value === 0) === missing(row))).toBe(true);
    expect(ofColumn(gaps.flag!).every((value) => value === 0)).toBe(true);
  });

  test('goes in the same directions, the stronger the farther, and is that of the seed', async () => {
    const { before, change } = await testRows();
    const [weak, strong] = [0.1, 0.2].map((strength) => change({ kind: 'noise', strength }).numeric);
    for (let place = 0; place < 50; place++) {
      expect(strong[place] - before.numeric[place]).toBeCloseTo(2 * (weak[place] - before.numeric[place]), 5);
    }
    expect(change({ kind: 'noise', strength: 0.1 }).numeric).toEqual(weak);
    expect(change({ kind: 'noise', strength: 0.1 }, 2).numeric).not.toEqual(weak);
    expect(change({ kind: 'noise', strength: 0 })).toEqual(before);
  });
});

describe('missing values', () => {
  test('are stood in for as the preprocessing does', async () => {
    const { stream, before, change } = await testRows();
    const { numeric, codes } = change({ kind: 'missing', strength: 1 });
    const [amount, gaps] = stream.preprocessing.numeric;
    for (let row = 0; row < before.rows; row++) {
      const start = row * stream.numericWidth;
      expect(numeric[start]).toBeCloseTo((amount.fill - amount.shift) / amount.divisor, 6);
      expect(numeric[start + gaps.flag!]).toBe(1);
      // No training row lacks a colour, so a missing one is among the other levels.
      expect(codes[row]).toBe(3);
    }
  });

  test('are as many as asked for, and those of less are among those of more', async () => {
    const { before, change } = await testRows();
    const lost = (strength: number) => {
      const { codes } = change({ kind: 'missing', strength });
      return Array.from(codes.keys()).filter((row) => codes[row] !== before.codes[row]);
    };
    const [few, many] = [0.1, 0.4].map(lost);
    expect(few.length / before.rows).toBeCloseTo(0.1, 1);
    expect(many.length / before.rows).toBeCloseTo(0.4, 1);
    expect(few.every((row) => many.includes(row))).toBe(true);
    expect(change({ kind: 'missing', strength: 0 })).toEqual(before);
  });
});
