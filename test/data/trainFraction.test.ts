import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitRows } from '../../src/data/split';
import { textColumn, type Table } from '../../src/data/table';
import { prepareTasks } from '../../src/data/prepare';
import { checkExperiment } from '../../src/experiment/check';
import { fileDataSchema, type Split } from '../../src/experiment/dataSchema';
import { withSplitsOf } from '../../src/experiment/replicate';
import { csv, experimentOf, folderWith } from './support';

const parsed = (split: object): Split => fileDataSchema.parse({ split }).split;
const all = (rows: number) => Uint32Array.from({ length: rows }, (_, row) => row);
const letters = ['a', 'b', 'b', 'c', 'c', 'c', 'c', 'd', 'd', 'd'];
const tableOf = (rows: number): Table => ({
  rows,
  columns: [
    textColumn(
      'letter',
      Array.from({ length: rows }, (_, row) => letters[row % letters.length]),
    ),
    textColumn(
      'person',
      Array.from({ length: rows }, (_, row) => `person ${Math.floor(row / 7)}`),
    ),
    textColumn(
      'part',
      Array.from({ length: rows }, (_, row) => (row % 5 === 0 ? 'test' : 'train')),
    ),
  ],
});

describe('a share of the training rows', () => {
  const splits = fc.constantFrom<object>(
    { seed: 3 },
    { stratify: 'letter' },
    { group: 'person' },
    { group: 'person', stratify: 'letter' },
    { column: 'part', test: ['test'] },
  );

  test('smaller shares lie within larger ones, and the other splits stay', () => {
    fc.assert(
      fc.property(
        splits,
        fc.integer({ min: 20, max: 400 }),
        fc.tuple(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true })),
        fc.integer({ min: 0, max: 5 }),
        (split, rows, shares, trainSeed) => {
          const table = tableOf(rows);
          const draw = (extra: object) => splitRows(parsed({ ...split, ...extra }), table, all(rows));
          const whole = draw({});
          const [less, more] = [...shares].sort().map((trainFraction) => draw({ trainFraction, trainSeed }));
          expect(draw({ trainFraction: 1, trainSeed })).toEqual(whole);
          for (const { validation, test: tested } of [less, more]) {
            expect({ validation, tested }).toEqual({ validation: whole.validation, tested: whole.test });
          }
          const inMore = new Set(more.train);
          const inWhole = new Set(whole.train);
          expect([...less.train].every((row) => inMore.has(row))).toBe(true);
          expect([...more.train].every((row) => inWhole.has(row))).toBe(true);
          expect(less.train.length).toBeGreaterThan(0);
          expect([...less.train]).toEqual([...less.train].sort((a, b) => a - b));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('has the size that is asked for and keeps strata and tasks in their shares', () => {
    const table = tableOf(1000);
    const sizes = (split: object, within?: string) => {
      const named = table.columns.find(({ name }) => name === within);
      const { train } = splitRows(parsed({ ...split, trainFraction: 0.1 }), table, all(1000), named);
      const counts = new Map<string, number>();
      for (const row of train) counts.set(letters[row % 10], (counts.get(letters[row % 10]) ?? 0) + 1);
      return { rows: train.length, counts: Object.fromEntries([...counts].sort()) };
    };
    const even = { rows: 80, counts: { a: 8, b: 16, c: 32, d: 24 } };
    expect(sizes({ stratify: 'letter' })).toEqual(even);
    expect(sizes({}, 'letter')).toEqual(even);
    expect(sizes({}).rows).toBe(80);
    expect(sizes({}).counts).not.toEqual(even.counts);
  });

  test('takes whole groups', () => {
    const table = tableOf(700);
    const { train } = splitRows(parsed({ group: 'person', trainFraction: 0.25 }), table, all(700));
    const persons = new Set(Array.from(train, (row) => Math.floor(row / 7)));
    expect(train.length).toBe(7 * persons.size);
    expect(train.length).toBe(140);
  });

  test('differs between seeds, and between replicates unless it has a seed of its own', () => {
    const table = tableOf(200);
    const rowsOf = (split: Split) => [...splitRows(split, table, all(200)).train];
    const [one, other] = [1, 2].map((trainSeed) => rowsOf(parsed({ trainFraction: 0.2, trainSeed })));
    expect(one).not.toEqual(other);
    const experiment = (extra: object) =>
      experimentOf({
        data: { source: 'table.csv', split: { trainFraction: 0.2, ...extra } },
        tasks: { y: { target: 'y', kind: 'regression' } },
      });
    const drawn = (extra: object, seed: number) => rowsOf(withSplitsOf(experiment(extra), seed).data!.split);
    expect(drawn({}, 2)).toEqual(other);
    expect(drawn({ trainSeed: 'replicate' }, 1)).toEqual(one);
    expect(drawn({ trainSeed: 1 }, 2)).toEqual(one);
  });
});

describe('what is trained with a share of the rows', () => {
  const rows = Array.from({ length: 60 }, (_, row) => [row * row, row % 7, `school ${row % 3}`]);
  const folder = folderWith({ 'table.csv': csv([['x', 'y', 'school'], ...rows]) });
  const data = (trainFraction: number) => ({ source: 'table.csv', split: { trainFraction, trainSeed: 5 } });
  const inputs = { numeric: { columns: ['x'] } };
  const own = (trainFraction: number) =>
    experimentOf({
      inputs,
      data: data(trainFraction),
      tasks: {
        y: { target: 'y', kind: 'regression' },
        z: { target: 'y', kind: 'regression', data: data(trainFraction) },
      },
    });
  const each = (trainFraction: number) =>
    experimentOf({ inputs, data: data(trainFraction), tasks: { each: 'school', target: 'y', kind: 'regression' } });

  test.each([
    ['tables of their own', own],
    ['one task per value', each],
  ])('%s: scales are fitted on the rows that are used', async (_, experiment) => {
    const [some, whole] = await Promise.all([0.25, 1].map((share) => prepareTasks(experiment(share), folder)));
    expect(some.tasks).toHaveLength(whole.tasks.length);
    for (const [position, stream] of some.streams.entries()) {
      const { splits, preprocessing } = whole.streams[position];
      expect(stream.splits.train.rows).toBe(12);
      expect(splits.train.rows).toBe(48);
      expect(stream.splits.test.rows).toBe(splits.test.rows);
      const mean = stream.splits.train.numeric.reduce((sum, value) => sum + value, 0) / 12;
      expect(mean).toBeCloseTo(0, 5);
      expect(stream.preprocessing.numeric[0].shift).not.toBe(preprocessing.numeric[0].shift);
    }
  });

  test('a seed without a share is pointed out', () => {
    const text =
      'name: a\ndata:\n  source: a.csv\n  split: { trainSeed: 3 }\ntasks: { y: { target: y, kind: regression } }\n';
    const { problems } = checkExperiment(text);
    expect(problems.map(({ code, path }) => [code, path.join('.')])).toContainEqual([
      'setting-without-effect',
      'data.split.trainSeed',
    ]);
  });
});
