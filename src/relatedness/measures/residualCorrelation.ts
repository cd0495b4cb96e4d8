import type { TrainedMeasureOf } from '../measure';
import { leastRows, pearson } from '../statistics/correlation';
import { labelCorrelation } from './labelCorrelation';
import { sameLength, symmetricMatrix } from './matrix';
import { correlated, correlation } from './words';

export interface Residuals {
  /**
   * T times n: the error of each task's prediction; NaN where there is no label. A number: prediction less label.
   * A binary task: the probability of the positive class less the label, 0 or 1. Classes: the probability of all wrong
   * classes together.
   */
  readonly residuals: readonly ArrayLike<number>[];
}

/** Pearson's correlation of what is left of two tasks' labels when the model has predicted them. */
export const residualCorrelation: TrainedMeasureOf<'residual-correlation', Residuals, 'residuals'> = {
  name: 'residual-correlation',
  title: 'Residual correlation',
  summary: 'Whether two tasks are wrong on the same rows and the same way: what they share beyond the inputs.',
  details:
    "The Pearson correlation of the errors of two tasks' predictions over the rows that have a label of both; in $[-1, 1]$, symmetric. The error of a number is prediction less label; of a binary task the predicted probability less the label; of a task with more classes the probability of all wrong ones together, which says how wrong it is and not which way. " +
    'Take it on rows that were not trained on. Fewer than three common rows, or errors that are all the same, have no value.',
  source: 'Zellner, An Efficient Method of Estimating Seemingly Unrelated Regressions, 1962',
  moment: 'trained',
  needs: 'residuals',
  takes: { rows: leastRows },
  range: [-1, 1],
  directed: false,
  higherIsCloser: true,
  neutral: 0,
  ends: correlated,
  say: correlation((from, to) => `the errors made for ${from} and ${to}`),
  cost: labelCorrelation.cost,
  measure({ residuals }) {
    sameLength(residuals, 'residuals');
    return symmetricMatrix(residuals.length, (one, other) => pearson(residuals[one], residuals[other]));
  },
};
