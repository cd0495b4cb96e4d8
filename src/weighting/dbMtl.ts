import { z } from 'zod';
import type { WeightingMethod } from './method';
import { dot } from '../common/linear/matrix';
import { combine, mix } from './vectors';

const options = z.strictObject({
  beta: z.number().min(0).max(1).default(0.9).meta({ description: 'Share of the running gradient that is kept.' }),
  betaDecay: z.number().nonnegative().default(0).meta({ description: 'Power of the step that divides `beta`.' }),
});

/** `d = sum of a_t y_t`, `a_t = max |y| / |y_t|`, with running gradients y of `log L_t` (the memory). */
export const dbMtl: WeightingMethod<'db-mtl', typeof options, null, 'gradients'> = {
  name: 'db-mtl',
  title: 'DB-MTL',
  summary: 'Balances both: the losses by their logarithms, the gradients by making all as long as the longest.',
  details:
    '$y_t \\leftarrow h_t + \\beta_k (y_t - h_t)$ with $h_t = \\frac{g_t}{L_t + 10^{-8}}$, the gradient of the logarithm of the loss, and $\\beta_k = \\beta k^{-\\sigma}$ at step $k$; the step is $\\sum_t a_t y_t$ with $a_t = \\frac{\\max_s \\lVert y_s \\rVert}{\\lVert y_t \\rVert}$. ' +
    "The weights that are shown are those of this step's gradients in it, $\\frac{a_t (1 - \\beta_k)}{L_t}$. Tasks with a zero gradient, or without a batch, have weight 0.",
  source: 'Lin et al., Dual-Balancing for Multi-Task Learning, 2023',
  options,
  needs: 'gradients',
  follows: 'gradient',
  appliesTo: 'shared',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'possible',
  initialise: () => null,
  weigh({ losses, present, gradients, memory, step, options, state }) {
    const beta = options.beta / (step + 1) ** options.betaDecay;
    const scales = losses.map((loss, task) => (present[task] ? 1 / (Math.max(loss, 0) + 1e-8) : 0));
    const next = gradients.map((gradient, task) => {
      const before = memory?.[task];
      if (!present[task]) return before ?? new Float64Array(gradient.length);
      return mix(beta, before, (1 - beta) * scales[task], gradient);
    });
    const norms = next.map((row, task) => (present[task] ? Math.sqrt(dot(row, row)) : 0));
    const longest = Math.max(...norms);
    const factors = norms.map((norm) => (norm > 0 ? longest / norm : 0));
    const weights = factors.map((factor, task) => factor * (1 - beta) * scales[task]);
    return { weights, gradient: combine(next, factors), state, memory: next };
  },
};
