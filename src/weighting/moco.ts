import { z } from 'zod';
import type { WeightingMethod } from './method';
import { dot, gramianOf, multiply } from '../common/linear/matrix';
import { softmax } from './solvers/simplex';
import { combine, mix } from './vectors';

const options = z.strictObject({
  beta: z.number().min(0).max(1).default(0.5).meta({ description: 'Step size of the running gradients.' }),
  betaDecay: z.number().nonnegative().default(0.5).meta({ description: 'Power of the step that divides `beta`.' }),
  gamma: z.number().positive().default(0.1).meta({ description: 'Step size of the weights.' }),
  gammaDecay: z.number().nonnegative().default(0.5).meta({ description: 'Power of the step that divides `gamma`.' }),
  rho: z.number().nonnegative().default(0).meta({ description: 'Pull of the weights towards being equal.' }),
});

/** `d = sum of w_t y_t` with running gradients y (the memory). State: w on the simplex, equal at first. */
export const moco: WeightingMethod<'moco', typeof options, readonly number[], 'gradients'> = {
  name: 'moco',
  title: 'MoCo',
  summary: 'MGDA on running means of the gradients, which takes away the bias that single batches bring.',
  details:
    '$y_t \\leftarrow y_t - \\beta_k (y_t - L_t \\frac{g_t}{\\lVert g_t \\rVert})$, $w \\leftarrow \\operatorname{softmax}(w - \\gamma_k (Y Y^\\top + \\rho I) w)$, and the step is $\\sum_t w_t y_t$, with $\\beta_k = \\beta k^{-\\sigma}$ and $\\gamma_k = \\gamma k^{-\\sigma}$ at step $k$, as in the code of the authors and LibMTL. ' +
    'The weights that are shown are of the running gradients $y$. A task without a batch keeps its $y$.',
  source: 'Fernando et al., Mitigating Gradient Bias in Multi-objective Learning, 2023',
  options,
  needs: 'gradients',
  follows: 'gradient',
  appliesTo: 'shared',
  orderMatters: false,
  weights: 'simplex',
  conflict: 'possible',
  initialise: (tasks) => tasks.map(() => 1 / tasks.length),
  weigh({ tasks, losses, present, gradients, memory, step, options, state }) {
    const beta = options.beta / (step + 1) ** options.betaDecay;
    const gamma = options.gamma / (step + 1) ** options.gammaDecay;
    const next = gradients.map((gradient, task) => {
      const before = memory?.[task];
      if (!present[task]) return before ?? new Float64Array(gradient.length);
      const norm = Math.sqrt(dot(gradient, gradient));
      return mix(1 - beta, before, norm > 0 ? (beta * losses[task]) / norm : 0, gradient);
    });
    const slopes = multiply(gramianOf(next), state);
    const weights = softmax(tasks.map((_, t) => state[t] - gamma * (slopes[t] + options.rho * state[t])));
    return { weights, gradient: combine(next, weights), state: weights, memory: next };
  },
};
