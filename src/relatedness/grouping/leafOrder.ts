import type { Matrix } from '../../common/linear/matrix';
import type { Merge } from './linkage';

/** A branch of the dendrogram. */
interface Branch {
  readonly leaves: readonly number[];
  /** Absent for a single task. */
  readonly sides?: readonly [Branch, Branch];
}

/**
 * The order of the tasks along a dendrogram in which the sum of the affinities of neighbours is highest, among all that
 * turning its branches gives (Bar-Joseph et al., Fast Optimal Leaf Ordering for Hierarchical Clustering, 2001). Takes
 * T³ steps and T² memory.
 * @param pairs T x T, symmetric, higher is closer.
 */
export function leafOrder(pairs: Matrix, merges: readonly Merge[]): readonly number[] {
  const count = merges.length + 1;
  const branches: Branch[] = Array.from({ length: count }, (_, task) => ({ leaves: [task] }));
  // At (i, j), of the smallest branch with both: the best order that begins with i and ends with j.
  const best = new Float64Array(count * count);
  for (const { left, right } of merges) {
    const sides = [branches[left], branches[right]] as const;
    joinOrders(best, pairs, count, ...sides);
    branches.push({ leaves: [...sides[0].leaves, ...sides[1].leaves], sides });
  }
  const root = branches[branches.length - 1];
  if (!root.sides) return root.leaves;
  const [first, last] = highest(root.sides[0].leaves, root.sides[1].leaves, (i, j) => best[i * count + j]);
  return unfold({ best, pairs, count }, root, first, last);
}

/** With which leaves an order of the branch can end that begins with this one. */
function otherEnds({ leaves, sides }: Branch, leaf: number): readonly number[] {
  if (!sides) return leaves;
  return sides[0].leaves.includes(leaf) ? sides[1].leaves : sides[0].leaves;
}

/** Fills in `best` for all pairs with one task in each of two branches that become one. */
function joinOrders(best: Matrix, pairs: Matrix, count: number, left: Branch, right: Branch): void {
  for (const i of left.leaves) {
    // Of the orders of the left branch from i, and then k as the first of the right branch.
    const reaching = new Float64Array(count);
    const ends = otherEnds(left, i);
    for (const k of right.leaves) {
      reaching[k] = ends.reduce((most, m) => Math.max(most, best[i * count + m] + pairs[m * count + k]), -Infinity);
    }
    for (const j of right.leaves) {
      const value = otherEnds(right, j).reduce(
        (most, k) => Math.max(most, reaching[k] + best[k * count + j]),
        -Infinity,
      );
      best[i * count + j] = best[j * count + i] = value;
    }
  }
}

interface Orders {
  readonly best: Matrix;
  readonly pairs: Matrix;
  readonly count: number;
}

/** The best order of a branch from one leaf to another, which lie on different sides of it. */
function unfold(orders: Orders, branch: Branch, first: number, last: number): readonly number[] {
  if (!branch.sides) return branch.leaves;
  const { best, pairs, count } = orders;
  const [one, other] = branch.sides;
  const [near, far] = one.leaves.includes(first) ? [one, other] : [other, one];
  const [m, k] = highest(
    otherEnds(near, first),
    otherEnds(far, last),
    (end, start) => best[first * count + end] + pairs[end * count + start] + best[start * count + last],
  );
  return [...unfold(orders, near, first, m), ...unfold(orders, far, k, last)];
}

function highest(
  firsts: readonly number[],
  seconds: readonly number[],
  value: (first: number, second: number) => number,
): readonly [number, number] {
  let most = -Infinity;
  let found: readonly [number, number] = [firsts[0], seconds[0]];
  for (const first of firsts) {
    for (const second of seconds) {
      const own = value(first, second);
      if (own > most) [most, found] = [own, [first, second]];
    }
  }
  return found;
}
