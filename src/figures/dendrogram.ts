import { shorten } from './labels';
import { plural, shortValue } from './numbers';
import type { Merge } from '../relatedness/grouping/linkage';

/** One of the two branches that a join holds together. */
export interface DendrogramSide {
  /** Where it lies among the rows: that of a task, or halfway between the sides of its own join. */
  readonly row: number;
  /** The value at which it was joined itself; undefined for a single task. */
  readonly value?: number;
}

/** Two clusters that become one. */
export interface DendrogramJoin {
  readonly sides: readonly [DendrogramSide, DendrogramSide];
  /** The mean of the matrix between them, in its own units. */
  readonly value: number;
  /** The rows that it holds: from the first to the last. */
  readonly rows: readonly [number, number];
}

/** How the rows of an ordered matrix were joined, from the closest to all of them. */
export interface Dendrogram {
  readonly joins: readonly DendrogramJoin[];
  /** The values of the first and of the last join. */
  readonly closest: number;
  readonly furthest: number;
}

/**
 * The dendrogram of merges along rows.
 * @param merges One at least.
 * @param order The tasks of the rows: an order of the dendrogram's leaves.
 */
export function dendrogramOf(merges: readonly Merge[], order: readonly number[], higherIsCloser: boolean): Dendrogram {
  const sign = higherIsCloser ? 1 : -1;
  const rowOf = new Map(order.map((task, row) => [task, row]));
  const clusters: (DendrogramSide & Pick<DendrogramJoin, 'rows'>)[] = order.map((_, task) => {
    const row = rowOf.get(task) ?? 0;
    return { row, rows: [row, row] };
  });
  const joins = merges.map(({ left, right, affinity }): DendrogramJoin => {
    const [one, other] = [clusters[left], clusters[right]].sort((first, second) => first.row - second.row);
    const value = sign * affinity;
    const rows = [Math.min(one.rows[0], other.rows[0]), Math.max(one.rows[1], other.rows[1])] as const;
    clusters.push({ row: (one.row + other.row) / 2, value, rows });
    return { sides: [sideOf(one), sideOf(other)], value, rows };
  });
  return { joins, closest: joins[0].value, furthest: joins[joins.length - 1].value };
}

function sideOf({ row, value }: DendrogramSide): DendrogramSide {
  return value === undefined ? { row } : { row, value };
}

/** The part of the width that is before the first join, so that it is seen as one. */
const before = 0.12;

/** How far from the rows a value is drawn: from 0 to 1, which is the last join. Single tasks begin at 0. */
export function dendrogramDepth({ closest, furthest }: Dendrogram, value: number | undefined): number {
  if (value === undefined) return 0;
  const span = Math.abs(closest - furthest);
  return span === 0 ? 1 : before + ((1 - before) * Math.abs(closest - value)) / span;
}

/** What the tree says first: the closest join and the one that holds all. */
export function dendrogramWords({ joins }: Dendrogram, rows: readonly string[]): string {
  const [first, last] = [joins[0], joins[joins.length - 1]];
  const named = ({ rows: [from, to] }: Pick<DendrogramJoin, 'rows'>) =>
    to - from < 4
      ? rows
          .slice(from, to + 1)
          .map((name) => shorten(name, 30))
          .join(' and ')
      : plural(to - from + 1, 'task');
  const value = (join: DendrogramJoin) => shortValue(Number(join.value.toPrecision(3)));
  const start = `Joined first: ${named(first)}, at ${value(first)}`;
  return joins.length === 1 ? `${start}.` : `${start}; last, at ${value(last)}: all ${plural(rows.length, 'task')}.`;
}
