import type { RelatednessValues } from '../relatedness';
import type { Pair } from './extremePairs';

/** Ends of the 95 % intervals of a matrix over replicates. */
export interface Intervals {
  readonly lower: RelatednessValues;
  readonly upper: RelatednessValues;
  /** Over how many seeds. */
  readonly seeds: number;
}

/** The interval of a cell; undefined where fewer than two seeds have a value there. */
export function intervalAt(
  { lower, upper }: Intervals,
  { row, column }: Pick<Pair, 'row' | 'column'>,
): readonly [number, number] | undefined {
  const [low, high] = [lower[row]?.[column] ?? null, upper[row]?.[column] ?? null];
  return low === null || high === null ? undefined : [low, high];
}

/** Whether the tasks may have nothing to do with each other, for all that the seeds say. */
export function isUndecided([low, high]: readonly [number, number], neutral: number | undefined): boolean {
  return neutral !== undefined && low <= neutral && neutral <= high;
}

/** How the interval of a cell is marked in it; pixels. */
export interface CellMark {
  /** Side of the corner that is cut off at the right top; 0 where the interval does not hold the neutral value. */
  readonly corner: number;
  /** Of a circle at the left bottom. */
  readonly radius: number;
  /** How far the circle's middle is from the cell's own, to the left and downwards. */
  readonly offset: number;
}

/** Below this a mark would not be seen; pixels. */
export const smallestMarkedCell = 12;

/**
 * Marks of a cell: its corner is cut where the interval holds the neutral value, and a circle is as wide, in shares of
 * the cell, as the interval is in shares of the colours' range. Undefined in cells that are too small for any.
 * @param size Side of the cell.
 * @param span From the lowest to the highest value of the colours.
 */
export function cellMark(
  interval: readonly [number, number],
  size: number,
  { neutral, span }: { readonly neutral: number | undefined; readonly span: number },
): CellMark | undefined {
  if (size < smallestMarkedCell) return undefined;
  const half = size / 2 - 1;
  const share = Math.min(1, (interval[1] - interval[0]) / (span || 1));
  // So that the widest lies beneath the number in the middle of the cell.
  const radius = Math.max(0.75, 0.28 * share * half);
  return {
    corner: isUndecided(interval, neutral) ? Math.max(5, Math.min(16, size / 4)) : 0,
    radius,
    offset: half - 3 - radius,
  };
}
