import { element } from '../shared/dom';
import { shorten } from '../../src/figures/labels';
import type { Theme } from '../shared/theme';
import type { Cell } from './cellWords';
import { cellText } from './cellWords';
import type { HeatmapChart } from './heatmapChart';
import { applyState, createHeatmapChart, sizeOf } from './heatmapChart';
import { groupBarsRoom } from './groupOutlines';
import type { HeatmapState } from './heatmapDrawing';
import { cellSize } from './heatmapDrawing';
import { cellAt, matrixLayout, nextCell } from './layout';
import { createStickyNames } from './stickyNames';

export type HeatmapInput = Omit<HeatmapState, 'layout' | 'cursor'> & {
  readonly description: string;
  /** Whether there is room for a dendrogram even where none is drawn, so that rows are level with those of another matrix. */
  readonly roomForDendrogram: boolean;
};

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
  /** Lies where the cursor is, to bring it into sight. */
  const place = element('div', { class: 'cell-place' });
  const box = element('div', { class: 'heatmap-box' }, [canvas, place]);
  const node = element('div', { class: 'heatmap' }, [box]);
  let input: HeatmapInput | undefined;
  let state: HeatmapState | undefined;
  let cursor: Cell | undefined;
  const names = createStickyNames(canvas, box);
  const chart = createHeatmapChart(canvas, () => state, { zoomChanged, drawn: names.copy });

  function draw(): void {
    if (input === undefined || node.clientWidth === 0) return;
    const { rows, columns, theme } = input;
    const layout = matrixLayout(node.clientWidth, {
      rows: rows.length,
      columns: columns.length,
      longest: longestLabel([...new Set([...rows, ...columns])], theme),
      fontSize: theme.fontSize - 1,
      captions: input.captions !== undefined,
      dendrogram: input.dendrogram !== undefined || input.roomForDendrogram,
      beside: input.groups === undefined ? 0 : groupBarsRoom,
    });
    state = { ...input, layout, ...(cursor === undefined ? {} : { cursor }) };
    box.style.width = `${layout.width}px`;
    box.style.height = `${layout.height}px`;
    if (chart.width !== Math.floor(layout.width) || chart.height !== Math.floor(layout.height))
      chart.resize(layout.width, layout.height);
    applyState(chart, state);
    chart.update('none');
    names.update(layout);
    movePlace();
    canvas.setAttribute('aria-label', input.description);
  }

  function movePlace(): void {
    place.hidden = cursor === undefined;
    if (cursor === undefined || state === undefined) return;
    const side = cellSize(chart);
    place.style.left = `${chart.scales.x.getPixelForValue(cursor.column) - side / 2}px`;
    place.style.top = `${chart.scales.y.getPixelForValue(cursor.row) - side / 2}px`;
    place.style.width = place.style.height = `${side}px`;
    // With the names of its row and column, where there is room for them, too.
    place.style.scrollMarginLeft = `${state.layout.left}px`;
    place.style.scrollMarginTop = `${state.layout.top}px`;
  }

  function moveTo(cell: Cell): void {
    if (state === undefined) return;
    cursor = cell;
    state = { ...state, cursor };
    announce(cellText(state, cell));
    chart.draw();
    movePlace();
    place.scrollIntoView({ block: 'nearest', inline: 'nearest' });
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
    const next = nextCell(event.key, from, sizeOf(state));
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
      if (input?.rows.length !== next.rows.length || input.columns.length !== next.columns.length) {
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

function longestLabel(names: readonly string[], theme: Theme): number {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return 100;
  // As the names are drawn that the cursor is at.
  context.font = `600 ${theme.fontSize - 1}px ${theme.font}`;
  return Math.ceil(Math.max(20, ...names.map((name) => context.measureText(shorten(name, 40)).width)));
}

/** A click on a cell chooses it; the end of a drag does not. */
function addPointer(
  canvas: HTMLCanvasElement,
  chart: HeatmapChart,
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
    const found = cellAt(x.getValueForPixel(offsetX) ?? -1, y.getValueForPixel(offsetY) ?? -1, sizeOf(state));
    if (found !== undefined) choose(found);
  });
}
