import { z } from 'zod';
import type { WeightingMethod } from './method';
import { amongPresent } from './presence';
import { projectOntoDualCone } from './solvers/dualCone';
import type { Matrix } from '../common/linear/matrix';

/** Options of both methods that project onto the dual cone. */
export const projectionOptions = z.strictObject({
  regularisation: z.number().nonnegative().default(0).meta({
    description: 'Added to the diagonal of the Gramian divided by its trace. 0 is exact; TorchJD takes 0.0001.',
  }),
});

/** The mean of the gradients, each projected onto the cone of directions that no gradient opposes. */
export const upgrad: WeightingMethod<'upgrad', typeof projectionOptions, null, 'gramian'> = {
  name: 'upgrad',
  title: 'UPGrad',
  summary: 'Turns each gradient just so far that it is against no other, and takes the mean.',
  details:
    '$d = \\frac{1}{T} \\sum_t \\pi(g_t)$, where $\\pi$ projects onto the dual cone, the vectors $v$ with $g_s^\\top v \\ge 0$ for all tasks $s$. No loss rises, and unlike MGDA a long gradient keeps its influence. ' +
    'The projections are exact; TorchJD and LibMTL add $10^{-4}$ to the diagonal of the normalised Gramian, which `regularisation` can do too.',
  source: 'Quinton and Rey, Jacobian Descent for Multi-Objective Optimization, 2024',
  options: projectionOptions,
  needs: 'gramian',
  appliesTo: 'shared',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'never',
  initialise: () => null,
  weigh({ present, gramian, options: { regularisation }, state }) {
    const solve = (inner: Matrix, count: number) => {
      const matrix = regularised(inner, count, regularisation);
      const weights = new Float64Array(count);
      for (let task = 0; task < count; task++) {
        const preference = new Float64Array(count);
        preference[task] = 1 / count;
        projectOntoDualCone(matrix, count, preference).forEach((weight, at) => (weights[at] += weight));
      }
      return weights;
    };
    return { weights: amongPresent({ present, gramian }, solve, 'with zeros'), state };
  },
};

/** The Gramian divided by its trace, with a little on its diagonal. */
export function regularised(gramian: Matrix, count: number, regularisation: number): Matrix {
  let trace = 0;
  for (let t = 0; t < count; t++) trace += gramian[t * count + t];
  if (regularisation === 0 || trace === 0) return gramian;
  return gramian.map((value, at) => value / trace + (at % (count + 1) === 0 ? regularisation : 0));
}
