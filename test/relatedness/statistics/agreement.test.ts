import { describe, expect, test } from 'vitest';
import {
  agreementIntervals,
  agreementMatrix,
  agreementOf,
  type DirectedValues,
} from '../../../src/relatedness/statistics/agreement';
import { kendall, ordered, pearson, spearman } from '../../../src/relatedness/statistics/correlation';
import { ranks } from '../../../src/relatedness/statistics/ranks';
import { matrixIntervals, meanMatrix } from '../../../src/relatedness/statistics/replicates';

const symmetric = (values: DirectedValues['values'], higherIsCloser = true): DirectedValues => ({
  values,
  directed: false,
  higherIsCloser,
});
const directed = (values: DirectedValues['values']): DirectedValues => ({
  values,
  directed: true,
  higherIsCloser: true,
});

describe('rank correlation', () => {
  test('ties share their ranks, and what is not finite has none', () => {
    expect([...ranks([3, 1, 3, NaN, 0])]).toEqual([3.5, 2, 3.5, NaN, 1]);
    expect([...ranks([7, 7, 7])]).toEqual([2, 2, 2]);
    expect([...ranks([])]).toEqual([]);
  });

  test('agrees with the textbook', () => {
    const [x, y] = [
      [1, 2, 3, 4, 5],
      [2, 1, 4, 3, 5],
    ];
    expect(spearman(ordered(x), ordered(y))).toBeCloseTo(0.8, 12);
    expect(kendall(x, y)).toBeCloseTo(0.6, 12);
    expect(pearson(x, y)).toBeCloseTo(0.8, 12);
  });

  test('with ties as scipy has it', () => {
    const [x, y] = [
      [12, 2, 1, 12, 2],
      [1, 4, 7, 1, 0],
    ];
    expect(kendall(x, y)).toBeCloseTo(-0.4714045207910316, 12);
    expect(spearman(ordered(x), ordered(y))).toBeCloseTo(-0.5407380704358751, 9);
  });

  test.each([
    [39_800, 50, 400, [0.29626958692591987, 0.42667869470835096]],
    [1001, 7, 3, [0.32421307505586183, 0.4029963152385198]],
  ])('over %i places with ties as scipy has it', (count, levels, others, expected) => {
    const x = levelsOf(count, levels, 1);
    const y = levelsOf(count, others, 2).map((value, place) => value + Math.floor((x[place] * others) / (2 * levels)));
    expect(kendall(x, y)).toBeCloseTo(expected[0], 12);
    expect(spearman(ordered(x), ordered(y))).toBeCloseTo(expected[1], 9);
  });

  test('is what comparing every two places says, however many are tied or unknown', () => {
    for (let round = 0; round < 200; round++) {
      const count = 3 + (round % 37);
      const unknown = (value: number, place: number) => ((place + round) % 11 === 0 ? NaN : value);
      const x = levelsOf(count, 1 + (round % 5), round).map(unknown);
      const y = levelsOf(count, 1 + (round % 23), round + 1000);
      const [found, expected] = [kendall(x, y), kendallOfPairs(x, y)];
      if (expected === null) expect(found).toBeNull();
      else expect(found).toBeCloseTo(expected, 12);
    }
  });

  test('has no value for fewer than three places, or where all are the same', () => {
    for (const correlate of [pearson, kendall]) {
      expect(correlate([1, 2], [1, 2])).toBeNull();
      expect(correlate([1, 2, NaN], [1, 2, 3])).toBeNull();
      expect(correlate([1, 1, 1], [1, 2, 3])).toBeNull();
    }
    expect(spearman(ordered([1, 1, 1, 4]), ordered([1, 2, 3, NaN]))).toBeNull();
  });
});

/** Whole numbers from 0 up to a limit, the same each time (a linear congruential generator). */
function levelsOf(count: number, levels: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 65536) % levels;
  });
}

/** Kendall's τ_b as it is defined. */
function kendallOfPairs(one: readonly number[], other: readonly number[]): number | null {
  const known = one.flatMap((x, place) => (Number.isNaN(x) ? [] : [{ x, y: other[place] }]));
  if (known.length < 3) return null;
  let [agreement, untiedOne, untiedOther] = [0, 0, 0];
  known.forEach((a, place) =>
    known.slice(0, place).forEach((b) => {
      agreement += Math.sign(a.x - b.x) * Math.sign(a.y - b.y);
      untiedOne += Math.abs(Math.sign(a.x - b.x));
      untiedOther += Math.abs(Math.sign(a.y - b.y));
    }),
  );
  return untiedOne === 0 || untiedOther === 0 ? null : agreement / Math.sqrt(untiedOne * untiedOther);
}

describe('agreement of measures', () => {
  const close = symmetric([
    [1, 0.9, 0.1, 0.2],
    [0.9, 1, 0.3, null],
    [0.1, 0.3, 1, 0.5],
    [0.2, null, 0.5, 1],
  ]);

  test('does not look at the diagonal, at scale, or at which way a measure counts', () => {
    const distance = symmetric(
      close.values.map((row) => row.map((value) => (value === null ? null : 100 - 7 * value ** 3))),
      false,
    );
    const one = expect.closeTo(1, 12) as number;
    expect(agreementOf([close], [distance])).toEqual({ spearman: one, kendall: one, pairs: 5 });
  });

  test('compares a directed measure with a symmetric one by the mean of its directions', () => {
    const lopsided = directed(
      close.values.map((row, from) =>
        row.map((value, to) => (value === null ? null : value + (from < to ? 5 : from > to ? -5 : 0))),
      ),
    );
    expect(agreementOf([close], [lopsided])).toMatchObject({ spearman: expect.closeTo(1, 12) as number, pairs: 5 });
    expect(agreementOf([lopsided], [lopsided])).toMatchObject({ spearman: expect.closeTo(1, 12) as number, pairs: 10 });
    const back = directed(lopsided.values.map((row, from) => row.map((_, to) => lopsided.values[to][from])));
    expect(agreementOf([lopsided], [back]).spearman).toBeLessThan(0.5);
  });

  test('of several measures is a symmetric table', () => {
    const opposite = symmetric(close.values, false);
    const alike = symmetric(close.values.map((row) => row.map(() => 0.5)));
    const one = expect.closeTo(1, 12) as number;
    const other = expect.closeTo(-1, 12) as number;
    expect(agreementMatrix([close, opposite, close, alike])).toEqual([
      [1, other, one, null],
      [other, 1, other, null],
      [one, other, 1, null],
      [null, null, null, 1],
    ]);
    expect(agreementMatrix([])).toEqual([]);
  });

  test('of several measures over replicates is the mean of what each finds, with an interval', () => {
    const opposite = symmetric(close.values, false);
    const unknown = symmetric(close.values.map((row) => row.map(() => null)));
    const { mean, lower, upper } = agreementIntervals([
      [close, close, unknown],
      [close, opposite, unknown],
      [close, close, close],
    ]);
    expect([mean[0][1], lower[0][1], upper[0][1]]).toEqual(
      [1 / 3, -1, 1].map((value) => expect.closeTo(value, 9) as number),
    );
    expect([mean[1][0], mean[0][0]]).toEqual([mean[0][1], 1]);
    // One replicate alone has a value: it has no interval.
    expect([mean[0][2], lower[0][2], upper[0][2]]).toEqual([expect.closeTo(1, 9), null, null]);
    expect(agreementIntervals([])).toEqual({ mean: [], lower: [], upper: [] });
  });

  test('has an interval over replicates', () => {
    const other = symmetric([
      [1, 0.2, 0.1, 0.9],
      [0.2, 1, 0.3, null],
      [0.1, 0.3, 1, 0.5],
      [0.9, null, 0.5, 1],
    ]);
    const { interval, spearman: mean } = agreementOf([close, other, close], [close, close, close]);
    expect(interval![0]).toBeLessThan(interval![1]);
    expect(interval![1]).toBeCloseTo(1, 12);
    expect(mean).toBeGreaterThan(0);
    expect(agreementOf([], [])).toEqual({ spearman: null, kendall: null, pairs: 0 });
  });
});

test('a matrix over replicates has a mean and an interval in each cell that has values', () => {
  const replicates = [
    [
      [1, 0.1],
      [null, 1],
    ],
    [
      [1, 0.3],
      [0.5, 1],
    ],
    [
      [1, 0.5],
      [null, 1],
    ],
  ];
  const { mean, lower, upper } = matrixIntervals(replicates);
  expect(mean).toEqual(meanMatrix(replicates));
  expect(mean[0][1]).toBeCloseTo(0.3, 12);
  expect(mean[1][0]).toBe(0.5);
  expect([lower[0][0], upper[0][0], lower[1][0], upper[1][0]]).toEqual([1, 1, null, null]);
  expect(lower[0][1]).toBeCloseTo(0.1, 12);
  expect(upper[0][1]).toBeCloseTo(0.5, 12);
});
