import { z } from 'zod';
import type { WeightingMethod } from './method';
import { positive } from './presence';

const options = z.strictObject({});

/** The gradient of the sum of logarithms of the losses: `w_t = 1 / L_t`. */
export const scaleInvariant: WeightingMethod<'scale-invariant', typeof options> = {
  name: 'scale-invariant',
  title: 'Scale-invariant loss',
  summary: 'Minimises the sum of the logarithms of the losses, so that their scales do not matter.',
  details:
    '$L = \\sum_t \\log L_t$, that is $w_t = \\frac{1}{L_t}$. The losses must be positive; a task without a batch has weight 0.',
  source: 'Navon et al., Multi-Task Learning as a Bargaining Game, 2022 (as a baseline)',
  options,
  needs: 'losses',
  appliesTo: 'all',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'possible',
  initialise: () => null,
  weigh: ({ losses, present, state }) => ({
    weights: losses.map((loss, task) => (present[task] ? 1 / positive(loss) : 0)),
    state,
  }),
};
