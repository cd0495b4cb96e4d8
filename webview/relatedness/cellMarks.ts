import { shortValue } from '../../src/figures/numbers';
import type { Intervals } from '../../src/figures/intervals';
import { cellMark, intervalAt } from '../../src/figures/intervals';
import type { Cell } from './cellWords';

/** The interval in words, such as `95 % interval 0.31 to 0.5 over 5 seeds`; empty where there is none. */
export function intervalWords(intervals: Intervals | undefined, cell: Cell): string {
  const interval = intervals && intervalAt(intervals, cell);
  if (intervals === undefined || interval === undefined) return '';
  const [low, high] = interval.map((end) => shortValue(Number(end.toPrecision(3))));
  return `95 % interval ${low} to ${high} over ${intervals.seeds} seeds`;
}

/** Marks the interval of a cell whose middle is at `x` and `y`. */
export function drawCellMark(
  ctx: CanvasRenderingContext2D,
  interval: readonly [number, number],
  { x, y, size }: { readonly x: number; readonly y: number; readonly size: number },
  { colour, neutral, span }: { readonly colour: string; readonly neutral: number | undefined; readonly span: number },
): void {
  const mark = cellMark(interval, size, { neutral, span });
  if (mark === undefined) return;
  const { corner, radius, offset } = mark;
  const half = size / 2 - 1;
  ctx.save();
  ctx.fillStyle = ctx.strokeStyle = colour;
  if (corner > 0) {
    ctx.beginPath();
    ctx.moveTo(x + half - corner, y - half);
    ctx.lineTo(x + half, y - half);
    ctx.lineTo(x + half, y - half + corner);
    ctx.closePath();
    ctx.fill();
  }
  ctx.beginPath();
  ctx.arc(x - offset, y + offset, radius, 0, 2 * Math.PI);
  ctx.stroke();
  ctx.restore();
}
