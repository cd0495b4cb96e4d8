import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { rangeOf } from '../common/numbers';
import type { StudyAxis } from './study';
import { betterIf, type StudyPanel } from './summary';

/** Colours told apart with every common colour blindness (Okabe and Ito, 2008), as they are on light and on dark. */
const colours = {
  background: ['#ffffff', '#1e1e1e'],
  text: ['#24292e', '#e2e2e2'],
  lines: ['#8a8f94', '#8b9096'],
  grid: ['#e4e7ea', '#3a3d40'],
  arms: [
    ['#d55e00', '#ff9a52'],
    ['#0072b2', '#5fb8f2'],
    ['#009e73', '#3ed6a8'],
  ],
} as const;
const light = 0;
/** Tasks that are drawn; the others stand in the table. */
const mostTasks = 24;
const columns = 3;

export interface StudyChart {
  readonly title: string;
  /** What was done, in a sentence or two. */
  readonly subtitle: readonly string[];
  readonly arms: readonly string[];
  readonly panels: readonly StudyPanel[];
}

/** Draws a study: a panel for each task and for the gain, with its lines and their intervals. */
export async function drawStudy(chart: StudyChart): Promise<string> {
  const svg = await new View(parse(compile(chartSpec(chart)).spec), { renderer: 'none' }).toSVG();
  return withDarkColours(svg);
}

function chartSpec({ title, subtitle, arms, panels }: StudyChart): TopLevelSpec {
  const shown = shownPanels(panels);
  const axes = new Set(panels.map(({ axis }) => axis.name));
  const left = tasksOf(panels).length - tasksOf(shown).length;
  const notes = left > 0 ? [...subtitle, `${left} more tasks are in study.csv.`] : subtitle;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: title, subtitle: [...notes], anchor: 'start', offset: 16 },
    background: colours.background[light],
    padding: 16,
    // Each axis in a column of its own, so that rows are tasks.
    columns: axes.size > 1 ? axes.size : Math.min(columns, shown.length),
    spacing: 24,
    concat: shown.map((panel) => panelSpec(panel, arms, tasksOf(panels).length)),
    config: {
      font: 'system-ui, -apple-system, "Segoe UI", sans-serif',
      title: { color: colours.text[light], subtitleColor: colours.text[light], fontSize: 13, subtitleFontSize: 12 },
      axis: {
        labelColor: colours.text[light],
        titleColor: colours.text[light],
        domainColor: colours.lines[light],
        tickColor: colours.lines[light],
        gridColor: colours.grid[light],
        titleFontWeight: 'normal',
        labelFontSize: 11,
        titleFontSize: 11,
      },
      legend: { labelColor: colours.text[light], titleColor: colours.text[light], labelFontSize: 12 },
      view: { stroke: null },
    },
  };
}

function tasksOf(panels: readonly StudyPanel[]): readonly string[] {
  return [...new Set(panels.flatMap((panel) => (panel.kind === 'task' ? [panel.task] : [])))];
}

/** Panels of one task beside each other, the gain last. */
function shownPanels(panels: readonly StudyPanel[]): readonly StudyPanel[] {
  const ofTask = (task: string | undefined) =>
    panels.filter((panel) => (panel.kind === 'task' ? panel.task : undefined) === task);
  return [...tasksOf(panels).slice(0, mostTasks), undefined].flatMap(ofTask);
}

function panelSpec(panel: StudyPanel, arms: readonly string[], tasks: number) {
  const percent = panel.kind === 'gain' ? 100 : 1;
  const values = panel.lines.flatMap(({ arm, points }) =>
    points.map(({ at, mean, interval }) => ({
      arm,
      at,
      mean: percent * mean,
      lower: percent * (interval?.[0] ?? mean),
      upper: percent * (interval?.[1] ?? mean),
    })),
  );
  const places = [...new Set(values.map(({ at }) => at))];
  const scale = {
    domain: [...arms],
    range: arms.map((_, arm) => colours.arms[arm % colours.arms.length][light]),
  };
  const together = tasks > 1 ? 'All tasks' : 'Gain';
  const title = panel.kind === 'gain' ? together : panel.task;
  const encoding = {
    x: xEncoding(panel.axis, places),
    color: {
      field: 'arm',
      type: 'nominal' as const,
      scale,
      legend: { title: null, orient: 'top' as const, symbolOpacity: 1, symbolType: 'circle' },
    },
  };
  const zero =
    panel.kind === 'gain'
      ? [
          {
            mark: { type: 'rule' as const, color: colours.lines[light], strokeDash: [4, 3] },
            encoding: { y: { datum: 0 } },
          },
        ]
      : [];
  return {
    title: { text: title, subtitle: betterIf(panel), anchor: 'start' as const, frame: 'group' as const, offset: 8 },
    width: 230,
    height: 170,
    data: { values },
    layer: [
      {
        mark: { type: 'area' as const, opacity: 0.18 },
        encoding: {
          ...encoding,
          y: { field: 'lower', type: 'quantitative' as const, title: figureLabel(panel), scale: { zero: false } },
          y2: { field: 'upper' },
        },
      },
      ...zero,
      {
        mark: { type: 'line' as const, point: { size: 36, filled: true }, strokeWidth: 2 },
        encoding: { ...encoding, y: { field: 'mean', type: 'quantitative' as const, scale: { zero: false } } },
      },
    ],
  };
}

/** Short: a vertical title that is longer than its axis pushes all else away. */
function figureLabel(panel: StudyPanel): string {
  return panel.kind === 'gain' ? 'Δm, %' : `${panel.split} ${panel.metric}`;
}

function xEncoding({ title, logarithmic, share }: StudyAxis, places: readonly number[]) {
  return {
    field: 'at',
    type: 'quantitative' as const,
    title,
    scale: { type: logarithmic ? ('log' as const) : ('linear' as const), nice: false, domain: [...rangeOf(places)] },
    axis: {
      values: [...places],
      grid: false,
      labelOverlap: 'greedy' as const,
      labelFlush: false,
      ...(share ? { format: '.4~%' } : { format: '~r' }),
    },
  };
}

/** The colours that the attributes of the drawing have on light are others where the reader prefers dark. */
function withDarkColours(svg: string): string {
  const pairs = [colours.background, colours.text, colours.lines, colours.grid, ...colours.arms];
  const rules = pairs.flatMap(([onLight, onDark]) =>
    (['fill', 'stroke'] as const).map((attribute) => `[${attribute}="${onLight}"]{${attribute}:${onDark}}`),
  );
  const page = `:root{background:${colours.background[1]}}`;
  const style = `<style>@media (prefers-color-scheme: dark){${page}${rules.join('')}}</style>`;
  return svg.replace(/^<svg[^>]*>/, (opening) => `${opening}${style}`);
}
