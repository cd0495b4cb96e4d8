import type { RelatednessValues } from '../../src/relatedness';
import { shortValue } from '../../src/figures/numbers';
import type { Cell } from './cellWords';

/** Ends of the 95 % intervals of a matrix over replicates. */
export interface Intervals {
  readonly lower: RelatednessValues;
  readonly upper: RelatednessValues;
  /** Over how many seeds. */
  readonly seeds: number;
}

/** The interval of a cell; undefined where fewer than two seeds have a value there. */
export function intervalAt({ lower, upper }: Intervals, { row, column }: Cell): readonly [number, number] | undefined {
  const [low, high] = [lower[row]?.[column] ?? null, upper[row]?.[column] ?? null];
  return low === null || high === null ? undefined : [low, high];
}

/** Whether the tasks may have nothing to do with each other, for all that the seeds say. */
export function isUndecided([low, high]: readonly [number, number], neutral: number | undefined): boolean {
  return neutral !== undefined && low <= neutral && neutral <= high;
}

/** The interval in words, such as `95 % interval 0.31 to 0.5 over 5 seeds`; empty where there is none. */
export function intervalWords(intervals: Intervals | undefined, cell: Cell): string {
  const interval = intervals && intervalAt(intervals, cell);
  if (intervals === undefined || interval === undefined) return '';
  const [low, high] = interval.map((end) => shortValue(Number(end.toPrecision(3))));
  return `95 % interval ${low} to ${high} over ${intervals.seeds} seeds`;
}

/** Below this a mark would not be seen; pixels. */
const smallestMarkedCell = 12;

/**
 * Marks a cell: its corner is cut where the interval holds the neutral value, and a dot is as wide, in shares of the
 * cell, as the interval is in shares of the colours' range.
 */
export function drawCellMark(
  ctx: CanvasRenderingContext2D,
  interval: readonly [number, number],
  { x, y, size }: { readonly x: number; readonly y: number; readonly size: number },
  { colour, neutral, span }: { readonly colour: string; readonly neutral: number | undefined; readonly span: number },
): void {
  if (size < smallestMarkedCell) return;
  const half = size / 2 - 1;
  ctx.save();
  ctx.fillStyle = ctx.strokeStyle = colour;
  if (isUndecided(interval, neutral)) {
    const corner = Math.max(5, Math.min(16, size / 4));
    ctx.beginPath();
    ctx.moveTo(x + half - corner, y - half);
    ctx.lineTo(x + half, y - half);
    ctx.lineTo(x + half, y - half + corner);
    ctx.closePath();
    ctx.fill();
  }
  const share = Math.min(1, (interval[1] - interval[0]) / (span || 1));
  const radius = Math.max(0.75, 0.4 * share * half);
  ctx.beginPath();
  ctx.arc(x - half + 3 + radius, y + half - 3 - radius, radius, 0, 2 * Math.PI);
  ctx.stroke();
  ctx.restore();
}
