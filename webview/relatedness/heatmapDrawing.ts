import type { Chart, Plugin } from 'chart.js';
import { cssColour, withAlpha } from '../../src/figures/colour';
import type { Dendrogram } from '../../src/figures/dendrogram';
import { intervalAt } from '../../src/figures/intervals';
import { shorten } from '../../src/figures/labels';
import { cellValue } from '../../src/figures/numbers';
import type { ColourScale } from '../../src/figures/palette';
import { decimalsOf, textOn } from '../../src/figures/palette';
import type { TaskGroup } from '../../src/relatedness/grouping';
import type { Theme } from '../shared/theme';
import { drawCellMark } from './cellMarks';
import type { Cell, ReadMatrix } from './cellWords';
import { drawDendrogram } from './dendrogramDrawing';
import { drawGroupBars, drawGroups, groupBarsRoom } from './groupOutlines';
import type { LabelLayout, MatrixLayout } from './layout';
import { labelLayout, valueSize, valuesFit } from './layout';

/** What the drawing needs of a chart. */
export type DrawnChart = Pick<Chart, 'ctx' | 'chartArea' | 'scales'>;

export interface HeatmapState extends ReadMatrix {
  /** What rows and columns are, where that has to be said. */
  readonly captions?: { readonly rows: string; readonly columns: string };
  readonly scale: ColourScale;
  /** The value of tasks that have nothing to do with each other, where there is one. */
  readonly neutral?: number;
  readonly theme: Theme;
  readonly layout: MatrixLayout;
  /** Where the keyboard or the pointer is. */
  readonly cursor?: Cell;
  /** Whose history is shown. */
  readonly chosen?: Cell;
  /** How the rows were joined; drawn beside them. */
  readonly dendrogram?: Dendrogram;
  /** Groups of the tasks, which are both rows and columns; positions are those of the rows. */
  readonly groups?: readonly TaskGroup[];
}

/** Draws what the matrix plugin does not: names, values, the pattern of unknown cells, the cursor. One per chart. */
export function createHeatmapDrawing(current: () => HeatmapState | undefined): Plugin<'cells'> {
  return {
    id: 'heatmap',
    afterDatasetsDraw(chart) {
      const state = current();
      if (state === undefined) return;
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left - 1, chartArea.top - 1, chartArea.width + 2, chartArea.height + 2);
      ctx.clip();
      drawCells(chart, state);
      if (state.groups !== undefined) drawGroups(chart, state.groups, state.theme);
      if (state.chosen !== undefined) outline(chart, state.chosen, cssColour(state.theme.foreground), 2);
      if (state.cursor !== undefined) outline(chart, state.cursor, cssColour(state.theme.focus), 2);
      ctx.restore();
      const { contrastBorder } = state.theme;
      if (contrastBorder !== undefined) {
        ctx.strokeStyle = cssColour(contrastBorder);
        ctx.lineWidth = 1;
        ctx.strokeRect(chartArea.left - 0.5, chartArea.top - 0.5, chartArea.width + 1, chartArea.height + 1);
      }
      drawNames(chart, state);
      drawCaptions(chart, state);
      drawBeside(chart, state);
    },
  };
}

/** The groups of the rows, and how they were joined. */
function drawBeside(chart: Chart<'cells'>, state: HeatmapState): void {
  const { groups, dendrogram, theme, layout } = state;
  if (groups !== undefined) drawGroupBars(chart, groups, theme);
  if (dendrogram === undefined) return;
  const left = chart.chartArea.right + 8 + (groups === undefined ? 0 : groupBarsRoom);
  const width = Math.min(layout.dendrogram, chart.width - left) - 8;
  drawDendrogram(chart, dendrogram, { left, width }, { theme, row: rowLookedAt(chart, state) });
}

/** The row beneath the pointer, or else that of the keyboard, or that whose history is shown. */
function rowLookedAt(chart: Chart<'cells'>, { columns, cursor, chosen }: HeatmapState): number | undefined {
  const [active] = chart.getActiveElements();
  return active === undefined ? (cursor ?? chosen)?.row : Math.floor(active.index / columns.length);
}

/** Side of a cell as it is now, zoomed or not. */
export function cellSize(chart: DrawnChart): number {
  const { x } = chart.scales;
  return x === undefined ? 0 : chart.chartArea.width / Math.max(1e-9, x.max - x.min);
}

function inSight(chart: DrawnChart, axis: 'x' | 'y', count: number): number[] {
  const { min, max } = chart.scales[axis];
  const first = Math.max(0, Math.ceil(min - 0.5));
  const last = Math.min(count - 1, Math.floor(max + 0.5));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => first + place);
}

function drawCells(chart: DrawnChart, state: HeatmapState): void {
  const { values, scale, theme, rows, columns, intervals, neutral } = state;
  const { ctx, scales } = chart;
  const size = cellSize(chart);
  const decimals = decimalsOf(scale);
  const written = valuesFit(size, decimals);
  const places = inSight(chart, 'x', columns.length);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.font = `${valueSize(size)}px ${theme.font}`;
  for (const row of inSight(chart, 'y', rows.length)) {
    const y = scales.y.getPixelForValue(row);
    for (const column of places) {
      const value = values[row]?.[column] ?? null;
      const x = scales.x.getPixelForValue(column);
      if (value === null) {
        hatch(ctx, x, y, size, theme);
        continue;
      }
      const colour = cssColour(textOn(scale.at(value)));
      const interval = intervals && intervalAt(intervals, { row, column });
      if (interval) drawCellMark(ctx, interval, { x, y, size }, { colour, neutral, span: scale.high - scale.low });
      if (!written) continue;
      ctx.fillStyle = colour;
      ctx.fillText(cellValue(value, decimals), x, y + 0.5);
    }
  }
}

/** Diagonal lines: seen as "no value" without any colour. */
function hatch(ctx: CanvasRenderingContext2D, x: number, y: number, size: number, theme: Theme): void {
  const half = size / 2 - 1;
  const spacing = Math.max(4, Math.min(8, size / 3));
  ctx.save();
  ctx.beginPath();
  ctx.rect(x - half, y - half, 2 * half, 2 * half);
  ctx.clip();
  ctx.strokeStyle = cssColour(withAlpha(theme.foreground, 0.35));
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let offset = -size; offset <= size; offset += spacing) {
    ctx.moveTo(x - half + offset, y + half);
    ctx.lineTo(x - half + offset + 2 * half, y - half);
  }
  ctx.stroke();
  ctx.restore();
}

function outline(chart: DrawnChart, { row, column }: Cell, colour: string, width: number): void {
  const { ctx, scales } = chart;
  const size = cellSize(chart);
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  const x = scales.x.getPixelForValue(column);
  const y = scales.y.getPixelForValue(row);
  ctx.strokeRect(x - size / 2 + width / 2, y - size / 2 + width / 2, size - width, size - width);
}

function drawNames(chart: DrawnChart, { rows, columns, theme, layout, cursor }: HeatmapState): void {
  const { ctx, chartArea, scales } = chart;
  const { labels, caption } = layout;
  const [left, top] = [layout.left - caption, layout.top - caption];
  const { size, every } = labelLayout(cellSize(chart), left, theme.fontSize - 1, labels.turn);
  const write = (place: number, room: number, at: 'row' | 'column') => {
    const strong = cursor?.[at] === place;
    ctx.font = `${strong ? '600 ' : ''}${size}px ${theme.font}`;
    ctx.fillStyle = cssColour(strong ? theme.foreground : theme.muted);
    ctx.fillText(fitText(ctx, (at === 'row' ? rows : columns)[place], room), 0, 0);
  };
  const turned = labels.turn === 90 ? top - 8 : left - 10;
  const named = (place: number, strong: number | undefined) => place % every === 0 || place === strong;
  ctx.save();
  ctx.textBaseline = 'middle';
  for (const place of inSight(chart, 'y', rows.length)) {
    const y = scales.y.getPixelForValue(place);
    if (!named(place, every === 1 ? undefined : cursor?.row) || y < chartArea.top || y > chartArea.bottom) continue;
    ctx.save();
    ctx.textAlign = 'right';
    ctx.translate(chartArea.left - 6, y);
    write(place, left - 8, 'row');
    ctx.restore();
  }
  for (const place of inSight(chart, 'x', columns.length)) {
    const x = scales.x.getPixelForValue(place);
    if (!named(place, every === 1 ? undefined : cursor?.column) || x < chartArea.left || x > chartArea.right) continue;
    ctx.save();
    ctx.textAlign = labels.turn === 0 ? 'center' : 'left';
    ctx.translate(x, chartArea.top - (labels.turn === 0 ? size / 2 + 4 : 6));
    ctx.rotate((-labels.turn * Math.PI) / 180);
    write(place, columnRoom(labels, cellSize(chart), turned), 'column');
    ctx.restore();
  }
  ctx.restore();
}

function columnRoom({ turn }: LabelLayout, cell: number, turned: number): number {
  return turn === 0 ? Math.max(24, cell - 6) : turned;
}

/** What the axes are: above the names of the columns, and upwards beside those of the rows. */
function drawCaptions({ ctx, chartArea }: DrawnChart, { captions, layout, theme }: HeatmapState): void {
  if (captions === undefined) return;
  const size = theme.fontSize - 1;
  ctx.save();
  ctx.font = `italic ${size}px ${theme.font}`;
  ctx.fillStyle = cssColour(theme.foreground);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  const middle = size / 2 + 2;
  ctx.fillText(captions.columns, (chartArea.left + chartArea.right) / 2, middle);
  ctx.translate(middle, layout.top + chartArea.height / 2);
  ctx.rotate(-Math.PI / 2);
  ctx.fillText(captions.rows, 0, 0);
  ctx.restore();
}

const fitted = new Map<string, string>();

/** A name that is at most so wide, its middle left out where it is wider. */
function fitText(ctx: CanvasRenderingContext2D, text: string, room: number): string {
  const key = `${Math.round(room)}|${ctx.font}|${text}`;
  const known = fitted.get(key);
  if (known !== undefined) return known;
  let low = 1;
  let high = 60;
  let best = shorten(text, high);
  if (ctx.measureText(best).width > room) {
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (ctx.measureText(shorten(text, middle)).width <= room) low = middle;
      else high = middle - 1;
    }
    best = shorten(text, low);
  }
  if (fitted.size > 5000) fitted.clear();
  fitted.set(key, best);
  return best;
}
