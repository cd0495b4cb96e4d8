import { z } from 'zod';
import type { WeightingMethod } from './method';

const options = z.strictObject({
  stepSize: z.number().positive().default(0.01).meta({ description: 'How fast the weights follow the excess risks.' }),
});

export interface ExcessState {
  /** Logarithms of the weights. */
  readonly logs: readonly number[];
  /** The first excess risk of each task that is not zero; null before. */
  readonly initial: readonly (number | null)[];
}

/** `w_t <- w_t exp(stepSize e_t / e_t(0))`, summing to T, with `e_t = sum over k of g_tk^2 / sqrt(h_tk + 1e-7)`; h is the memory. */
export const excessMtl: WeightingMethod<'excess-mtl', typeof options, ExcessState, 'gradients'> = {
  name: 'excess-mtl',
  title: 'ExcessMTL',
  summary: 'Weighs tasks by how far they are from their own optimum, so noisy labels do not draw all the weight.',
  details:
    '$w_t \\leftarrow w_t \\exp(\\eta \\frac{e_t}{e_t(0)})$, then scaled to $\\sum_t w_t = T$, where the excess risk is estimated by $e_t = \\sum_k \\frac{g_{tk}^2}{h_{tk}}$ with the root $h_{tk}$ of the sum of all squared gradients so far plus $10^{-7}$, and $e_t(0)$ is its first value above zero. The weights are 1 at the first step. ' +
    'A task without a gradient is not raised (LibMTL then gives NaN for all).',
  source: 'He et al., Robust Multi-Task Learning with Excess Risks, 2024',
  options,
  needs: 'gradients',
  appliesTo: 'all',
  orderMatters: false,
  weights: 'sum-of-tasks',
  conflict: 'possible',
  initialise: (tasks) => ({ logs: tasks.map(() => 0), initial: tasks.map(() => null) }),
  weigh({ tasks, present, gradients, memory, options: { stepSize }, state }) {
    const next = gradients.map((gradient, task) => addSquares(gradient, memory?.[task]));
    const excess = gradients.map((gradient, task) => excessRisk(gradient, next[task]));
    const raised = tasks.map((_, task) => {
      const initial = state.initial[task];
      if (!present[task] || initial === null) return state.logs[task];
      return state.logs[task] + Math.min(500, (stepSize * excess[task]) / initial);
    });
    const largest = Math.max(...raised);
    const powers = raised.map((log) => Math.exp(log - largest));
    const mean = powers.reduce((sum, power) => sum + power, 0) / tasks.length;
    const initial = state.initial.map(
      (value, task) => value ?? (present[task] && excess[task] > 0 ? excess[task] : null),
    );
    // Far below the largest a weight is nothing; that it can come back is worth more than how small it is.
    const logs = raised.map((log) => Math.max(-100, log - largest - Math.log(mean)));
    return { weights: powers.map((power) => power / mean), state: { logs, initial }, memory: next };
  },
};

function addSquares(gradient: ArrayLike<number>, before?: Float64Array): Float64Array {
  const result = new Float64Array(gradient.length);
  for (let k = 0; k < result.length; k++) result[k] = (before ? before[k] : 0) + gradient[k] * gradient[k];
  return result;
}

function excessRisk(gradient: ArrayLike<number>, squares: Float64Array): number {
  let total = 0;
  for (let k = 0; k < squares.length; k++) total += (gradient[k] * gradient[k]) / Math.sqrt(squares[k] + 1e-7);
  return total;
}
