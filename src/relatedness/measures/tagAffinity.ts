import type { LookaheadMeasure } from '../measure';
import { directedMatrix, sameLength } from './matrix';
import { helping, percent } from './words';

/** `1 - L_j(after a step for i) / L_j`. */
export const tagAffinity: LookaheadMeasure<'tag-affinity'> = {
  name: 'tag-affinity',
  title: 'TAG inter-task affinity',
  summary: "How far a step for a row's task lowers the loss of a column's: above 0 it helps, below 0 it hurts.",
  details:
    '$Z_{i \\to j} = 1 - \\frac{L_j(\\theta_s - \\eta \\nabla L_i, \\theta_j)}{L_j(\\theta_s, \\theta_j)}$: one step of the shared parameters for task $i$ alone is tried, and the loss of task $j$ on the same batch is compared. In $(-\\infty, 1]$, directed from the row to the column, averaged over the measured steps. ' +
    'To first order it is $\\eta \\, g_i^\\top g_j / L_j$, so unlike the cosine it counts how long the gradients are and how much of its loss a task has left. The diagonal, a step for the task itself, is no affinity and groupings do not look at it. A loss of zero or less has no value.',
  source: 'Fifty et al., Efficiently Identifying Task Groupings for Multi-Task Learning, 2021',
  moment: 'training',
  needs: 'lookahead',
  range: [-Infinity, 1],
  directed: true,
  higherIsCloser: true,
  neutral: 0,
  ends: helping,
  // A loss is a number of single precision, which is right to about 1e-7.
  rounding: {
    below: 1e-6,
    remedy:
      'The steps that are tried are as long as the learning rate: train with a larger one, or look at `gradient-cosine`.',
  },
  say: (value, from, to) =>
    value === 0
      ? `a step for ${from} leaves the loss of ${to} as it is`
      : `a step for ${from} ${value > 0 ? 'lowers' : 'raises'} the loss of ${to} by ${percent(value)}`,
  cost: {
    formula: '$2 (T - 1) n P$ for a gradient per task, $T n P$ for a forward pass after each step',
    multiplications: ({ tasks, rows, parameters }) =>
      2 * (tasks - 1) * rows * parameters + tasks * rows * parameters + tasks * parameters,
  },
  measure({ before, after }) {
    sameLength([before, ...after], 'losses');
    if (after.length !== before.length) {
      throw new RangeError(`There are ${after.length} steps for ${before.length} tasks. Give one for each.`);
    }
    return directedMatrix(before.length, (from, to) => (before[to] > 0 ? 1 - after[from][to] / before[to] : null));
  },
};
