import { z } from 'zod';
import type { WeightingMethod } from './method';
import { amongPresent } from './presence';
import { conflictAverseWeights } from './solvers/conflictAverse';
import type { Matrix } from '../common/linear/matrix';
import { combinedNorm } from './solvers/directions';

const options = z.strictObject({
  c: z
    .number()
    .nonnegative()
    .default(0.5)
    .meta({ description: 'How far from the mean gradient the step may be, in lengths of it. 0 follows the mean.' }),
  rescale: z
    .int()
    .min(0)
    .max(2)
    .default(1)
    .meta({ description: 'The step is divided by 1 (0), by 1 + c² (1), or by 1 + c (2).' }),
});

/** `d = g_0 + c |g_0| g_w / |g_w|` with w on the simplex minimising `<g_w, g_0> + c |g_0| |g_w|`. */
export const cagrad: WeightingMethod<'cagrad', typeof options, null, 'gramian'> = {
  name: 'cagrad',
  title: 'CAGrad',
  summary: 'Stays near the mean gradient, and within that distance helps the worst task most.',
  details:
    '$d = g_0 + c \\lVert g_0 \\rVert \\frac{g_w}{\\lVert g_w \\rVert}$ with the mean $g_0$, $g_w = \\sum_t w_t g_t$ and $w$ on the simplex that minimises $g_w^\\top g_0 + c \\lVert g_0 \\rVert \\lVert g_w \\rVert$: the step with $\\lVert d - g_0 \\rVert \\le c \\lVert g_0 \\rVert$ whose least $g_t^\\top d$ is largest. ' +
    'The weight of task $t$ is $\\frac{1}{T} + c \\frac{\\lVert g_0 \\rVert}{\\lVert g_w \\rVert} w_t$, divided as `rescale` says. Where some $g_w$ is zero the step is $g_0$. ' +
    'The minimum is exact; the solver that LibMTL uses does not leave its starting point when the gradients differ much in length.',
  source: 'Liu et al., Conflict-Averse Gradient Descent for Multi-task Learning, 2021',
  options,
  needs: 'gramian',
  appliesTo: 'shared',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'possible',
  initialise: () => null,
  weigh({ present, gramian, options: { c, rescale }, state }) {
    const divisor = [1, 1 + c * c, 1 + c][rescale];
    const solve = (inner: Matrix, count: number) => stepWeights(inner, count, c).map((weight) => weight / divisor);
    return { weights: amongPresent({ present, gramian }, solve, 'with zeros'), state };
  },
};

function stepWeights(gramian: Matrix, count: number, c: number): Float64Array {
  const mean = new Float64Array(count).fill(1 / count);
  const radius = c * combinedNorm(gramian, mean);
  const inner = radius > 0 ? conflictAverseWeights(gramian, count, radius) : undefined;
  if (!inner) return mean;
  const length = combinedNorm(gramian, inner);
  return mean.map((share, task) => share + (radius / length) * inner[task]);
}
