import { z } from 'zod';
import type { WeightingMethod } from './method';
import { amongPresent } from './presence';
import { fairWeights } from './solvers/fairness';

const options = z.strictObject({
  alpha: z.number().min(0.2).max(100).default(1).meta({
    description: 'Towards 0 the total gain counts, 1 is proportional fairness, large values favour the worst task.',
  }),
});

/** `(G w)_t = w_t^(-1 / alpha)`. */
export const fairgrad: WeightingMethod<'fairgrad', typeof options, null, 'gramian'> = {
  name: 'fairgrad',
  title: 'FairGrad',
  summary: 'The alpha-fair step: how much a small gain of a poor task counts against that of a rich one is a choice.',
  details:
    '$(G w)_t = w_t^{-1/\\alpha}$ with the Gramian $G$ of the gradients: the direction that maximises the $\\alpha$-fair sum of the gains $g_t^\\top d$. With $\\alpha = 1$ it is Nash-MTL without a limit of length. ' +
    'The solution is exact (damped Newton); LibMTL stops early when lengths differ much. Where float64 does not hold the equation (lengths that differ by more than about $10^6$, far from $\\alpha = 1$) that of an $\\alpha$ nearer to 1 is solved. Where some convex combination of the gradients is zero, its weights are taken, and the step is none. Tasks with a zero gradient have weight 0.',
  source: 'Ban and Ji, Fair Resource Allocation in Multi-Task Learning, 2024',
  options,
  needs: 'gramian',
  appliesTo: 'all',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'never',
  initialise: () => null,
  weigh: ({ present, gramian, options: { alpha }, state }) => ({
    weights: amongPresent({ present, gramian }, (inner, count) => fairWeights(inner, count, 1 / alpha)),
    state,
  }),
};
