import type { RunListing } from '../../src/protocol/messages';
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
import { extremePairs, measuresIn, momentsOf, positionOf, scaleLimits, unknownCells } from './matrixModel';
import type { MeasureWords } from './measureWords';
import { measureWords } from './measureWords';
import type { PairState } from './pairPane';
import type { RelatednessSettings } from './settings';
import type { ToolbarState } from './toolbar';

/** Everything the panel shows of a run. */
export interface Drawing {
  readonly tasks: readonly string[];
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
  const measures = measuresIn(run.state);
  const measure = measures.find((name) => name === settings.measure) ?? measures.at(0);
  if (measure === undefined) return undefined;
  const moments = momentsOf(run.state, measure);
  const position = positionOf(moments, settings.epoch);
  const moment = moments[position];
  const { values } = moment.matrix;
  const words = measureWords(measure, moment.matrix);
  const [low, high] = scaleLimits(words.range, values, settings.fitted);
  const scale = colourScale(low, high, theme.kind);
  const tasks = namesOf(run);
  const extremes = extremePairs(values);
  const pair = pairOf(settings.pair, tasks);
  return {
    tasks,
    moment,
    words,
    scale,
    legendState: { words, scale, tasks, extremes, unknown: unknownCells(values) },
    pairState: pair === undefined ? undefined : { pair, tasks, moments, position, words, theme },
    toolbarState: {
      measures: measures.map((name) => ({ value: name, label: measureWords(name, undefined).title })),
      measure,
      moments,
      position,
      settings,
    },
    description: descriptionOf(tasks, moment, words),
  };
}

const names = new WeakMap<object, readonly string[]>();

/** The tasks' names, the same array for the same run, so that what depends on it can be kept. */
function namesOf({ state: { tasks } }: Run): readonly string[] {
  const known = names.get(tasks) ?? tasks.map(({ name }) => name);
  names.set(tasks, known);
  return known;
}

function pairOf(pair: RelatednessSettings['pair'], tasks: readonly string[]): Cell | undefined {
  if (pair === undefined) return undefined;
  const [row, column] = pair.map((name) => tasks.indexOf(name));
  return row < 0 || column < 0 ? undefined : { row, column };
}

function descriptionOf(tasks: readonly string[], { epoch, matrix }: Moment, { title }: MeasureWords): string {
  const pairs = extremePairs(matrix.values);
  const name = (place: number) => shorten(tasks[place], 40);
  const said =
    pairs === undefined
      ? ''
      : ` Highest: ${name(pairs.highest.row)} and ${name(pairs.highest.column)}, ${exactValue(pairs.highest.value)}.` +
        ` Lowest: ${name(pairs.lowest.row)} and ${name(pairs.lowest.column)}, ${exactValue(pairs.lowest.value)}.`;
  return (
    `${title} of ${plural(tasks.length, 'task')} at epoch ${epoch}.${said} ` +
    'Arrow keys go from cell to cell, Enter shows a pair over the epochs; the table has all numbers.'
  );
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
