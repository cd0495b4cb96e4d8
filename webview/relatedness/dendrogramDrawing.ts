import { cssColour } from '../../src/figures/colour';
import { shortValue } from '../../src/figures/numbers';
import type { Theme } from '../shared/theme';
import type { Dendrogram } from '../../src/figures/dendrogram';
import { dendrogramDepth } from '../../src/figures/dendrogram';
import type { DrawnChart } from './heatmapDrawing';

/** Where a dendrogram is drawn: its left edge and its width; pixels. */
export interface DendrogramPlace {
  readonly left: number;
  readonly width: number;
}

/**
 * Draws the joins of the rows beside them, to the scale beneath; those that a row is in are drawn strongly.
 * @param row The row that is looked at.
 */
export function drawDendrogram(
  chart: DrawnChart,
  dendrogram: Dendrogram,
  { left, width }: DendrogramPlace,
  { theme, row }: { readonly theme: Theme; readonly row: number | undefined },
): void {
  const { ctx, chartArea, scales } = chart;
  const x = (value: number | undefined) => left + dendrogramDepth(dendrogram, value) * width;
  const y = (at: number) => scales.y.getPixelForValue(at);
  ctx.save();
  ctx.beginPath();
  ctx.rect(left - 1, chartArea.top - 1, width + 3, chartArea.height + 2);
  ctx.clip();
  const holds = ([first, last]: readonly [number, number]) => row !== undefined && first <= row && row <= last;
  for (const strong of [false, true]) {
    ctx.strokeStyle = cssColour(strong ? theme.foreground : theme.muted);
    ctx.lineWidth = strong ? 2 : 1;
    ctx.beginPath();
    for (const { sides, value, rows } of dendrogram.joins) {
      if (holds(rows) !== strong) continue;
      const [one, other] = sides;
      ctx.moveTo(x(one.value), y(one.row));
      ctx.lineTo(x(value), y(one.row));
      ctx.lineTo(x(value), y(other.row));
      ctx.lineTo(x(other.value), y(other.row));
    }
    ctx.stroke();
  }
  ctx.restore();
  drawScale(chart, dendrogram, x, theme);
}

/** The line beneath with the values of the first and of the last join. */
function drawScale(
  { ctx, chartArea }: DrawnChart,
  { closest, furthest }: Dendrogram,
  x: (value: number | undefined) => number,
  theme: Theme,
): void {
  const [from, to] = [x(closest), x(furthest)];
  const y = Math.round(chartArea.bottom) + 5.5;
  const size = Math.max(9, theme.fontSize - 2);
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = cssColour(theme.muted);
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(Math.min(from, to), y);
  ctx.lineTo(to, y);
  for (const tick of new Set([from, to])) {
    ctx.moveTo(tick, y - 3);
    ctx.lineTo(tick, y + 3);
  }
  ctx.stroke();
  ctx.font = `${size}px ${theme.font}`;
  ctx.textBaseline = 'top';
  const text = (value: number) => shortValue(Number(value.toPrecision(2)));
  ctx.textAlign = 'right';
  ctx.fillText(text(furthest), to + 2, y + 5);
  if (closest !== furthest) {
    // Beneath its end of the line or, where that is too short for both, as far to the left as it takes.
    const clear = to - ctx.measureText(text(furthest)).width - 6;
    ctx.fillText(text(closest), Math.min(from - 2 + ctx.measureText(text(closest)).width, clear), y + 5);
  }
  ctx.restore();
}
