import type { TrainedMeasureOf } from '../measure';
import { leastRows } from '../statistics/correlation';
import { association, checkLabels, prepared, type TaskValues } from './labels';
import { pairCount, symmetricMatrix } from './matrix';
import { correlated, correlation } from './words';

export interface Labels {
  /** T */
  readonly labels: readonly TaskValues[];
  /** Whether numbers are compared themselves (Pearson), as is the default, or by their ranks (Spearman). */
  readonly by?: 'values' | 'ranks';
}

/** Pearson's or Spearman's correlation, the correlation ratio or Cramér's V, by the kinds of the tasks. */
export const labelCorrelation: TrainedMeasureOf<'label-correlation', Labels, 'labels'> = {
  name: 'label-correlation',
  title: 'Label correlation',
  summary: 'How far the labels of two tasks go together, whatever a model makes of them.',
  details:
    "Over the rows that have a label of both tasks. Two numbers (a binary task counts as 0 and 1): the Pearson correlation, in $[-1, 1]$. A number and classes: the correlation ratio $\\eta$, the square root of the share of the variance that lies between the classes, in $[0, 1]$. Classes and classes: Cramér's $V = \\sqrt{\\chi^2 / (n \\min(a - 1, b - 1))}$, in $[0, 1]$. Symmetric. " +
    'Classes have no direction, so only values between numbers can be negative; $\\eta$ and $V$ are above 0 by chance where there are few rows for a class. Fewer than three common rows, or a label that is the same in all of them, have no value. Tasks with tables of their own have no common rows.',
  source:
    'Pearson, 1895; Fisher, Statistical Methods for Research Workers, 1925; Cramér, Mathematical Methods of Statistics, 1946',
  moment: 'trained',
  needs: 'labels',
  takes: { rows: leastRows },
  range: [-1, 1],
  directed: false,
  higherIsCloser: true,
  neutral: 0,
  ends: correlated,
  say: correlation((from, to) => `the labels of ${from} and ${to}`),
  cost: {
    formula: '$3 \\cdot \\frac{1}{2} T (T - 1) n$',
    multiplications: ({ tasks, rows }) => 3 * pairCount(tasks) * rows,
  },
  measure({ labels, by = 'values' }) {
    checkLabels(labels);
    const tasks = labels.map((task) => prepared(task, by));
    return symmetricMatrix(tasks.length, (one, other) => association(tasks[one], tasks[other]));
  },
};
