import { z } from 'zod';
import type { WeightingMethod } from './method';
import { amongPresent } from './presence';
import { fairWeights } from './solvers/fairness';
import { combinedNorm } from './solvers/directions';

const options = z.strictObject({
  maxNorm: z
    .number()
    .nonnegative()
    .default(1)
    .meta({ description: 'The longest step; longer ones are shortened. 0 for any length.' }),
  updateEvery: z.int().min(1).default(1).meta({ description: 'Steps that the weights are kept for.' }),
});

/** Weights of the last solution, before they are shortened. */
type Solution = readonly number[] | null;

/** `(G a)_t = 1 / a_t`, shortened to `maxNorm`. */
export const nashMtl: WeightingMethod<'nash-mtl', typeof options, Solution, 'gramian'> = {
  name: 'nash-mtl',
  title: 'Nash-MTL',
  summary: "The tasks' bargain: the step whose product of gains is largest, whatever the losses' scales.",
  details:
    '$(G a)_t = \\frac{1}{a_t}$ with the Gramian $G$ of the gradients: the direction $d = \\sum_t a_t g_t$ that maximises $\\sum_t \\log g_t^\\top d$. Its length is always $\\sqrt{T}$; `maxNorm` shortens it. ' +
    'The solution is exact (damped Newton). LibMTL falls back to equal weights without a word when its solver fails. Where some convex combination of the gradients is zero there is no bargain: its weights are taken, and the step is none. Tasks with a zero gradient have weight 0.',
  source: 'Navon et al., Multi-Task Learning as a Bargaining Game, 2022',
  options,
  needs: 'gramian',
  appliesTo: 'all',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'never',
  initialise: () => null,
  weigh({ present, gramian, step, options: { maxNorm, updateEvery }, state }) {
    const keeps = state !== null && step % updateEvery !== 0;
    const solution = keeps ? state : amongPresent({ present, gramian }, (inner, count) => fairWeights(inner, count, 1));
    const norm = combinedNorm(gramian, solution);
    const factor = maxNorm > 0 && norm > maxNorm ? maxNorm / norm : 1;
    return { weights: solution.map((weight) => weight * factor), state: solution };
  },
};
