import { element, setAttribute, setText } from '../shared/dom';
import { oneLine } from '../../src/figures/labels';
import type { LineChart } from '../shared/lineChart';
import { createLineChart } from '../shared/lineChart';
import type { ChartSpec } from '../shared/lineSpec';
import type { Theme } from '../shared/theme';

interface Cell {
  readonly node: HTMLElement;
  readonly title: HTMLElement;
  readonly place: HTMLElement;
  chart?: LineChart;
  seen: boolean;
  spec?: ChartSpec;
}

/** One chart or several in a grid. Those that are scrolled out of sight are not drawn until they come into it. */
export function createChartGrid(zoomChanged: () => void) {
  const node = element('div', { class: 'chart-grid' });
  const cells: Cell[] = [];
  let theme: Theme | undefined;
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const cell = cells.find((candidate) => candidate.node === target);
      if (cell === undefined) continue;
      cell.seen = isIntersecting;
      drawCell(cell);
    }
  });

  function drawCell(cell: Cell): void {
    if (!cell.seen || cell.spec === undefined || theme === undefined) return;
    if (cell.chart === undefined) {
      cell.chart = createLineChart(zoomChanged);
      cell.place.append(cell.chart.node);
    }
    cell.chart.draw(cell.spec, theme);
  }

  function add(): void {
    const title = element('h3', { class: 'chart-title' });
    const place = element('div', { class: 'chart-place' });
    const cell: Cell = {
      node: element('div', { class: 'chart-cell' }, [title, place]),
      title,
      place,
      seen: cells.length === 0,
    };
    cells.push(cell);
    node.append(cell.node);
    observer.observe(cell.node);
  }

  function remove(): void {
    const cell = cells.pop();
    if (cell === undefined) return;
    observer.unobserve(cell.node);
    cell.chart?.destroy();
    cell.node.remove();
  }

  return {
    node,
    draw(specs: readonly ChartSpec[], nextTheme: Theme) {
      theme = nextTheme;
      while (cells.length < specs.length) add();
      while (cells.length > specs.length) remove();
      node.classList.toggle('is-several', specs.length > 1);
      specs.forEach((spec, place) => {
        const cell = cells[place];
        cell.spec = spec;
        setText(cell.title, oneLine(spec.title ?? ''));
        setAttribute(cell.title, 'title', spec.title);
        cell.title.hidden = spec.title === undefined;
        drawCell(cell);
      });
    },
    emphasise: (group: string | undefined) => cells.forEach(({ chart }) => chart?.emphasise(group)),
    reset: () => cells.forEach(({ chart }) => chart?.reset()),
    zoomed: () => cells.some(({ chart }) => chart?.zoomed() === true),
    /** The charts for a picture; those that were never in sight are drawn for it. */
    pictures() {
      for (const cell of cells) {
        if (cell.chart !== undefined) continue;
        const { seen } = cell;
        cell.seen = true;
        drawCell(cell);
        cell.seen = seen;
      }
      return cells.flatMap(({ chart, spec }) =>
        chart === undefined
          ? []
          : [{ canvas: chart.canvas, ...(spec?.title === undefined ? {} : { title: spec.title }) }],
      );
    },
  };
}
