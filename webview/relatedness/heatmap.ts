import type { InteractionModeFunction, TooltipItem } from 'chart.js';
import { Chart, Interaction, LinearScale, Tooltip } from 'chart.js';
import { MatrixController, MatrixElement } from 'chartjs-chart-matrix';
import zoomPlugin from 'chartjs-plugin-zoom';
import { cssColour, over, withAlpha } from '../shared/colour';
import { element } from '../shared/dom';
import { oneLine, shorten, wrap } from '../shared/labels';
import { exactValue } from '../shared/numbers';
import type { ColourScale } from '../shared/palette';
import type { Theme } from '../shared/theme';
import type { Cell, HeatmapState } from './heatmapDrawing';
import { cellSize, createHeatmapDrawing } from './heatmapDrawing';
import { cellAt, matrixLayout, nextCell } from './layout';

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
/** How many columns a chart's matrix has. */
const widths = new WeakMap<object, number>();

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

interface Item {
  readonly x: number;
  readonly y: number;
  readonly v: number | null;
}

/** The cell beneath the pointer, found by its place and not by looking through all. */
Interaction.modes.cell = (chart, event) => {
  const { left, right, top, bottom } = chart.chartArea;
  const { x, y } = event;
  if (x === null || y === null || x < left || x > right || y < top || y > bottom) return [];
  const elements = chart.getDatasetMeta(0).data;
  const columns = widths.get(chart) ?? 1;
  const at = { x: chart.scales.x.getValueForPixel(x) ?? -1, y: chart.scales.y.getValueForPixel(y) ?? -1 };
  const found = cellAt(at.x, at.y, columns, elements.length / columns);
  if (found === undefined) return [];
  const index = found.row * columns + found.column;
  return [{ element: elements[index], datasetIndex: 0, index }];
};

export type HeatmapInput = Omit<HeatmapState, 'layout' | 'cursor'> & { readonly description: string };

export interface HeatmapActions {
  readonly choose: (cell: Cell) => void;
  /** Says a cell's value to those who do not see it. */
  readonly announce: (text: string) => void;
  readonly zoomChanged: () => void;
}

/** The matrix as coloured cells, with names, values, a cursor for keys and a tooltip. */
export function createHeatmap({ choose, announce, zoomChanged }: HeatmapActions) {
  const canvas = element('canvas', {
    attributes: { tabindex: 0, role: 'application', 'aria-roledescription': 'matrix' },
  });
  const box = element('div', { class: 'heatmap-box' }, [canvas]);
  const node = element('div', { class: 'heatmap' }, [box]);
  let input: HeatmapInput | undefined;
  let state: HeatmapState | undefined;
  let cursor: Cell | undefined;
  const chart = new Chart<'cells', Item[]>(canvas, {
    type: 'cells',
    data: { datasets: [] },
    options: chartOptions(zoomChanged),
    plugins: [createHeatmapDrawing(() => state)],
  });

  function draw(): void {
    if (input === undefined || node.clientWidth === 0) return;
    const { rows, columns, theme } = input;
    const longest = longestLabel([...rows, ...columns], theme);
    const layout = matrixLayout(columns.length, node.clientWidth, longest, theme.fontSize - 1, rows.length);
    state = { ...input, layout, ...(cursor === undefined ? {} : { cursor }) };
    box.style.width = `${layout.width}px`;
    box.style.height = `${layout.height}px`;
    if (chart.width !== Math.floor(layout.width) || chart.height !== Math.floor(layout.height))
      chart.resize(layout.width, layout.height);
    applyState(chart, state);
    chart.update('none');
    canvas.setAttribute('aria-label', input.description);
  }

  function moveTo(cell: Cell): void {
    if (state === undefined) return;
    cursor = cell;
    state = { ...state, cursor };
    announce(cellText(state, cell));
    chart.draw();
  }

  function zoom(factor: number): void {
    chart.zoom(factor);
    zoomChanged();
  }

  function reset(): void {
    chart.resetZoom('none');
    draw();
    zoomChanged();
  }

  new ResizeObserver(draw).observe(node);
  addPointer(canvas, chart, () => state, choose);
  canvas.addEventListener('blur', () => {
    cursor = undefined;
    draw();
  });
  canvas.addEventListener('keydown', (event) => {
    if (state === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = cursor ?? state.chosen ?? { row: 0, column: 0 };
    const next = nextCell(event.key, from, state.columns.length, state.rows.length);
    if (next !== undefined) moveTo(cursor === undefined ? from : next);
    else if (event.key === 'Enter' || event.key === ' ') choose(from);
    else if (event.key === '+' || event.key === '=') zoom(1.3);
    else if (event.key === '-') zoom(1 / 1.3);
    else if (event.key === '0') reset();
    else return;
    event.preventDefault();
  });

  return {
    node,
    canvas,
    draw(next: HeatmapInput) {
      if (input !== undefined && !sameShape(input, next)) {
        cursor = undefined;
        chart.resetZoom('none');
      }
      input = next;
      draw();
    },
    reset,
    zoomed: () => chart.isZoomedOrPanned(),
  };
}

type Labels = Pick<HeatmapState, 'rows' | 'columns'>;

function sameShape(one: Labels, other: Labels): boolean {
  return one.rows.length === other.rows.length && one.columns.length === other.columns.length;
}

/** What is said of a cell: both names, the value, and what its absence means. */
export function cellText(
  { rows, columns, values, unknown }: Labels & Pick<HeatmapState, 'values' | 'unknown'>,
  { row, column }: Cell,
): string {
  const value = values[row]?.[column] ?? null;
  const names = `${shorten(rows[row], 80)} and ${shorten(columns[column], 80)}`;
  return `${names}: ${value === null ? unknown : exactValue(value)}`;
}

function longestLabel(names: readonly string[], theme: Theme): number {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return 100;
  context.font = `${theme.fontSize - 1}px ${theme.font}`;
  return Math.ceil(Math.max(20, ...names.map((name) => context.measureText(shorten(name, 40)).width)));
}

function applyState(chart: Chart<'cells', Item[]>, state: HeatmapState): void {
  const { rows, columns, values, scale, theme, layout } = state;
  const line = cssColour(
    theme.contrastBorder !== undefined && layout.cell >= 24
      ? over(withAlpha(theme.foreground, 0.45), theme.background)
      : theme.background,
  );
  const data = rows.flatMap((_, y) => columns.map((__, x): Item => ({ x, y, v: values[y]?.[x] ?? null })));
  const border = layout.cell >= 10 ? 1 : 0;
  const colour = cssScale(scale);
  chart.data.datasets = [{ data }];
  widths.set(chart, columns.length);
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
  const { scales, layout: space } = chart.options;
  if (space !== undefined) space.padding = { left: layout.left, top: layout.top, right: layout.right, bottom: 2 };
  const zoomed = chart.isZoomedOrPanned();
  const axes = [
    { axis: scales?.x, count: columns.length },
    { axis: scales?.y, count: rows.length },
  ];
  for (const { axis, count } of axes) {
    if (axis === undefined || zoomed) continue;
    axis.min = -0.5;
    axis.max = count - 0.5;
  }
  const zoom = chart.options.plugins?.zoom;
  if (zoom !== undefined) {
    const limits = (count: number) => ({ min: -0.5, max: count - 0.5, minRange: Math.min(3, count) });
    zoom.limits = { x: limits(columns.length), y: limits(rows.length) };
  }
  chart.options.plugins = { ...chart.options.plugins, tooltip: tooltip(state) };
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

function tooltip({ rows, columns, unknown, theme }: HeatmapState) {
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
      title: (items: TooltipItem<'cells'>[]) => {
        const item = items.at(0)?.raw as Item | undefined;
        if (item === undefined) return [];
        const [row, column] = [rows[item.y], columns[item.x]];
        return row === column ? wrap(row, 60) : [...wrap(row, 60), ...wrap(`× ${oneLine(column)}`, 60)];
      },
      label: (entry: TooltipItem<'cells'>) => {
        const { v } = entry.raw as Item;
        return v === null ? unknown : exactValue(v);
      },
    },
  };
}

/** A click on a cell chooses it; the end of a drag does not. */
function addPointer(
  canvas: HTMLCanvasElement,
  chart: Chart<'cells', Item[]>,
  current: () => HeatmapState | undefined,
  choose: (cell: Cell) => void,
): void {
  let down: { readonly x: number; readonly y: number } | undefined;
  canvas.addEventListener('pointerdown', ({ offsetX, offsetY }) => {
    down = { x: offsetX, y: offsetY };
  });
  canvas.addEventListener('click', ({ offsetX, offsetY, shiftKey }) => {
    const state = current();
    const moved = down === undefined ? 0 : Math.hypot(offsetX - down.x, offsetY - down.y);
    if (state === undefined || shiftKey || moved > 5) return;
    const { x, y } = chart.scales;
    const { left, right, top, bottom } = chart.chartArea;
    if (offsetX < left || offsetX > right || offsetY < top || offsetY > bottom) return;
    const at = { x: x.getValueForPixel(offsetX) ?? -1, y: y.getValueForPixel(offsetY) ?? -1 };
    const found = cellAt(at.x, at.y, state.columns.length, state.rows.length);
    if (found !== undefined) choose(found);
  });
}
