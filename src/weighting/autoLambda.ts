import { z } from 'zod';
import { descend, initialValues, type Learned } from './adam';
import type { WeightingMethod } from './method';

const options = z.strictObject({
  learningRate: z.number().positive().default(0.0001).meta({ description: 'Step size of the weights.' }),
  initial: z.number().positive().default(0.1).meta({ description: 'Every weight at first.' }),
  primary: z
    .array(z.string().min(1).meta({ refersTo: 'task' }))
    .min(1)
    .optional()
    .meta({ description: 'Tasks whose validation loss counts; all of them if not given.' }),
});

/**
 * Weights learned so that a step on the training losses lowers the validation losses of the primary tasks. State: the
 * weights, 0.1 at first.
 *
 * Before each step the trainer provides the alignment of each task t: the inner product of its training gradient with
 * `d`, the gradient of the sum of the primary tasks' validation losses after a trial step with the present weights. The
 * exact derivative of that sum with respect to `w_t` is minus the learning rate of the model times this. `alignments`
 * has it from the training losses at `theta + radius d` and `theta - radius d`, so two evaluations serve all tasks.
 */
export const autoLambda: WeightingMethod<'auto-lambda', typeof options, Learned> = {
  name: 'auto-lambda',
  title: 'Auto-Lambda',
  summary: 'Learns the weights on the validation split: tasks weigh more whose training step helps there.',
  details:
    '$w \\leftarrow w - \\eta \\nabla_w \\sum_{p} L_p^{val}(\\theta - \\alpha \\sum_t w_t \\nabla L_t(\\theta))$ over the primary tasks $p$, with Adam. The derivative for task $t$ is $-\\alpha d^\\top \\nabla L_t(\\theta)$, with $d$ the validation gradient after the trial step; it is taken by the finite difference $\\frac{L_t(\\theta + \\epsilon d) - L_t(\\theta - \\epsilon d)}{2 \\epsilon}$ with $\\epsilon = \\frac{0.01}{\\lVert d \\rVert}$. ' +
    'The factor $\\alpha$ is left out, since Adam does not see it, and weights do not fall below 0. Needs a validation split; a step costs about as much as three.',
  source: 'Liu et al., Auto-Lambda: Disentangling Dynamic Task Relationships, 2022',
  options,
  needs: 'losses',
  appliesTo: 'all',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'possible',
  initialise: (tasks, { initial }) => initialValues(tasks.length, initial),
  weigh: ({ state }) => ({ weights: state.values, state }),
  observes: 'alignments',
  observe({ present, options: { learningRate }, state, values }) {
    const gradient = values.map((value, task) => (present[task] && Number.isFinite(value) ? -value : 0));
    const { values: weights, adam } = descend(state, gradient, { learningRate, descent: 'adam' });
    return { values: weights.map((weight) => Math.max(0, weight)), adam };
  },
};

/** How far from the parameters the training losses are to be evaluated, both ways along the validation gradient. */
export const probeDistance = 0.01;

/** By how much of the validation gradient that is. */
export function probeRadius(validationGradientNorm: number): number {
  return validationGradientNorm > 0 ? probeDistance / validationGradientNorm : 0;
}

/** Central differences of the training losses: the alignments that `auto-lambda` observes. */
export function alignments(ahead: readonly number[], behind: readonly number[], radius: number): number[] {
  return ahead.map((loss, task) => (radius > 0 ? (loss - behind[task]) / (2 * radius) : 0));
}
