import { extremePairs, unknownCells } from '../../src/figures/extremePairs';
import type { MeasureWords } from '../../src/figures/measureWords';
import type { TrainingMoment } from '../../src/figures/moments';
import { epochOf, momentWords } from '../../src/figures/moments';
import { exactValue, plural } from '../../src/figures/numbers';
import { scaleOf } from '../../src/figures/scale';
import type { RelatednessValues } from '../../src/relatedness';
import { hasPairs } from '../../src/relatedness/pairs';
import { agreementMatrix } from '../../src/relatedness/statistics/agreement';
import type { Run } from '../shared/runStore';
import type { Theme } from '../shared/theme';
import { agreementMeaning } from './agreementWords';
import type { ShownMatrix } from './drawing';
import { measuresIn } from './matrixModel';
import type { MeasureHistory } from './measureHistory';
import { historyOf, overReplicates } from './measureHistory';
import { pickCells } from './selection';
import type { RelatednessSettings } from './settings';

/** How far the measures of a run agree with each other. */
export interface Agreements {
  /** The measures of the rows, which are those of the columns. */
  readonly measures: readonly string[];
  readonly matrix: ShownMatrix;
  /** Of what in training they are. */
  readonly moment: string;
  /** Titles of the measures of which no two of the tasks have a value. */
  readonly without: readonly string[];
}

const words: MeasureWords = {
  name: 'agreement',
  title: 'Agreement of measures',
  summary:
    "Spearman's rank correlation over pairs of tasks, of how close two measures find them: 1 where they put them in the same order.",
  range: [-1, 1],
  directed: false,
  higherIsCloser: true,
  neutral: 0,
  low: 'reverse order',
  middle: 'no relation',
  high: 'same order',
  every: false,
  absent: 'cannot be compared',
  say: (value) => agreementMeaning(value),
};

/** So many tasks have the pairs that a rank correlation takes. */
export const fewestTasks = 3;

/**
 * Every measure with every other, at the moment and of the tasks that the panel shows. Undefined where fewer than two have
 * a value.
 * @param shown Positions of the tasks.
 */
export function agreementsOf(
  run: Run,
  { epoch, overSeeds }: RelatednessSettings,
  shown: readonly number[],
  { kind }: Pick<Theme, 'kind'>,
): Agreements | undefined {
  const histories = measuresIn(run.state).map((name) => {
    const history = historyOf(run, name, epoch);
    return overSeeds === true ? overReplicates(run.state, history) : history;
  });
  const all = histories.map((history) => ({ history, values: pickCells(momentOf(history).matrix.values, shown) }));
  const known = all.filter(({ values }) => hasPairs(values));
  if (known.length < 2) return undefined;
  const values = agreementsKept(known);
  const titles = known.map(({ history }) => history.words.title);
  const scale = scaleOf(words, undefined, kind);
  const extremes = extremePairs(values);
  return {
    measures: known.map(({ history }) => history.words.name),
    moment: momentsWords(known.map(({ history }) => momentOf(history).at)),
    without: all.filter((one) => !known.includes(one)).map(({ history }) => history.words.title),
    matrix: {
      words,
      rows: titles,
      columns: titles,
      values,
      scale,
      legendState: { words, scale, rows: titles, columns: titles, extremes, unknown: unknownCells(values) },
      description: descriptionOf(titles, values),
    },
  };
}

function momentOf({ moments, position }: MeasureHistory) {
  return moments[position];
}

/** Of the epochs the latest, and what else there is. */
function momentsWords(moments: readonly TrainingMoment[]): string {
  const epochs = moments.flatMap((moment) => epochOf(moment) ?? []);
  const latest: readonly TrainingMoment[] = epochs.length === 0 ? [] : [{ of: 'epoch', epoch: Math.max(...epochs) }];
  const others = moments.filter((moment) => epochOf(moment) === undefined);
  return [...new Set([...latest, ...others].map(momentWords))].join(' and ');
}

interface Measured {
  readonly history: MeasureHistory;
  readonly values: RelatednessValues;
}

let kept: { readonly of: readonly RelatednessValues[]; readonly values: RelatednessValues } | undefined;

/** Those of the last time, where nothing has changed. */
function agreementsKept(measured: readonly Measured[]): RelatednessValues {
  const of = measured.map(({ values }) => values);
  if (kept?.of.length === of.length && of.every((values, place) => values === kept?.of[place])) return kept.values;
  const values = agreementMatrix(
    measured.map(
      ({
        history: {
          words: { directed, higherIsCloser },
        },
        values,
      }) => ({ values, directed, higherIsCloser }),
    ),
  );
  kept = { of, values };
  return values;
}

function descriptionOf(titles: readonly string[], values: RelatednessValues): string {
  const extremes = extremePairs(values);
  const said = ({ row, column, value }: NonNullable<typeof extremes>['highest']) =>
    `${titles[row]} and ${titles[column]}, ${exactValue(value)}`;
  const ends = extremes ? ` Highest: ${said(extremes.highest)}. Lowest: ${said(extremes.lowest)}.` : '';
  return `Rank agreement of ${plural(titles.length, 'measure')}.${ends} Arrow keys go from cell to cell, Enter shows the two measures side by side; the table has all numbers.`;
}
