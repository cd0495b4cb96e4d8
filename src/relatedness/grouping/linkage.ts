import type { Matrix } from '../../common/linear/matrix';
import { symmetricPairs } from './affinities';
import { networksOf, type GroupingDescription } from './method';

/** Nested groups, by the merges that a dendrogram shows. */
export const averageLinkage: GroupingDescription<'linkage'> = {
  name: 'linkage',
  title: 'Average linkage',
  summary: 'Clusters by joining, again and again, the two with the highest mean affinity, until k are left.',
  details:
    'Hierarchical clustering of the matrix, a directed one by the mean of its two directions. Gives exactly $k$ groups, which are nested: those of $k$ and $k + 1$ differ in one division.',
  source: 'Sokal and Michener, A Statistical Method for Evaluating Systematic Relationships, 1958',
  networks: (worth, groups) => networksOf(worth, cutInto(linkage(symmetricPairs(worth), worth.count), groups)),
};

/** Two clusters become one. Clusters 0 to T - 1 are the tasks; merge m makes cluster T + m. */
export interface Merge {
  readonly left: number;
  readonly right: number;
  /** The mean affinity between the tasks of the one and of the other: never above that of the merge before. */
  readonly affinity: number;
  /** How many tasks the new cluster has. */
  readonly size: number;
}

/**
 * Average linkage (Sokal and Michener, A Statistical Method for Evaluating Systematic Relationships, 1958): again and
 * again the two clusters become one whose tasks have the highest mean affinity. Takes T³ steps.
 * @param pairs T x T, symmetric, higher is closer.
 * @returns T - 1 merges
 */
export function linkage(pairs: Matrix, count: number): Merge[] {
  const between = Float64Array.from(pairs);
  const alive = Array.from({ length: count }, (_, task) => ({ place: task, cluster: task, size: 1 }));
  const merges: Merge[] = [];
  while (alive.length > 1) {
    const [first, second] = closest(between, count, alive);
    const [left, right] = [alive[first], alive[second]];
    const size = left.size + right.size;
    merges.push({
      left: left.cluster,
      right: right.cluster,
      affinity: between[left.place * count + right.place],
      size,
    });
    for (const { place } of alive) {
      const mean =
        (left.size * between[left.place * count + place] + right.size * between[right.place * count + place]) / size;
      between[left.place * count + place] = between[place * count + left.place] = mean;
    }
    alive[first] = { place: left.place, cluster: count + merges.length - 1, size };
    alive.splice(second, 1);
  }
  return merges;
}

/** The first of the pairs with the highest affinity. */
function closest(between: Matrix, count: number, alive: readonly { readonly place: number }[]): [number, number] {
  let best: [number, number] = [0, 1];
  let highest = -Infinity;
  for (let first = 0; first < alive.length; first++) {
    for (let second = first + 1; second < alive.length; second++) {
      const value = between[alive[first].place * count + alive[second].place];
      if (value > highest) [highest, best] = [value, [first, second]];
    }
  }
  return best;
}

/** The clusters as they are when so many are left, each with its tasks ascending. */
export function cutInto(merges: readonly Merge[], groups: number): number[][] {
  const count = merges.length + 1;
  const clusters = new Map(Array.from({ length: count }, (_, task) => [task, [task]]));
  merges.slice(0, Math.max(0, count - groups)).forEach(({ left, right }, merge) => {
    clusters.set(count + merge, [...clusters.get(left)!, ...clusters.get(right)!]);
    clusters.delete(left);
    clusters.delete(right);
  });
  return [...clusters.values()].map((tasks) => tasks.sort((one, other) => one - other));
}
