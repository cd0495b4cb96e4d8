import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bootstrapInterval } from '../../../src/relatedness/statistics/bootstrap';
import { gainOf, type TaskPair } from '../../../src/relatedness/statistics/gain';
import { adjustForMany, pairedTest } from '../../../src/relatedness/statistics/pairedTest';
import { twoSidedTail } from '../../../src/relatedness/statistics/studentT';

interface GoldenCase {
  readonly base: Readonly<Record<string, readonly number[]>>;
  readonly new: Readonly<Record<string, readonly number[]>>;
  readonly higher_is_better: Readonly<Record<string, readonly number[]>>;
  readonly delta: number;
}

const golden = JSON.parse(readFileSync(new URL('../../golden/golden.json', import.meta.url), 'utf8')) as {
  readonly delta_p: readonly GoldenCase[];
};

function pairsOf(shared: readonly number[], alone: readonly number[], higherIsBetter = true): TaskPair[] {
  return [{ task: 'a', metrics: [{ metric: 'auc', higherIsBetter, shared, alone }] }];
}

describe('Student t', () => {
  // Tables of the t distribution, two-sided.
  test.each([
    [12.706205, 1, 0.05],
    [4.302653, 2, 0.05],
    [2.776445, 4, 0.05],
    [4.604095, 4, 0.01],
    [2.228139, 10, 0.05],
    [1.983972, 100, 0.05],
    [0, 7, 1],
  ])('|t| above %d with %d degrees of freedom has probability %d', (t, degrees, probability) => {
    expect(twoSidedTail(t, degrees)).toBeCloseTo(probability, 6);
    expect(twoSidedTail(-t, degrees)).toBeCloseTo(probability, 6);
  });
});

describe('paired test', () => {
  test('agrees with the textbook', () => {
    // Mean 1, deviation 1, five pairs: t = sqrt(5), 4 degrees of freedom.
    const differences = [1 - Math.SQRT2, 1, 1, 1, 1 + Math.SQRT2];
    expect(pairedTest(differences)).toBeCloseTo(0.0890093, 6);
  });

  test('knows equal differences and too few of them', () => {
    expect(pairedTest([])).toBeUndefined();
    expect(pairedTest([1])).toBeUndefined();
    expect(pairedTest([0, 0, 0])).toBe(1);
    expect(pairedTest([2, 2, 2])).toBe(0);
  });

  test('gives false alarms as seldom as it says', () => {
    let state = 1;
    const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const alarms = Array.from({ length: 4000 }, () => pairedTest(Array.from({ length: 5 }, normal))!).filter(
      (value) => value < 0.05,
    );
    expect(alarms.length / 4000).toBeGreaterThan(0.035);
    expect(alarms.length / 4000).toBeLessThan(0.065);
  });

  test('adjusts for many tests as Holm has it', () => {
    expect(adjustForMany([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(adjustForMany([0.6, 0.9])).toEqual([1, 1]);
    expect(adjustForMany([])).toEqual([]);
  });
});

describe('bootstrap', () => {
  test('gives an interval around the mean, the same every time', () => {
    const values = [0.1, 0.3, 0.2, 0.4, 0.25];
    const [lower, upper] = bootstrapInterval(values)!;
    expect(lower).toBeGreaterThan(0.1);
    expect(lower).toBeLessThan(0.25);
    expect(upper).toBeGreaterThan(0.25);
    expect(upper).toBeLessThan(0.4);
    expect(bootstrapInterval(values)).toEqual([lower, upper]);
  });

  test('covers the mean of many values about as often as it says', () => {
    let state = 7;
    const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const covered = Array.from({ length: 200 }, () => bootstrapInterval(Array.from({ length: 40 }, uniform))!).filter(
      ([lower, upper]) => lower <= 0.5 && upper >= 0.5,
    );
    expect(covered.length / 200).toBeGreaterThan(0.88);
  });

  test('is a point for equal values and absent for one', () => {
    expect(bootstrapInterval([2, 2, 2])).toEqual([2, 2]);
    expect(bootstrapInterval([2])).toBeUndefined();
  });
});

describe('gain', () => {
  test.each(golden.delta_p.map((entry, index) => ({ index, entry })))(
    'agrees with reference figure $index',
    ({ entry }) => {
      const tasks = Object.keys(entry.base).map((task) => ({
        task,
        metrics: entry.base[task].map((alone, metric) => ({
          metric: String(metric),
          higherIsBetter: entry.higher_is_better[task][metric] === 1,
          shared: [entry.new[task][metric]],
          alone: [alone],
        })),
      }));
      expect(gainOf(tasks).overall.mean).toBeCloseTo(entry.delta, 12);
    },
  );

  test('says whether sharing helped, hurt or cannot be told', () => {
    const alone = [0.7, 0.71, 0.69, 0.7, 0.705];
    const better = alone.map((value, index) => value + 0.02 + 0.001 * index);
    const verdict = (shared: readonly number[], higherIsBetter = true) =>
      gainOf(pairsOf(shared, alone.slice(0, shared.length), higherIsBetter)).tasks[0].verdict;
    expect(verdict(better)).toBe('helped');
    expect(verdict(better, false)).toBe('hurt');
    expect(verdict([0.71, 0.7, 0.7, 0.69, 0.71])).toBe('cannot be told');
    expect(verdict(better.slice(0, 1))).toBe('cannot be told');
  });

  test('keeps the sign where the baseline is negative, and leaves out what has no relation to it', () => {
    const { tasks, overall } = gainOf([
      ...pairsOf([0.1, 0.1], [-0.2, -0.2]),
      { task: 'b', metrics: [{ metric: 'r2', higherIsBetter: true, shared: [1, 1], alone: [0, 0] }] },
    ]);
    expect(tasks[0].gain.mean).toBeCloseTo(1.5, 12);
    expect(tasks[1].gain.mean).toBeNull();
    expect(tasks[1].verdict).toBe('cannot be told');
    expect(overall.mean).toBeCloseTo(1.5, 12);
  });

  test('counts a value that did not change as no gain, even at 0', () => {
    expect(gainOf(pairsOf([0, 0], [0, 0])).overall.mean).toBe(0);
  });

  test('is nothing without tasks', () => {
    expect(gainOf([]).overall).toEqual({ mean: null, replicates: [] });
  });
});
