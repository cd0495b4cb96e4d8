import type { RelatednessValues } from '../../src/relatedness';
import type { UsageMatrix } from '../../src/runs/events';
import type { Extremes, Pair } from '../../src/figures/extremePairs';
import { extremePairs, unknownCells } from '../../src/figures/extremePairs';
import { hasBounds } from '../../src/figures/scale';
import type { ColourScale } from '../../src/figures/palette';
import { exactValue, plural } from '../../src/figures/numbers';
import { shorten } from '../../src/figures/labels';
import type { TrainingMoment } from '../../src/figures/moments';
import { atMoment, momentWords } from '../../src/figures/moments';
import type { Run } from '../shared/runStore';
import type { Theme } from '../shared/theme';
import type { AgreementText } from './agreementWords';
import { agreementText, matrixAgreement } from './agreementWords';
import type { TaskGroup } from '../../src/relatedness/grouping';
import type { Intervals } from '../../src/figures/intervals';
import type { Cell } from './cellWords';
import type { Dendrogram } from '../../src/figures/dendrogram';
import { dendrogramWords } from '../../src/figures/dendrogram';
import { groupedOrder, groupsInRows } from '../../src/figures/groups';
import type { LegendState } from './legend';
import type { Moment } from './matrixModel';
import { choicesIn, chosenIn, measuresIn, replicatedMoment, usageOf } from './matrixModel';
import type { MeasureWords } from '../../src/figures/measureWords';
import { measureWords, readingOf } from '../../src/figures/measureWords';
import type { MeasureHistory } from './measureHistory';
import { historyOf, overReplicates } from './measureHistory';
import type { Clustering } from '../../src/figures/clustering';
import { clusteringOf } from './ordering';
import type { PairState } from './pairPane';
import { measureScale } from './scale';
import { filteredTasks, pickCells } from './selection';
import type { RelatednessSettings } from './settings';
import type { ToolbarState } from './toolbar';

/** One measure at one moment, of the tasks that are shown. */
export interface MatrixDrawing {
  readonly words: MeasureWords;
  readonly moment: Moment;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly values: RelatednessValues;
  readonly scale: ColourScale;
  /** Where it is a mean over replicates. */
  readonly intervals?: Intervals;
  readonly legendState: LegendState;
  readonly description: string;
  /** How the rows were joined, where they are ordered by that. */
  readonly dendrogram?: Dendrogram;
  /** Of what in training that is, where it is of another moment than the matrix. */
  readonly treeMoment?: string;
  /** The groups of the tasks that are shown, by their rows. */
  readonly groups?: readonly TaskGroup[];
}

/** What of it is on the screen. */
export type ShownMatrix = Omit<MatrixDrawing, 'moment'>;

/** Everything the panel shows of a run. */
export interface Drawing {
  /** The rows that are shown, in their order; none where none passes the filter. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Their positions among all tasks of the run. */
  readonly shown: readonly number[];
  /** The measure and, where one is chosen, the one beside it. */
  readonly matrices: readonly MatrixDrawing[];
  readonly agreement: AgreementText | undefined;
  readonly pair: Cell | undefined;
  readonly pairState: PairState | undefined;
  readonly toolbarState: Omit<ToolbarState, 'zoomed'>;
}

/** Undefined while the run has no matrix. */
export function drawingOf(
  run: Run,
  settings: RelatednessSettings,
  theme: Theme,
  groups?: readonly TaskGroup[],
): Drawing | undefined {
  const { state } = run;
  const measure = chosenIn(state, settings.measure);
  if (measure === undefined) return undefined;
  // What tasks use has columns of its own, so that nothing can stand beside it row by row.
  const beside = usageOf(state, measure) ? [] : measuresIn(state).filter((name) => name !== measure);
  const second = beside.find((name) => name === settings.second);
  const ofRun = [measure, ...(second === undefined ? [] : [second])].map((name) =>
    historyOf(run, name, settings.epoch),
  );
  const overSeeds = replicatedMoment(state, measure);
  const histories = settings.overSeeds === true ? ofRun.map((history) => overReplicates(state, history)) : ofRun;
  const { order, dendrogram } = rowsOf(histories[0], settings, groups);
  const latest = histories[0].moments[histories[0].moments.length - 1];
  const sliding = histories.find(({ moments: [first] }) => first.at.of === 'epoch');
  const shownGroups = groups && !histories[0].usage ? groupsInRows(groups, order) : undefined;
  const matrices = histories.map((history, place): MatrixDrawing => {
    const drawn = matrixDrawing(history, order, { settings, theme });
    const grouped = { ...drawn, ...(shownGroups && { groups: shownGroups }) };
    return dendrogram && place === 0 ? withDendrogram(grouped, dendrogram, latest) : grouped;
  });
  const [{ words, rows, columns }] = histories;
  const pair = pairOf(settings.pair, matrices[0]);
  return {
    rows: matrices[0].rows,
    columns: matrices[0].columns,
    shown: order,
    matrices,
    agreement: agreementIn(matrices),
    pair,
    pairState: pair && {
      row: rows.indexOf(matrices[0].rows[pair.row]),
      column: columns.indexOf(matrices[0].columns[pair.column]),
      rows,
      columns,
      histories: ofRun,
      theme,
    },
    toolbarState: {
      measures: choicesIn(state).map((name) => choiceOf(run, name)),
      measure,
      beside: beside.map((name) => choiceOf(run, name)),
      second,
      hasRange: hasBounds(words),
      ordered: histories[0].usage === undefined,
      seeds: overSeeds && state.replicated?.seeds.length,
      epochs: sliding && {
        moments: sliding.moments,
        position: sliding.position,
        following: settings.epoch === undefined,
      },
      moment: matrices[0].moment.at,
      settings,
    },
  };
}

function choiceOf({ state }: Run, name: string) {
  return { value: name, label: usageOf(state, name)?.title ?? measureWords(name, undefined).title };
}

/**
 * Positions of the rows that are shown, in their order. Clusters are those of the latest epoch of the first measure, so
 * that the rows stay where they are while one goes through training.
 */
function rowsOf(
  { words, rows, moments, usage }: MeasureHistory,
  { order, filter }: RelatednessSettings,
  groups: readonly TaskGroup[] | undefined,
): Clustering {
  const shown = filteredTasks(rows, filter);
  if (usage) return { order: shown };
  if (order === 'groups' && groups) return { order: groupedOrder(groups, shown) };
  if (order !== 'clusters') return { order: shown };
  return clusteringOf(moments[moments.length - 1].matrix.values, words.higherIsCloser, shown);
}

function matrixDrawing(
  history: MeasureHistory,
  shown: readonly number[],
  { settings, theme }: { readonly settings: RelatednessSettings; readonly theme: Theme },
): MatrixDrawing {
  const { words, moments, position, usage } = history;
  const shownColumns = usage ? history.columns.map((_, place) => place) : shown;
  const rows = shown.map((place) => history.rows[place]);
  const columns = shownColumns.map((place) => history.columns[place]);
  const moment = moments[position];
  const values = pickCells(moment.matrix.values, shown, shownColumns);
  const scale = measureScale(words, moments, moment, { reach: settings.colours, kind: theme.kind });
  const extremes = extremePairs(values, words.every);
  const intervals = intervalsOf(moment, shown);
  return {
    words,
    moment,
    rows,
    columns,
    values,
    scale,
    ...(intervals && { intervals }),
    legendState: {
      words,
      scale,
      rows,
      columns,
      extremes,
      unknown: unknownCells(values),
      marked: intervals !== undefined,
    },
    description: usage
      ? usageDescription({ title: usage.title, rows, columns, values }, moment.at)
      : descriptionOf(rows, moment.at, words, extremes),
  };
}

function intervalsOf({ matrix: { lower, upper }, at }: Moment, shown: readonly number[]): Intervals | undefined {
  if (lower === undefined || upper === undefined || at.of !== 'seeds') return undefined;
  return { lower: pickCells(lower, shown), upper: pickCells(upper, shown), seeds: at.seeds };
}

function withDendrogram(drawn: MatrixDrawing, dendrogram: Dendrogram, of: Moment): MatrixDrawing {
  const words = dendrogramWords(dendrogram, drawn.rows);
  const treeMoment = of === drawn.moment ? undefined : momentWords(of.at);
  const at = treeMoment === undefined ? '' : ` of ${treeMoment}`;
  const tree = `The tree beside the rows joins tasks where the scale beneath it says: at the mean ${drawn.words.title}${at} between its two sides. ${words}`;
  return {
    ...drawn,
    dendrogram,
    ...(treeMoment === undefined ? {} : { treeMoment }),
    legendState: { ...drawn.legendState, tree },
    description: `${drawn.description} ${words}`,
  };
}

function agreementIn(matrices: readonly MatrixDrawing[]): AgreementText | undefined {
  if (matrices.length < 2) return undefined;
  const [one, other] = matrices.map(({ words, values }) => ({
    values,
    directed: words.directed,
    higherIsCloser: words.higherIsCloser,
  }));
  return agreementText(matrixAgreement(one, other));
}

function pairOf(
  pair: RelatednessSettings['pair'],
  { rows, columns }: Pick<MatrixDrawing, 'rows' | 'columns'>,
): Cell | undefined {
  if (pair === undefined) return undefined;
  const [row, column] = [rows.indexOf(pair[0]), columns.indexOf(pair[1])];
  return row < 0 || column < 0 ? undefined : { row, column };
}

const keyWords = 'Arrow keys go from cell to cell, Enter shows more of a pair; the table has all numbers.';

/** What stands over one of several matrices: with its moment where they are of different ones. */
export function headingOf({ words: { title }, moment }: MatrixDrawing, matrices: readonly MatrixDrawing[]): string {
  const moments = new Set(matrices.map((matrix) => momentWords(matrix.moment.at)));
  return moments.size > 1 ? `${title}, ${momentWords(moment.at)}` : title;
}

function usageDescription(
  { title, rows, columns, values }: Pick<UsageMatrix, 'title' | 'rows' | 'columns' | 'values'>,
  moment: TrainingMoment,
): string {
  const most = rows.slice(0, 6).flatMap((row, place) => {
    const known = (values[place] ?? []).map((value) => value ?? -Infinity);
    const at = known.indexOf(Math.max(...known));
    return known[at] === -Infinity || at < 0
      ? []
      : [`${shorten(row, 40)}: ${shorten(columns[at], 40)}, ${exactValue(known[at])}`];
  });
  return `${title}${atMoment(moment)}. Highest of each row: ${most.join('; ')}. ${keyWords}`;
}

function descriptionOf(
  tasks: readonly string[],
  moment: TrainingMoment,
  words: MeasureWords,
  extremes: Extremes | undefined,
): string {
  const names = ({ row, column }: Pair) =>
    `${shorten(tasks[row], 40)} ${words.directed ? 'to' : 'and'} ${shorten(tasks[column], 40)}`;
  const said =
    extremes === undefined
      ? ''
      : ` Highest: ${names(extremes.highest)}, ${exactValue(extremes.highest.value)}.` +
        ` Lowest: ${names(extremes.lowest)}, ${exactValue(extremes.lowest.value)}.`;
  const reading = readingOf(words);
  return `${words.title} of ${plural(tasks.length, 'task')}${atMoment(moment)}.${reading && ` ${reading}`}${said} ${keyWords}`;
}
