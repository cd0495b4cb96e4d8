import type { Measure } from '../measure';
import { directedMatrix, sameLength } from './matrix';

/** What becomes of a task when the contribution of one task, itself or another, is taken out of the network. */
export interface TaskPrediction {
  /** n answers with all contributions: a probability, or a number. */
  readonly whole: ArrayLike<number>;
  /** T times n: the answers without the contribution of each task. */
  readonly without: readonly ArrayLike<number>[];
}

export interface Predictions {
  /** T: one for each task whose answers they are. */
  readonly predictions: readonly TaskPrediction[];
}

/** `c_ij / sum over i of c_ij` with `c_ij` the mean of `|y_j - y_j without i|`. */
export const predictionShare: Measure<'prediction-share', Predictions> = {
  name: 'prediction-share',
  title: 'Prediction decomposition',
  summary: "Which share of a column's task's answers comes from what a row's task has contributed.",
  details:
    '$\\frac{c_{ij}}{\\sum_k c_{kj}}$ with $c_{ij} = \\frac{1}{n} \\sum_x |\\hat y_j(x) - \\hat y_j^{-i}(x)|$: how far the answers of task $j$ (probabilities, or numbers) move when the contribution of task $i$ is taken out of the network. In $[0, 1]$, directed from the row, which gives, to the column, which takes; a column sums to 1 and its diagonal is what the task does by itself. ' +
    'It needs a sharing architecture in which contributions can be told apart: additive, cross-stitch, MMoE, CGC, PLE. A task whose answers nothing moves has no values.',
  source:
    'After Covert et al., Explaining by Removing: A Unified Framework for Model Explanation, 2021, with tasks in the place of features',
  moment: 'trained',
  range: [0, 1],
  directed: true,
  higherIsCloser: true,
  neutral: 0,
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
export const lossReliance: Measure<'loss-reliance', Losses> = {
  name: 'loss-reliance',
  title: 'Loss reliance',
  summary:
    "How much of a column's task's loss is kept away by what a row's task has contributed: below 0 it does harm.",
  details:
    '$\\frac{L_j^{-i} - L_j}{L_j^{-i}}$, with $L_j^{-i}$ the loss of task $j$ when the contribution of task $i$ is taken out of the network; in $(-\\infty, 1]$, directed from the row, which gives, to the column, which takes. ' +
    'It is measured together with the prediction decomposition: that says how much is taken, this whether it is of use. A loss of zero or less without the contribution has no value.',
  source:
    'After Covert et al., Explaining by Removing: A Unified Framework for Model Explanation, 2021, with tasks in the place of features',
  moment: 'trained',
  range: [-Infinity, 1],
  directed: true,
  higherIsCloser: true,
  neutral: 0,
  cost: predictionShare.cost,
  measure({ losses }) {
    return directedMatrix(losses.length, (from, to) => {
      const without = losses[to].without[from];
      return without > 0 ? 1 - losses[to].whole / without : null;
    });
  },
};
