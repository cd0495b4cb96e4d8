import type { RelatednessValues } from '../relatedness';

/** A cell of a matrix. */
export interface Pair {
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

export interface Extremes {
  readonly highest: Pair;
  readonly lowest: Pair;
}

const keptExtremes = {
  tasks: new WeakMap<RelatednessValues, { readonly pairs: Extremes | undefined }>(),
  every: new WeakMap<RelatednessValues, { readonly pairs: Extremes | undefined }>(),
};

/**
 * The pair of different tasks with the highest value and the one with the lowest; undefined where nothing is known.
 * Kept for each matrix, because a scale over all epochs asks again whenever one is added.
 * @param every Whether a place in both lists is a pair like any other, as rows and columns are not the same.
 */
export function extremePairs(values: RelatednessValues, every = false): Extremes | undefined {
  const kept = keptExtremes[every ? 'every' : 'tasks'];
  const known = kept.get(values) ?? { pairs: findExtremes(values, every) };
  kept.set(values, known);
  return known.pairs;
}

function findExtremes(values: RelatednessValues, every: boolean): Extremes | undefined {
  let highest: Pair | undefined;
  let lowest: Pair | undefined;
  values.forEach((cells, row) =>
    cells.forEach((value, column) => {
      if (value === null || (row === column && !every)) return;
      if (highest === undefined || value > highest.value) highest = { row, column, value };
      if (lowest === undefined || value < lowest.value) lowest = { row, column, value };
    }),
  );
  return highest === undefined || lowest === undefined ? undefined : { highest, lowest };
}

/** How many cells are null. */
export function unknownCells(values: RelatednessValues): number {
  return values.reduce((sum, row) => sum + row.filter((value) => value === null).length, 0);
}
