import type { TrainedMeasureOf } from '../measure';
import { directedMatrix, sameLength } from './matrix';
import { helping, percent } from './words';

/** What becomes of a task when the contribution of one task, itself or another, is taken out of the network. */
export interface TaskPrediction {
  /** Answers with all contributions: of n rows a number or a probability, or one of each class. */
  readonly whole: ArrayLike<number>;
  /** T: the same answers without the contribution of each task. */
  readonly without: readonly ArrayLike<number>[];
}

export interface Predictions {
  /** T: one for each task whose answers they are. */
  readonly predictions: readonly TaskPrediction[];
}

/**
 * `c_ij / sum over k of c_kj` with `c_ij` the mean of `|y_j - y_j without i|`: the column of a task says what it lives off, its
 * own share on the diagonal and the others' shares off it, and sums to 1; the row of a task says what it gives.
 */
export const predictionShare: TrainedMeasureOf<'prediction-share', Predictions, 'contributions'> = {
  name: 'prediction-share',
  title: 'Prediction decomposition',
  summary:
    "Which share of a column's task's answers comes from what a row's task contributes: own share and others' shares sum to 1.",
  details:
    '$\\frac{c_{ij}}{\\sum_k c_{kj}}$ with $c_{ij} = \\frac{1}{n} \\sum_x |\\hat y_j(x) - \\hat y_j^{-i}(x)|$: how far the answers of task $j$ (probabilities, or numbers) move when the contribution of task $i$ is taken out of the network. In $[0, 1]$, directed from the row, which gives, to the column, which takes. Read a column to see what a task lives off: its own share is on the diagonal, the shares of the others are off it, and together they are 1. Read a row to see what a task gives.\n\n' +
    'The contribution of task $i$ is: with `cross-stitch` its column of layers $h_i$, so that every task reads $\\sum_{k \\neq i} S_{jk} h_k$; with `additive` its own encoder $f_i$, its own part of its head and a $T$-th of what all share, so that $(1 - \\frac{1}{T}) f_0 + f_j$ stays for $j \\neq i$ and $(1 - \\frac{1}{T}) f_0$ for itself; with `cgc` and `ple` its own experts. Experts that all tasks read (`mmoe`, `dselect-k`, and the shared ones of `cgc` and `ple`) belong to the tasks in proportion to their gate values, row by row: $\\sum_e g_{je}(x) \\left(1 - \\frac{g_{ie}(x)}{\\sum_k g_{ke}(x)}\\right) f_e(x)$ stays, as an expert learns from the tasks in this proportion. To divide what is shared in this way, and to put zero in the place of what is taken out, are conventions.\n\n' +
    'With other architectures contributions cannot be told apart. A task whose answers nothing moves has no values.',
  source:
    'After Covert et al., Explaining by Removing: A Unified Framework for Model Explanation, 2021, with tasks in the place of features',
  needs: 'contributions',
  moment: 'trained',
  range: [0, 1],
  directed: true,
  higherIsCloser: true,
  neutral: 0,
  ends: { low: 'no part', middle: 'no part', high: 'all of it' },
  say: (value, from, to) =>
    from === to
      ? `${percent(value)} of what moves the answers of ${to} comes from itself`
      : `${percent(value)} of what moves the answers of ${to} comes from ${from}`,
  cost: {
    formula: '$T n P$: a forward pass without each task',
    multiplications: ({ tasks, rows, parameters }) => tasks * rows * parameters,
  },
  measure({ predictions }) {
    const moved = predictions.map((prediction) => {
      sameLength([prediction.whole, ...prediction.without], 'answers');
      return prediction.without.map((answers) => meanChange(prediction.whole, answers));
    });
    const totals = moved.map((changes) => changes.reduce((sum, change) => sum + change, 0));
    return directedMatrix(predictions.length, (from, to) => (totals[to] > 0 ? moved[to][from] / totals[to] : null));
  },
};

function meanChange(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < one.length; row++) sum += Math.abs(one[row] - other[row]);
  return sum / one.length;
}

/** Of one task: its loss with all contributions, and without that of each task. */
export interface TaskLosses {
  readonly whole: number;
  readonly without: readonly number[];
}

export interface Losses {
  /** T: one for each task whose losses they are. */
  readonly losses: readonly TaskLosses[];
}

/** `(L_j without i - L_j) / L_j without i`. */
export const lossReliance: TrainedMeasureOf<'loss-reliance', Losses, 'contributions'> = {
  name: 'loss-reliance',
  title: 'Loss reliance',
  summary:
    "How much of a column's task's loss is kept away by what a row's task has contributed: below 0 it does harm.",
  details:
    '$\\frac{L_j^{-i} - L_j}{L_j^{-i}}$, with $L_j^{-i}$ the loss of task $j$ when the contribution of task $i$ is taken out of the network, as `prediction-share` has it; in $(-\\infty, 1]$, directed from the row, which gives, to the column, which takes. ' +
    'The prediction decomposition says how much is taken, this whether it is of use; on the diagonal is what a task owes to itself. A loss of zero or less without the contribution has no value.',
  source:
    'After Covert et al., Explaining by Removing: A Unified Framework for Model Explanation, 2021, with tasks in the place of features',
  needs: 'contributions',
  moment: 'trained',
  range: [-Infinity, 1],
  directed: true,
  higherIsCloser: true,
  neutral: 0,
  ends: helping,
  say: (value, from, to) =>
    value === 0
      ? `the loss of ${to} is the same with and without what ${from} contributes`
      : `the loss of ${to} is ${percent(value)} ${value > 0 ? 'lower' : 'higher'} with what ${from} contributes than without`,
  cost: predictionShare.cost,
  measure({ losses }) {
    return directedMatrix(losses.length, (from, to) => {
      const without = losses[to].without[from];
      return without > 0 ? 1 - losses[to].whole / without : null;
    });
  },
};
