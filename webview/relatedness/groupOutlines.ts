import type { TaskGroup } from '../../src/relatedness/grouping';
import { cssColour } from '../../src/figures/colour';
import type { Edge } from '../../src/figures/groups';
import { groupColour, groupEdges, runsOf } from '../../src/figures/groups';
import type { Theme } from '../shared/theme';
import type { DrawnChart } from './heatmapDrawing';

/** Draws a line around each group's own cells, and a dashed one around what helpers of other groups do for it. */
export function drawGroups(chart: DrawnChart, groups: readonly TaskGroup[], theme: Theme): void {
  groups.forEach((group, place) => {
    const { own, help } = groupEdges(group);
    stroke(chart, help, { theme, place, dash: [5, 4] });
    stroke(chart, own, { theme, place, dash: [] });
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
  ctx.strokeStyle = cssColour(groupColour(place, theme.kind));
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
      ctx.fillStyle = cssColour(groupColour(place, theme.kind));
      ctx.fillRect(left, top, 4, Math.max(1, bottom - top));
      if (bottom - top < theme.fontSize - 4) continue;
      ctx.fillStyle = cssColour(theme.foreground);
      ctx.fillText(String(place + 1), left + 8, (top + bottom) / 2);
    }
  });
  ctx.restore();
}
