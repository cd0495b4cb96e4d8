import type { ChartDataset, InteractionItem, InteractionModeFunction } from 'chart.js';
import {
  Chart,
  Filler,
  Interaction,
  LineController,
  LineElement,
  LinearScale,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from 'chart.js';
import zoomPlugin from 'chartjs-plugin-zoom';
import { cssColour, withAlpha } from '../../src/figures/colour';
import { element, setAttribute } from './dom';
import { createMarks } from './lineMarks';
import { axisOptions, baseOptions, tooltipOptions } from './lineOptions';
import type { ChartLine, ChartSpec } from './lineSpec';
import { drawnPoints, extentOf } from './lineSpec';
import type { Theme } from './theme';
import type { Window } from './thinning';

declare module 'chart.js' {
  interface InteractionModeMap {
    line: InteractionModeFunction;
  }
}

Chart.register(Filler, LineController, LineElement, LinearScale, LogarithmicScale, PointElement, Tooltip, zoomPlugin);

/** Points of one chart that are drawn at most, all lines together. */
const pointBudget = 60_000;
/** How near the pointer must be to a point, in pixels. */
const reach = 48;

/** The nearest point of a line that is for pointing at. */
Interaction.modes.line = (chart, event) => {
  let nearest: InteractionItem | undefined;
  let best = reach * reach;
  chart.data.datasets.forEach((dataset, datasetIndex) => {
    if ((dataset as Partial<Dataset>).pointed !== true) return;
    chart.getDatasetMeta(datasetIndex).data.forEach((candidate, index) => {
      const distance = (candidate.x - (event.x ?? 0)) ** 2 + (candidate.y - (event.y ?? 0)) ** 2;
      if (distance >= best) return;
      best = distance;
      nearest = { element: candidate, datasetIndex, index };
    });
  });
  return nearest === undefined ? [] : [nearest];
};

type Dataset = ChartDataset<'line'> & { readonly pointed: boolean };

export interface LineChart {
  readonly node: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly draw: (spec: ChartSpec, theme: Theme) => void;
  /** Brings the lines of one group forward, or none. */
  readonly emphasise: (group: string | undefined) => void;
  readonly reset: () => void;
  readonly zoomed: () => boolean;
  readonly destroy: () => void;
}

/** A chart with lines that follows what it is given, zooms by wheel and dragging, and pans with shift. */
export function createLineChart(zoomChanged: () => void = () => undefined): LineChart {
  const canvas = element('canvas', { attributes: { tabindex: 0, role: 'img' } });
  const node = element('div', { class: 'chart' }, [canvas]);
  let spec: ChartSpec | undefined;
  let theme: Theme | undefined;
  let emphasis: string | undefined;
  let drawn: readonly (ChartLine | undefined)[] = [];
  const chart = new Chart(canvas, {
    type: 'line',
    data: { datasets: [] },
    options: baseOptions(zoomed),
    plugins: [
      createMarks(() => {
        if (theme === undefined) throw new Error('A chart was painted before it was given a theme.');
        return { theme, lines: drawn, emphasis, at: spec?.at };
      }),
    ],
  });

  function zoomed(): void {
    redraw();
    zoomChanged();
  }

  function redraw(): void {
    if (spec === undefined || theme === undefined) return;
    const made = datasetsOf(spec, windowOf(spec), emphasis);
    drawn = made.map(({ line }) => line);
    chart.data.datasets = made.map(({ dataset }) => dataset);
    applyAxes(chart, spec, theme);
    chart.options.plugins = { ...chart.options.plugins, tooltip: tooltipOptions(spec, theme, (place) => drawn[place]) };
    chart.update('none');
    setAttribute(canvas, 'aria-label', spec.description);
  }

  function windowOf({ lines, x }: ChartSpec): Window {
    const [from, to] = chart.isZoomedOrPanned()
      ? [chart.scales.x.min, chart.scales.x.max]
      : (extentOf(lines, x.log) ?? [0, 1]);
    const columns = Math.max(200, chart.width);
    return {
      from,
      to,
      columns: Math.min(columns, Math.max(40, pointBudget / (4 * Math.max(1, lines.length)))),
      log: x.log,
    };
  }

  function reset(): void {
    chart.resetZoom('none');
    redraw();
    zoomChanged();
  }

  addKeys(canvas, chart, zoomed, reset);
  return {
    node,
    canvas,
    draw(nextSpec, nextTheme) {
      const otherAxes =
        spec !== undefined &&
        (spec.x.label !== nextSpec.x.label ||
          spec.x.log !== nextSpec.x.log ||
          spec.y.label !== nextSpec.y.label ||
          spec.y.log !== nextSpec.y.log);
      spec = nextSpec;
      theme = nextTheme;
      if (otherAxes && chart.isZoomedOrPanned()) reset();
      else redraw();
    },
    emphasise(group) {
      if (group === emphasis) return;
      emphasis = group;
      redraw();
    },
    reset,
    zoomed: () => chart.isZoomedOrPanned(),
    destroy: () => chart.destroy(),
  };
}

function applyAxes(chart: Chart<'line'>, spec: ChartSpec, theme: Theme): void {
  const zoomed = chart.isZoomedOrPanned();
  const current = chart.options.scales ?? {};
  const extent = extentOf(spec.lines, spec.x.log);
  const limits = { x: extent, y: spec.y.limits };
  chart.options.scales = Object.fromEntries(
    (['x', 'y'] as const).map((axis) => {
      const [min, max] = zoomed ? [current[axis]?.min, current[axis]?.max] : (limits[axis] ?? []);
      const room = min === max ? {} : { min, max };
      return [axis, { ...axisOptions(spec, axis, theme), ...room }];
    }),
  ) as typeof chart.options.scales;
}

/** Lines with their datasets: beneath them their bands, each as two edges of which the second fills to the first. */
function datasetsOf(spec: ChartSpec, window: Window, emphasis: string | undefined) {
  return spec.lines.flatMap((line): { line?: ChartLine; dataset: Dataset }[] => {
    const opacity = emphasis === undefined || emphasis === line.group ? 1 : 0.15;
    const shared = { pointRadius: 0, pointHitRadius: 0, borderJoinStyle: 'round' as const, tension: 0 };
    const colour = cssColour(withAlpha(line.colour, opacity * (line.faint === true ? 0.35 : 1)));
    const own: Dataset = {
      ...shared,
      data: drawnPoints(line, window, spec.y.log),
      borderColor: colour,
      backgroundColor: colour,
      pointHoverBackgroundColor: colour,
      borderDash: [...line.dash],
      borderWidth: line.width,
      order: line.faint === true ? 2 : 1,
      pointed: line.faint !== true,
    };
    if (line.band === undefined) return [{ line, dataset: own }];
    const edge = (values: readonly number[], fill: string | false): Dataset => ({
      ...shared,
      data: drawnPoints({ ...line, raw: undefined, best: undefined }, window, spec.y.log, values),
      borderColor: cssColour(withAlpha(line.colour, opacity * 0.5)),
      borderWidth: 0.75,
      backgroundColor: cssColour(withAlpha(line.colour, opacity * 0.18)),
      fill,
      order: 3,
      pointed: false,
    });
    return [{ line, dataset: own }, { dataset: edge(line.band.low, false) }, { dataset: edge(line.band.high, '-1') }];
  });
}

function addKeys(canvas: HTMLCanvasElement, chart: Chart<'line'>, zoomed: () => void, reset: () => void): void {
  const zoom = (factor: number) => {
    chart.zoom(factor);
    zoomed();
  };
  const pan = (x: number) => {
    chart.pan({ x });
    zoomed();
  };
  const keys: Readonly<Record<string, () => void>> = {
    '+': () => zoom(1.25),
    '=': () => zoom(1.25),
    '-': () => zoom(0.8),
    ArrowLeft: () => pan(40),
    ArrowRight: () => pan(-40),
    '0': reset,
  };
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
}
