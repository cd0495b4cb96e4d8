import type { RunListing } from '../../src/protocol/messages';
import type { UsageMatrix } from '../../src/runs/events';
import { hasEnded } from '../../src/runs/state';
import type { ColourScale } from '../shared/palette';
import { colourScale } from '../shared/palette';
import { exactValue, plural } from '../shared/numbers';
import { shorten } from '../shared/labels';
import type { Run } from '../shared/runStore';
import { phaseOf } from '../shared/runStore';
import type { Theme } from '../shared/theme';
import type { Cell } from './heatmapDrawing';
import type { LegendState } from './legend';
import type { Moment } from './matrixModel';
import { choicesIn, extremePairs, momentsOf, positionOf, scaleLimits, unknownCells, usageOf } from './matrixModel';
import type { MeasureWords } from './measureWords';
import { measureWords, usageWords } from './measureWords';
import type { PairState } from './pairPane';
import type { RelatednessSettings } from './settings';
import type { ToolbarState } from './toolbar';

/** Everything the panel shows of a run. */
export interface Drawing {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly moment: Moment;
  readonly words: MeasureWords;
  readonly scale: ColourScale;
  readonly legendState: LegendState;
  readonly pairState: PairState | undefined;
  readonly toolbarState: Omit<ToolbarState, 'zoomed'>;
  readonly description: string;
}

/** Undefined while the run has no matrix. */
export function drawingOf(run: Run, settings: RelatednessSettings, theme: Theme): Drawing | undefined {
  const { state } = run;
  const choices = choicesIn(state);
  const measure = choices.find((name) => name === settings.measure) ?? choices.at(0);
  if (measure === undefined) return undefined;
  const moments = momentsOf(state, measure);
  const position = positionOf(moments, settings.epoch);
  const moment = moments[position];
  const { values } = moment.matrix;
  const usage = usageOf(state, measure);
  const every = usage !== undefined;
  const words = usage ? usageWords(measure, usage) : measureWords(measure, moment.matrix);
  const [low, high] = scaleLimits(words.range, values, settings.fitted, every);
  const scale = colourScale(low, high, theme.kind);
  const { rows, columns } = usage ?? { rows: namesOf(run), columns: namesOf(run) };
  const extremes = extremePairs(values, every);
  const pair = pairOf(settings.pair, rows, columns);
  return {
    rows,
    columns,
    moment,
    words,
    scale,
    legendState: { words, scale, rows, columns, extremes, unknown: unknownCells(values) },
    pairState: pair === undefined ? undefined : { pair, rows, columns, moments, position, words, theme },
    toolbarState: {
      measures: choices.map((name) => ({
        value: name,
        label: usageOf(state, name)?.title ?? measureWords(name, undefined).title,
      })),
      measure,
      moments,
      position,
      settings,
    },
    description: usage ? usageDescription(usage, moment) : descriptionOf(rows, moment, words),
  };
}

const names = new WeakMap<object, readonly string[]>();

/** The tasks' names, the same array for the same run, so that what depends on it can be kept. */
function namesOf({ state: { tasks } }: Run): readonly string[] {
  const known = names.get(tasks) ?? tasks.map(({ name }) => name);
  names.set(tasks, known);
  return known;
}

function pairOf(
  pair: RelatednessSettings['pair'],
  rows: readonly string[],
  columns: readonly string[],
): Cell | undefined {
  if (pair === undefined) return undefined;
  const [row, column] = [rows.indexOf(pair[0]), columns.indexOf(pair[1])];
  return row < 0 || column < 0 ? undefined : { row, column };
}

const keyWords = 'Arrow keys go from cell to cell, Enter shows a pair over the epochs; the table has all numbers.';

function usageDescription({ title, rows, columns }: UsageMatrix, { epoch, matrix }: Moment): string {
  const most = rows.slice(0, 6).flatMap((row, place) => {
    const values = (matrix.values[place] ?? []).map((value) => value ?? -Infinity);
    const at = values.indexOf(Math.max(...values));
    return values[at] === -Infinity || at < 0
      ? []
      : [`${shorten(row, 40)}: ${shorten(columns[at], 40)}, ${exactValue(values[at])}`];
  });
  return `${title} at epoch ${epoch}. Highest of each row: ${most.join('; ')}. ${keyWords}`;
}

function descriptionOf(tasks: readonly string[], { epoch, matrix }: Moment, { title }: MeasureWords): string {
  const pairs = extremePairs(matrix.values);
  const name = (place: number) => shorten(tasks[place], 40);
  const said =
    pairs === undefined
      ? ''
      : ` Highest: ${name(pairs.highest.row)} and ${name(pairs.highest.column)}, ${exactValue(pairs.highest.value)}.` +
        ` Lowest: ${name(pairs.lowest.row)} and ${name(pairs.lowest.column)}, ${exactValue(pairs.lowest.value)}.`;
  return `${title} of ${plural(tasks.length, 'task')} at epoch ${epoch}.${said} ${keyWords}`;
}

/** What to say while there is no matrix. */
export function waitingWords(run: Run, listings: readonly RunListing[]) {
  const phase = phaseOf(run, listings);
  if (phase === 'starting') {
    return {
      icon: 'loading',
      title: 'Starting',
      text: 'Data is being read and the model compiled. The first matrix comes at the end of the first epoch.',
    };
  }
  if (listings.find(({ id }) => id === run.id)?.role === 'baseline') {
    return {
      icon: 'circle-slash',
      title: 'A baseline',
      text: 'This run trains each task alone. Nothing is shared, so nothing is measured; the run that is compared with it has the matrix.',
    };
  }
  if (run.state.tasks.length === 1) {
    return {
      icon: 'table',
      title: 'Only one task',
      text: 'Relatedness is measured between tasks; this run has a single one.',
    };
  }
  if (hasEnded(phase as typeof run.state.phase) || phase === 'interrupted') {
    return {
      icon: 'table',
      title: 'No matrix',
      text: 'This run recorded none: it ended before its first epoch was over, or its experiment measures nothing (see relatedness in the experiment file).',
    };
  }
  return { icon: 'loading', title: 'Measuring', text: 'The first matrix comes at the end of the first epoch.' };
}
