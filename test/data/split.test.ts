import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apportion, splitRows } from '../../src/data/split';
import { numericColumn, textColumn } from '../../src/data/table';
import type { Table } from '../../src/data/table';
import { splitNames } from '../../src/data/taskSet';
import { fileDataSchema } from '../../src/experiment/dataSchema';
import type { Split } from '../../src/experiment/dataSchema';

const parsed = (split: object): Split => fileDataSchema.parse({ split }).split;
const all = (rows: number) => Uint32Array.from({ length: rows }, (_, row) => row);
const tableOf = (columns: Readonly<Record<string, readonly (string | null)[]>>): Table => {
  const entries = Object.entries(columns);
  return { rows: entries[0][1].length, columns: entries.map(([name, values]) => textColumn(name, values)) };
};
const cycle = (rows: number, values: readonly string[]) =>
  Array.from({ length: rows }, (_, row) => values[row % values.length]);
const sizes = (positions: ReturnType<typeof splitRows>) => splitNames.map((name) => positions[name].length);

/** Fractions of three splits that make at most 1. */
const fractions = fc
  .tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }))
  .map((parts) => {
    const sum = Math.max(100, ...[parts.reduce((a, b) => a + b)]);
    return { train: parts[0] / sum, validation: parts[1] / sum, test: parts[2] / sum };
  });

describe('fractions', () => {
  test.each([
    [[0.8, 0.1, 0.1, 0], 10, [8, 1, 1, 0]],
    [[0.8, 0.1, 0.1, 0], 30, [24, 3, 3, 0]],
    [[0.8, 0.1, 0.1, 0], 4, [3, 0, 1, 0]],
    [[0.8, 0.1, 0.1, 0], 5, [4, 0, 1, 0]],
    [[0.7, 0.1, 0.2, 0], 99762, [69833, 9976, 19953, 0]],
    [[1, 0, 0, 0], 7, [7, 0, 0, 0]],
    [[0.5, 0.1, 0.1, 0.3], 10, [5, 1, 1, 3]],
  ])('%j of %i rows', (shares, rows, expected) => {
    expect(apportion(shares, rows)).toEqual(expected);
  });

  test('every row falls in one split at most, sizes are the quotas to within one row', () => {
    fc.assert(
      fc.property(fractions, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 9 }), (shares, rows, seed) => {
        const table = tableOf({ a: cycle(rows, ['x', 'y', 'z']) });
        for (const extra of [{}, { stratify: 'a' }]) {
          const positions = splitRows(parsed({ ...shares, seed, ...extra }), table, all(rows));
          const rowsOf = splitNames.flatMap((name) => [...positions[name]]);
          expect(new Set(rowsOf).size).toBe(rowsOf.length);
          for (const name of splitNames) {
            expect(Math.abs(positions[name].length - shares[name] * rows)).toBeLessThan(2);
            if (shares[name] === 0) expect(positions[name]).toHaveLength(0);
          }
        }
      }),
    );
  });

  test('the seed alone says which rows', () => {
    const table = tableOf({ a: cycle(100, ['x']) });
    const draw = (seed: number) => splitRows(parsed({ seed }), table, all(100));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1).test).not.toEqual(draw(2).test);
    expect(sizes(draw(3))).toEqual([80, 10, 10]);
  });

  test('within each task every split has rows', () => {
    const table = tableOf({ school: [...cycle(40, ['a']), ...cycle(10, ['b']), ...cycle(4, ['c'])] });
    const positions = splitRows(parsed({}), table, all(54), table.columns[0]);
    const count = (name: (typeof splitNames)[number], from: number, to: number) =>
      positions[name].filter((row) => row >= from && row < to).length;
    expect(splitNames.map((name) => count(name, 0, 40))).toEqual([32, 4, 4]);
    expect(splitNames.map((name) => count(name, 40, 50))).toEqual([8, 1, 1]);
    expect(splitNames.map((name) => count(name, 50, 54))).toEqual([3, 0, 1]);
  });
});

test('stratified: the shares of the values stay', () => {
  const table = tableOf({ a: cycle(1000, ['x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'y']) });
  const { test: held } = splitRows(parsed({ stratify: 'a' }), table, all(1000));
  expect(held.filter((row) => row % 10 === 9)).toHaveLength(10);
});

describe('groups', () => {
  const groups = Array.from({ length: 600 }, (_, row) => `g${Math.floor(Math.sqrt(row))}`);
  const table = tableOf({ group: groups, answer: cycle(600, ['x', 'y', 'y']) });

  test.each([{ group: 'group' }, { group: 'group', stratify: 'answer' }])('%j stay whole', (split) => {
    const positions = splitRows(parsed({ ...split, train: 0.6, validation: 0.2, test: 0.2 }), table, all(600));
    const owners = splitNames.map((name) => new Set([...positions[name]].map((row) => groups[row])));
    for (const [first, second] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      expect([...owners[first]].filter((group) => owners[second].has(group))).toEqual([]);
    }
    expect(sizes(positions).reduce((a, b) => a + b)).toBe(600);
    expect(sizes(positions).map((size) => Math.round(size / 60))).toEqual([6, 2, 2]);
  });
});

describe('a column that says the split', () => {
  const speakers = ['ann', 'bob', 'cec', 'dan', null];
  const table: Table = {
    rows: 5,
    columns: [textColumn('who', speakers), numericColumn('fold', Float64Array.from([1, 2, 3, 4, NaN]))],
  };

  test.each([
    [{ column: 'who', test: ['bob'] }, [[0, 2, 3, 4], [], [1]]],
    [{ column: 'who', test: ['bob'], validation: ['ann', 'dan'] }, [[2, 4], [0, 3], [1]]],
    [{ column: 'who', test: ['bob'], train: ['cec'] }, [[2], [], [1]]],
    [{ column: 'fold', test: [4], validation: ['3'] }, [[0, 1, 4], [2], [3]]],
  ])('%j', (split, expected) => {
    const positions = splitRows(parsed(split), table, all(5));
    expect(splitNames.map((name) => [...positions[name]])).toEqual(expected);
  });
});
