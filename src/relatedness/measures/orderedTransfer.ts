import type { Matrix } from '../../common/linear/matrix';
import type { TrainingsMeasureOf } from '../measure';
import { directedMatrix, sameLength } from './matrix';
import { allBut, positions } from './networks';
import { percent } from './words';

export interface TransferLosses {
  /**
   * T times T: `losses[j][i]`, the losses of task j on held-out rows, the same for all i, by a network trained on i and
   * then tuned for j. Null where that was not done; `losses[j][j]` is of a network trained on j alone.
   */
  readonly losses: readonly (readonly (ArrayLike<number> | null)[])[];
}

/** For each target, the principal eigenvector of how often a source beats another, over how often it is beaten. */
export const orderedTransfer: TrainingsMeasureOf<'ordered-transfer', TransferLosses> = {
  name: 'ordered-transfer',
  title: 'Ordered transfer',
  summary: "How good a start a row's task is for a column's, against the other tasks as a start.",
  details:
    "For a target $j$, $w_{ik}$ is the share of held-out rows at which the network that started from $i$ has a lower loss than the one that started from $k$ (ties count half), kept in $[0.001, 0.999]$. The value of source $i$ is its entry of the principal eigenvector of $w_{ik} / w_{ki}$, divided by their sum: Taskonomy's normalisation by the analytic hierarchy process. In $[0, 1]$; a column sums to 1; directed from the row, the start, to the column. " +
    'Only ranks within a row of data count, so losses of any scale compare. The diagonal is the task from scratch, where that was trained. A column with fewer than two sources has no values.',
  source: 'Zamir et al., Taskonomy: Disentangling Task Transfer Learning, 2018; Saaty, 1980',
  moment: 'more training',
  range: [0, 1],
  directed: true,
  higherIsCloser: true,
  ends: { low: 'poor start', high: 'best start' },
  say: (value, from, to) =>
    from === to
      ? `of all starts for ${to}, one from scratch is worth ${percent(value)}`
      : `of all starts for ${to}, one from ${from} is worth ${percent(value)}`,
  cost: {
    formula: '$T$ networks, and $T (T - 1)$ tuned from them',
    multiplications: ({ tasks, rows, parameters }) => 3 * tasks * tasks * rows * parameters,
    trainings: (tasks) => tasks * tasks,
  },
  networks: (tasks) =>
    positions(tasks).flatMap((from) => [
      { tasks: [from], leaves: ['row losses', 'model'] },
      ...allBut(from, tasks).map((task) => ({ tasks: [task], from, leaves: ['row losses' as const] })),
    ]),
  fromReached: (tasks, reached) =>
    orderedTransfer.measure({
      losses: positions(tasks).map((task) => positions(tasks).map((from) => reached.atRows(task, from) ?? null)),
    }),
  measure({ losses }) {
    sameLength([losses, ...losses], 'sources');
    const scores = losses.map(scoresOf);
    return directedMatrix(losses.length, (from, to) => scores[to][from]);
  },
};

/** Of each source for one target. */
function scoresOf(sources: readonly (ArrayLike<number> | null)[]): (number | null)[] {
  const known = sources.flatMap((losses, task) => (losses ? [{ task, losses }] : []));
  const result = sources.map((): number | null => null);
  if (known.length < 2) return result;
  sameLength(
    known.map(({ losses }) => losses),
    'losses',
  );
  const count = known.length;
  const wins = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < count; k++) wins[i * count + k] = winRate(known[i].losses, known[k].losses);
  }
  hierarchyScores(wins, count).forEach((score, place) => {
    result[known[place].task] = score;
  });
  return result;
}

function winRate(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let wins = 0;
  for (let row = 0; row < one.length; row++) wins += one[row] < other[row] ? 1 : one[row] === other[row] ? 0.5 : 0;
  return one.length === 0 ? 0.5 : wins / one.length;
}

const [seldom, often] = [0.001, 0.999];

/**
 * The analytic hierarchy process: scores that sum to 1, by the principal eigenvector of `w_ik / w_ki`.
 * @param wins How often each beats each, by rows; `w_ki` is `1 - w_ik`.
 */
export function hierarchyScores(wins: Matrix, count: number): Float64Array {
  const kept = wins.map((share) => Math.min(often, Math.max(seldom, share)));
  const ratios = kept.map((share, cell) => share / kept[(cell % count) * count + Math.floor(cell / count)]);
  let scores = new Float64Array(count).fill(1 / count);
  // All entries are positive, so the powers converge to the one positive eigenvector.
  for (let round = 0; round < 1000; round++) {
    const next = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < count; k++) next[i] += ratios[i * count + k] * scores[k];
    }
    const total = next.reduce((sum, value) => sum + value, 0);
    const change = next.reduce((most, value, i) => Math.max(most, Math.abs(value / total - scores[i])), 0);
    scores = next.map((value) => value / total);
    if (change < 1e-14) break;
  }
  return scores;
}
