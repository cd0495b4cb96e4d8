import { eigen } from '../../common/linear/eigen';
import { gramianOf, type Matrix } from '../../common/linear/matrix';
import type { TaskKind, TrainedMeasureOf } from '../measure';
import { cosines } from './cosine';
import { pairCount, sameLength } from './matrix';
import { correlated, correlation } from './words';

/** Kinds of tasks whose heads have one row of weights. */
const oneOutput: readonly TaskKind[] = ['regression', 'binary'];

export interface LinearHeads {
  /** T rows of d: the weights of each task's linear head on the same inputs, without its intercept. */
  readonly weights: readonly ArrayLike<number>[];
}

/** The correlations of `Ω = (WᵀW)^½ / tr (WᵀW)^½`. */
export const mtrlCorrelation: TrainedMeasureOf<'mtrl-correlation', LinearHeads, 'head weights'> = {
  name: 'mtrl-correlation',
  title: 'MTRL task correlation',
  summary: 'How the weights of linear heads go together, as multi-task relationship learning would find it.',
  details:
    '$\\frac{\\Omega_{ij}}{\\sqrt{\\Omega_{ii} \\Omega_{jj}}}$ with $\\Omega = \\frac{(W^\\top W)^{1/2}}{\\mathrm{tr}\\,(W^\\top W)^{1/2}}$, the covariance of tasks that is best for linear heads $W$ ($d \\times T$, a column for each task); in $[-1, 1]$, symmetric. ' +
    'The square root draws the values towards 0 against the cosines of the weights: only what the tasks share as a whole remains. It needs heads of one layer on what all tasks read; tasks of more than two classes and heads of zeros have no values.',
  source: 'Zhang and Yeung, A Convex Formulation for Learning Task Relationships in Multi-Task Learning, 2010',
  moment: 'trained',
  needs: 'head weights',
  takes: { from: oneOutput, to: oneOutput },
  range: [-1, 1],
  directed: false,
  higherIsCloser: true,
  neutral: 0,
  ends: correlated,
  say: correlation((from, to) => `the weights of the linear heads of ${from} and ${to}`),
  cost: {
    formula: '$\\frac{1}{2} T (T + 1) d + 30 \\, T^3$',
    multiplications: ({ tasks, features }) => (pairCount(tasks) + tasks) * features + 30 * tasks ** 3,
  },
  measure({ weights }) {
    sameLength(weights, 'weights');
    const used = weights.map((row) => Array.from(row).every(Number.isFinite));
    const finite = weights.map((row, task) => (used[task] ? row : new Float64Array(row.length)));
    // Ω is positive semidefinite, so the inner products of something.
    return cosines(taskCovariance(finite), weights.length, (task) => used[task]);
  },
};

/**
 * `Ω = (WᵀW)^½ / tr (WᵀW)^½`, T x T by rows; the same share for each task where all weights are zero.
 * @param weights T rows of d.
 */
export function taskCovariance(weights: readonly ArrayLike<number>[]): Matrix {
  const count = weights.length;
  const { values, vectors } = eigen(gramianOf(weights), count);
  const roots = values.map((value) => Math.sqrt(Math.max(0, value)));
  const trace = roots.reduce((sum, root) => sum + root, 0);
  const result = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    if (trace === 0) result[i * count + i] = 1 / count;
    for (let j = 0; j < count && trace > 0; j++) {
      let entry = 0;
      for (let k = 0; k < count; k++) entry += roots[k] * vectors[k * count + i] * vectors[k * count + j];
      result[i * count + j] = entry / trace;
    }
  }
  return result;
}
