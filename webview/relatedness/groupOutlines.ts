import type { TaskGroup } from '../../src/relatedness/grouping';
import { cssColour } from '../../src/figures/colour';
import { lineStyle } from '../../src/figures/palette';
import type { Theme } from '../shared/theme';
import type { DrawnChart } from './heatmapDrawing';

/** An edge of a cell, in rows and columns: from one corner to another. */
type Edge = readonly [x1: number, y1: number, x2: number, y2: number];

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

/** The colour of a group, the same in the matrix and in the list. */
export function groupColour(place: number, { kind }: Pick<Theme, 'kind'>) {
  return lineStyle(place, kind).colour;
}

/** Draws a line around each group's own cells, and a dashed one around what helpers of other groups do for it. */
export function drawGroups(chart: DrawnChart, groups: readonly TaskGroup[], theme: Theme): void {
  groups.forEach(({ serves, helpers }, place) => {
    const own = new Set(serves);
    stroke(chart, outlineOf(new Set(helpers), own), { theme, place, dash: [5, 4] });
    stroke(chart, outlineOf(own, own), { theme, place, dash: [] });
  });
}

function stroke(
  { ctx, scales: { x, y } }: DrawnChart,
  edges: readonly Edge[],
  { theme, place, dash }: { readonly theme: Theme; readonly place: number; readonly dash: number[] },
): void {
  if (edges.length === 0) return;
  ctx.save();
  ctx.beginPath();
  for (const [x1, y1, x2, y2] of edges) {
    ctx.moveTo(x.getPixelForValue(x1), y.getPixelForValue(y1));
    ctx.lineTo(x.getPixelForValue(x2), y.getPixelForValue(y2));
  }
  ctx.lineCap = 'square';
  // On a line of the background's colour, because cells may have the colour of the group.
  ctx.strokeStyle = cssColour(theme.background);
  ctx.lineWidth = 5;
  ctx.stroke();
  ctx.setLineDash(dash);
  ctx.lineCap = 'butt';
  ctx.strokeStyle = cssColour(groupColour(place, theme));
  ctx.lineWidth = 3;
  ctx.stroke();
  ctx.restore();
}

/** Width of the bars beside the rows, with the numbers of the groups; pixels. */
export const groupBarsRoom = 30;

/** A bar beside the rows that each group serves, with its number. */
export function drawGroupBars(
  { ctx, chartArea, scales: { y } }: DrawnChart,
  groups: readonly TaskGroup[],
  theme: Theme,
): void {
  const left = chartArea.right + 6;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left - 1, chartArea.top, groupBarsRoom, chartArea.height);
  ctx.clip();
  ctx.textBaseline = 'middle';
  ctx.font = `600 ${theme.fontSize - 1}px ${theme.font}`;
  groups.forEach(({ serves }, place) => {
    for (const [first, last] of runsOf(serves)) {
      const [top, bottom] = [y.getPixelForValue(first - 0.5) + 2, y.getPixelForValue(last + 0.5) - 2];
      ctx.fillStyle = cssColour(groupColour(place, theme));
      ctx.fillRect(left, top, 4, Math.max(1, bottom - top));
      if (bottom - top < theme.fontSize - 4) continue;
      ctx.fillStyle = cssColour(theme.foreground);
      ctx.fillText(String(place + 1), left + 8, (top + bottom) / 2);
    }
  });
  ctx.restore();
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
