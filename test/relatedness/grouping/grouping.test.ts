import { describe, expect, test } from 'vitest';
import { createRandom, shuffle } from '../../../src/common/random';
import { groupingMethods, groupTasks, type TaskGrouping } from '../../../src/relatedness/grouping';
import { bruteForceScore, permuted, randomAffinities, type Matrix } from './support';

const methods = groupingMethods.map(({ name }) => name);

/** Groups as sets of names of tasks, in an order of their own. */
function named({ groups }: TaskGrouping, names: readonly number[]): string[] {
  return groups
    .map(({ serves, helpers }) => {
      const sorted = (tasks: readonly number[]) => tasks.map((task) => names[task]).sort((a, b) => a - b);
      return `${sorted(serves).join(' ')} + ${sorted(helpers).join(' ')}`;
    })
    .sort();
}

/** As TAG defines it, from the groups alone. */
function scoreOf(matrix: Matrix, { groups }: TaskGrouping, alone: number): number {
  const total = groups.flatMap(({ serves, helpers }) => {
    const network = [...serves, ...helpers];
    return serves.map((to) => {
      const others = network.filter((from) => from !== to);
      return others.length === 0 ? alone : others.reduce((sum, from) => sum + matrix[from][to], 0) / others.length;
    });
  });
  return total.reduce((sum, value) => sum + value, 0) / matrix.length;
}

describe('network selection', () => {
  const cases = [1, 2, 3, 4].flatMap((groups) =>
    [false, true].flatMap((disjoint) => [1, 2, 3].map((seed) => ({ groups, disjoint, seed }))),
  );

  test.each(cases)('is as good as trying all: $groups groups, disjoint $disjoint, seed $seed', (one) => {
    const { groups, disjoint, seed } = one;
    // Choosing four of all sets of six tasks takes too long.
    const matrix = randomAffinities(groups > 3 && !disjoint ? 4 : 5, seed);
    const found = groupTasks(matrix, true, { groups, disjoint, alone: 0.1 });
    expect(found.exact).toBe(true);
    expect(found.score).toBeCloseTo(bruteForceScore(matrix, groups, disjoint, 0.1), 9);
    expect(found.score).toBeCloseTo(scoreOf(matrix, found, 0.1), 9);
    expect(found.groups.length).toBeLessThanOrEqual(groups);
    expect(found.groups.flatMap(({ serves }) => serves).sort()).toEqual(matrix.map((_, task) => task));
    if (disjoint) expect(found.groups.flatMap(({ helpers }) => helpers)).toEqual([]);
  });

  test('more groups are never worse, and neither are helpers', () => {
    const matrix = randomAffinities(11, 5);
    const scores = matrix.map((_, at) => groupTasks(matrix, true, { groups: at + 1, alone: 0 }).score!);
    const apart = matrix.map((_, at) => groupTasks(matrix, true, { groups: at + 1, alone: 0, disjoint: true }).score!);
    for (let at = 1; at < 11; at++) {
      expect(scores[at]).toBeGreaterThanOrEqual(scores[at - 1] - 1e-12);
      expect(apart[at]).toBeGreaterThanOrEqual(apart[at - 1] - 1e-12);
    }
    scores.forEach((score, at) => expect(score).toBeGreaterThanOrEqual(apart[at] - 1e-12));
  });

  test('takes twenty tasks exactly and more by search', () => {
    const twenty = groupTasks(randomAffinities(20, 3, 4), true, { groups: 4 });
    expect(twenty.exact).toBe(true);
    expect(twenty.groups.map(({ serves }) => serves)).toEqual(
      [0, 1, 2, 3].map((first) => [0, 4, 8, 12, 16].map((task) => task + first)),
    );
    const fifty = groupTasks(randomAffinities(50, 3, 5), true, { groups: 5 });
    expect(fifty.exact).toBe(false);
    expect(fifty.groups.map(({ serves }) => serves)).toEqual(
      [0, 1, 2, 3, 4].map((first) => Array.from({ length: 10 }, (_, at) => first + 5 * at)),
    );
  });

  test('a task is alone where that is worth most, and by default only where it must be', () => {
    const matrix = [
      [1, 0.5, -1],
      [0.5, 1, -1],
      [-1, -1, 1],
    ];
    const free = groupTasks(matrix, true, { groups: 2, alone: 0 });
    expect(free.groups).toEqual([
      { serves: [0, 1], helpers: [] },
      { serves: [2], helpers: [] },
    ]);
    expect(free.score).toBeCloseTo(1 / 3, 12);
    const never = groupTasks(matrix, true, { groups: 2 });
    expect(never.groups[1]).toMatchObject({ serves: [2] });
    expect(never.groups[1].helpers).toHaveLength(1);
    expect(groupTasks(matrix, true, { groups: 3, disjoint: true }).groups).toHaveLength(1);
    expect(groupTasks([[1]], true, { groups: 1 })).toMatchObject({
      groups: [{ serves: [0], helpers: [] }],
      score: null,
    });
  });
});

describe.each(methods)('%s', (method) => {
  const names = Array.from({ length: 12 }, (_, task) => task);

  test('finds blocks, in whatever order the tasks come', () => {
    const matrix = randomAffinities(12, 8, 3);
    const found = named(groupTasks(matrix, true, { groups: 3, method }), names);
    expect(found).toEqual(['0 3 6 9 + ', '1 4 7 10 + ', '2 5 8 11 + ']);
    const order = shuffle([...names], createRandom(4));
    expect(named(groupTasks(permuted(matrix, order), true, { groups: 3, method }), order)).toEqual(found);
  });

  test('does not see scale, offset or which way the measure counts', () => {
    const matrix = randomAffinities(12, 9, 4);
    const found = groupTasks(matrix, true, { groups: 4, method });
    const distances = matrix.map((row) => row.map((value) => 100 - 2 * value));
    const turned = groupTasks(distances, false, { groups: 4, method });
    expect(turned.groups).toEqual(found.groups);
    expect(turned.score).toBeCloseTo(100 - 2 * found.score!, 9);
  });

  test('doubles of a task lie in its group', () => {
    const random = createRandom(6, 'doubles');
    const tasks = Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => random.normal()));
    const all = [...tasks, ...tasks, ...tasks];
    const cosine = (one: readonly number[], other: readonly number[]) =>
      one.reduce((sum, value, k) => sum + value * other[k], 0) / Math.hypot(...one) / Math.hypot(...other);
    const matrix = all.map((one) => all.map((other) => cosine(one, other)));
    const { groups } = groupTasks(matrix, true, { groups: 4, method });
    for (const { serves } of groups) expect(new Set(serves.map((task) => task % 4)).size).toBe(1);
  });

  test('fills in pairs that were never observed, and says how many', () => {
    const values: (number | null)[][] = randomAffinities(9, 2, 3, 0.3);
    values[0][3] = values[3][0] = values[5][1] = null;
    const found = groupTasks(values, true, { groups: 3, method });
    expect(found.filled).toBe(3);
    expect(found.groups).toHaveLength(3);
    expect(found.groups[1].serves).toEqual([1, 4, 7]);
    const nothing = values.map((row) => row.map(() => null));
    expect(() => groupTasks(nothing, true, { groups: 3, method })).toThrow(RangeError);
  });

  test('one group has all tasks, and equal tasks are no trouble', () => {
    const matrix = randomAffinities(7, 1);
    expect(groupTasks(matrix, true, { groups: 1, method }).groups).toEqual([
      { serves: [0, 1, 2, 3, 4, 5, 6], helpers: [] },
    ]);
    const same = matrix.map((row) => row.map(() => 1));
    const served = groupTasks(same, true, { groups: 3, method }).groups.flatMap(({ serves }) => serves);
    expect(served.sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const groups of [0, 8, 1.5, NaN]) {
      expect(() => groupTasks(matrix, true, { groups, method })).toThrow(RangeError);
    }
  });
});
