import type { WeightingMethod } from './method';
import { amongPresent } from './presence';
import { projectOntoDualCone } from './solvers/dualCone';
import type { Matrix } from '../common/linear/matrix';
import { projectionOptions, regularised } from './upgrad';

/** The mean gradient, projected onto the cone of directions that no gradient opposes. */
export const dualproj: WeightingMethod<'dualproj', typeof projectionOptions, null, 'gramian'> = {
  name: 'dualproj',
  title: 'DualProj',
  summary: 'Follows the mean gradient, turned just so far that it is against no task.',
  details:
    '$d = \\pi(\\frac{1}{T} \\sum_t g_t)$, where $\\pi$ projects onto the dual cone, the vectors $v$ with $g_s^\\top v \\ge 0$ for all tasks $s$. No loss rises. The projection is exact unless `regularisation` is above 0.',
  source: 'Lopez-Paz and Ranzato, Gradient Episodic Memory for Continual Learning, 2017; Quinton and Rey, 2024',
  options: projectionOptions,
  needs: 'gramian',
  appliesTo: 'shared',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'never',
  initialise: () => null,
  weigh({ present, gramian, options: { regularisation }, state }) {
    const solve = (inner: Matrix, count: number) =>
      projectOntoDualCone(regularised(inner, count, regularisation), count, new Float64Array(count).fill(1 / count));
    return { weights: amongPresent({ present, gramian }, solve, 'with zeros'), state };
  },
};
