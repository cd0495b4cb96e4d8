import type { InteractionModeFunction, TooltipItem } from 'chart.js';
import { Chart, Interaction, LinearScale, Tooltip } from 'chart.js';
import { MatrixController, MatrixElement } from 'chartjs-chart-matrix';
import zoomPlugin from 'chartjs-plugin-zoom';
import { cssColour, over, withAlpha } from '../../src/figures/colour';
import type { ColourScale } from '../../src/figures/palette';
import { cellLines } from './cellWords';
import type { HeatmapState } from './heatmapDrawing';
import { cellSize, createHeatmapDrawing } from './heatmapDrawing';
import type { MatrixSize } from './layout';
import { cellAt } from './layout';

declare module 'chart.js' {
  interface InteractionModeMap {
    cell: InteractionModeFunction;
  }
  interface ChartTypeRegistry {
    cells: ChartTypeRegistry['matrix'];
  }
}

/** What one cell looks like; `item` is undefined while chart.js asks for defaults. */
type CellLook = (item: Item | undefined) => object;
const looks = new WeakMap<object, CellLook>();

/**
 * The matrix with options that are looked up directly. The plugin's own way resolves six options through proxies for
 * each cell, which takes longer than all the rest where there are twenty thousand.
 */
class DirectMatrixController extends MatrixController {
  // A name of its own, because the plugin's is taken; its type allows none but 'matrix'.
  static override readonly id = 'cells' as string as 'matrix';
  static override readonly defaults = MatrixController.defaults;

  protected override resolveDataElementOptions(index: number) {
    const item = (this.getDataset().data as unknown as readonly Item[])[index];
    return looks.get(this.chart)?.(item) ?? {};
  }
}

Chart.register(LinearScale, DirectMatrixController, MatrixElement, Tooltip, zoomPlugin);

/** One cell of the chart. */
interface Item {
  readonly x: number;
  readonly y: number;
  readonly v: number | null;
}

export type HeatmapChart = Chart<'cells', Item[]>;

const sizes = new WeakMap<object, MatrixSize>();

/** The cell beneath the pointer, found by its place and not by looking through all. */
Interaction.modes.cell = (chart, event) => {
  const { left, right, top, bottom } = chart.chartArea;
  const { x, y } = event;
  if (x === null || y === null || x < left || x > right || y < top || y > bottom) return [];
  const size = sizes.get(chart) ?? { rows: 0, columns: 0 };
  const found = cellAt(chart.scales.x.getValueForPixel(x) ?? -1, chart.scales.y.getValueForPixel(y) ?? -1, size);
  if (found === undefined) return [];
  const index = found.row * size.columns + found.column;
  return [{ element: chart.getDatasetMeta(0).data[index], datasetIndex: 0, index }];
};

/**
 * The chart of a matrix, empty until it is given a state.
 * @param drawn Called when all but the tooltip is drawn.
 */
export function createHeatmapChart(
  canvas: HTMLCanvasElement,
  current: () => HeatmapState | undefined,
  { zoomChanged, drawn }: { readonly zoomChanged: () => void; readonly drawn: () => void },
): HeatmapChart {
  return new Chart<'cells', Item[]>(canvas, {
    type: 'cells',
    data: { datasets: [] },
    options: chartOptions(zoomChanged),
    plugins: [createHeatmapDrawing(current), { id: 'drawn', afterDatasetsDraw: drawn }],
  });
}

export function sizeOf({ rows, columns }: HeatmapState): MatrixSize {
  return { rows: rows.length, columns: columns.length };
}

/** Gives the chart what it shows, without drawing it. */
export function applyState(chart: HeatmapChart, state: HeatmapState): void {
  const { rows, columns, values, scale, theme, layout } = state;
  const line = cssColour(
    theme.contrastBorder !== undefined && layout.cell >= 24
      ? over(withAlpha(theme.foreground, 0.45), theme.background)
      : theme.background,
  );
  const data = rows.flatMap((_, y) => columns.map((__, x): Item => ({ x, y, v: values[y]?.[x] ?? null })));
  sizes.set(chart, sizeOf(state));
  const border = layout.cell >= 10 ? 1 : 0;
  const colour = cssScale(scale);
  chart.data.datasets = [{ data }];
  looks.set(chart, (item) => {
    const value = item?.v ?? null;
    const side = Math.max(1, cellSize(chart));
    return {
      backgroundColor: value === null ? 'rgba(0, 0, 0, 0)' : colour(value),
      borderColor: line,
      borderWidth: border,
      borderRadius: 0,
      width: side,
      height: side,
      anchorX: 'center',
      anchorY: 'center',
    };
  });
  const { layout: space } = chart.options;
  if (space !== undefined)
    space.padding = { left: layout.left, top: layout.top, right: layout.right, bottom: layout.bottom };
  applyLimits(chart, state);
  chart.options.plugins = { ...chart.options.plugins, tooltip: tooltip(state) };
}

/** The whole matrix unless a part of it was zoomed to, and how far one can zoom. */
function applyLimits(chart: HeatmapChart, { rows, columns }: HeatmapState): void {
  const { scales, plugins } = chart.options;
  const axes = [
    [scales?.x, columns.length],
    [scales?.y, rows.length],
  ] as const;
  const zoomed = chart.isZoomedOrPanned();
  for (const [axis, count] of axes) {
    if (axis === undefined || zoomed) continue;
    axis.min = -0.5;
    axis.max = count - 0.5;
  }
  if (plugins?.zoom === undefined) return;
  const limits = (count: number) => ({ min: -0.5, max: count - 0.5, minRange: Math.min(3, count) });
  plugins.zoom.limits = { x: limits(columns.length), y: limits(rows.length) };
}

/** The scale's colours as text, made once for each of a thousand shades. */
function cssScale({ low, high, at }: ColourScale): (value: number) => string {
  const shades = new Map<number, string>();
  return (value) => {
    const shade = Math.round((1000 * (value - low)) / (high - low || 1));
    const known = shades.get(shade) ?? cssColour(at(low + (shade * (high - low)) / 1000));
    shades.set(shade, known);
    return known;
  };
}

function chartOptions(zoomChanged: () => void) {
  const axis = { type: 'linear' as const, display: false, offset: false };
  return {
    animation: false as const,
    responsive: false,
    maintainAspectRatio: false,
    parsing: false as const,
    normalized: true,
    interaction: { mode: 'cell' as const, intersect: true },
    scales: { x: axis, y: { ...axis, reverse: true } },
    layout: { padding: 0 },
    plugins: {
      legend: { display: false },
      zoom: {
        zoom: {
          mode: 'xy' as const,
          wheel: { enabled: true, speed: 0.12 },
          pinch: { enabled: true },
          drag: { enabled: true, threshold: 8, maintainAspectRatio: true },
          onZoomComplete: zoomChanged,
        },
        pan: { enabled: true, mode: 'xy' as const, modifierKey: 'shift' as const, onPanComplete: zoomChanged },
      },
    },
  };
}

function tooltip(state: HeatmapState) {
  const { theme } = state;
  const linesOf = (item: TooltipItem<'cells'>) => {
    const { x, y } = item.raw as Item;
    return cellLines(state, { row: y, column: x });
  };
  const font = { family: theme.font, size: theme.fontSize };
  return {
    backgroundColor: cssColour(theme.tooltipBackground),
    titleColor: cssColour(theme.tooltipForeground),
    bodyColor: cssColour(theme.tooltipForeground),
    borderColor: cssColour(theme.tooltipBorder),
    borderWidth: 1,
    cornerRadius: 3,
    padding: 8,
    displayColors: false,
    titleFont: font,
    bodyFont: font,
    callbacks: {
      title: (items: TooltipItem<'cells'>[]) => (items.length === 0 ? [] : linesOf(items[0]).title),
      label: (item: TooltipItem<'cells'>) => linesOf(item).body,
    },
  };
}
