import type { TaskGroup } from '../relatedness/grouping';
import type { Colour } from './colour';
import type { ThemeKind } from './palette';
import { lineStyle } from './palette';

/** The tasks that are shown, those of a group together. */
export function groupedOrder(groups: readonly TaskGroup[], shown: readonly number[]): readonly number[] {
  const groupOf = new Map(groups.flatMap(({ serves }, place) => serves.map((task) => [task, place])));
  return [...shown].sort((one, other) => (groupOf.get(one) ?? 0) - (groupOf.get(other) ?? 0));
}

/** The groups by the rows in which their tasks are shown; tasks that are not are left out. */
export function groupsInRows(groups: readonly TaskGroup[], shown: readonly number[]): readonly TaskGroup[] {
  const rowOf = new Map(shown.map((task, row) => [task, row]));
  const rows = (tasks: readonly number[]) => tasks.flatMap((task) => rowOf.get(task) ?? []);
  return groups.map(({ serves, helpers }) => ({ serves: rows(serves), helpers: rows(helpers) }));
}

/** The colour of a group, the same wherever it is shown. */
export function groupColour(place: number, kind: ThemeKind): Colour {
  return lineStyle(place, kind).colour;
}

/** An edge of a cell, in rows and columns: from one corner to another. */
export type Edge = readonly [x1: number, y1: number, x2: number, y2: number];

/** The outline of the cells that lie in these rows and in these columns, whatever their order. */
export function outlineOf(rows: ReadonlySet<number>, columns: ReadonlySet<number>): readonly Edge[] {
  const edges: Edge[] = [];
  for (const y of rows) {
    for (const x of columns) {
      const [left, right, top, bottom] = [x - 0.5, x + 0.5, y - 0.5, y + 0.5];
      if (!rows.has(y - 1)) edges.push([left, top, right, top]);
      if (!rows.has(y + 1)) edges.push([left, bottom, right, bottom]);
      if (!columns.has(x - 1)) edges.push([left, top, left, bottom]);
      if (!columns.has(x + 1)) edges.push([right, top, right, bottom]);
    }
  }
  return edges;
}

/** What is outlined: around a group's own cells, and around what helpers of other groups do for it. */
export function groupEdges({ serves, helpers }: TaskGroup): {
  readonly own: readonly Edge[];
  readonly help: readonly Edge[];
} {
  const own = new Set(serves);
  return { own: outlineOf(own, own), help: outlineOf(new Set(helpers), own) };
}

/** Rows that follow each other, from the first to the last. */
export function runsOf(rows: readonly number[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const row of [...rows].sort((one, other) => one - other)) {
    const last = runs.at(-1);
    if (last?.[1] === row - 1) last[1] = row;
    else runs.push([row, row]);
  }
  return runs;
}
