import { describe, expect, test } from 'vitest';
import { leafOrder } from '../../../src/relatedness/grouping/leafOrder';
import { cutInto, linkage, type Merge } from '../../../src/relatedness/grouping/linkage';
import { randomAffinities } from './support';

function symmetric(count: number, seed: number): Float64Array {
  const matrix = randomAffinities(count, seed);
  return Float64Array.from(matrix.flatMap((row, i) => row.map((value, j) => (i === j ? 0 : value + matrix[j][i]))));
}

describe('average linkage', () => {
  test('joins by the mean over all pairs', () => {
    // 0 and 1 at 9, 2 and 3 at 8; between them 1, 2, 3, 6.
    const pairs = Float64Array.from([0, 9, 1, 2, 9, 0, 3, 6, 1, 3, 0, 8, 2, 6, 8, 0]);
    const merges = linkage(pairs, 4);
    expect(merges).toEqual([
      { left: 0, right: 1, affinity: 9, size: 2 },
      { left: 2, right: 3, affinity: 8, size: 2 },
      { left: 4, right: 5, affinity: 3, size: 4 },
    ]);
    expect(cutInto(merges, 3)).toEqual([[2], [3], [0, 1]]);
    expect(cutInto(merges, 1)).toEqual([[0, 1, 2, 3]]);
    expect(linkage(new Float64Array(1), 1)).toEqual([]);
    expect(cutInto([], 1)).toEqual([[0]]);
  });

  test('has means of all pairs between the clusters, and never rises', () => {
    const pairs = symmetric(14, 3);
    const clusters: number[][] = Array.from({ length: 14 }, (_, task) => [task]);
    let before = Infinity;
    for (const { left, right, affinity, size } of linkage(pairs, 14)) {
      const between = clusters[left].flatMap((i) => clusters[right].map((j) => pairs[14 * i + j]));
      expect(affinity).toBeCloseTo(between.reduce((sum, value) => sum + value, 0) / between.length, 9);
      expect(affinity).toBeLessThanOrEqual(before + 1e-12);
      before = affinity;
      clusters.push([...clusters[left], ...clusters[right]]);
      expect(clusters.at(-1)).toHaveLength(size);
    }
  });
});

describe('the order of leaves', () => {
  const neighbours = (pairs: Float64Array, order: readonly number[]) =>
    order.slice(1).reduce((sum, task, at) => sum + pairs[order.length * order[at] + task], 0);

  /** All orders that turning branches gives. */
  function orders(merges: readonly Merge[], cluster: number): number[][] {
    const count = merges.length + 1;
    if (cluster < count) return [[cluster]];
    const { left, right } = merges[cluster - count];
    return orders(merges, left).flatMap((one) =>
      orders(merges, right).flatMap((other) => [
        [...one, ...other],
        [...other, ...one],
      ]),
    );
  }

  test.each([2, 3, 5, 8, 9])('of %d tasks is the best of all', (count) => {
    const pairs = symmetric(count, count);
    const merges = linkage(pairs, count);
    const all = orders(merges, 2 * count - 2);
    const order = leafOrder(pairs, merges);
    expect(all).toContainEqual(order);
    expect(neighbours(pairs, order)).toBeCloseTo(Math.max(...all.map((one) => neighbours(pairs, one))), 9);
  });

  test('of one task, and of fifty', () => {
    expect(leafOrder(new Float64Array(1), [])).toEqual([0]);
    const pairs = symmetric(50, 1);
    const order = leafOrder(pairs, linkage(pairs, 50));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, task) => task));
  });
});
