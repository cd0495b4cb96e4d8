import { z } from 'zod';
import { descend, initialValues, learningOptions, type Learned } from './adam';
import type { WeightingMethod } from './method';

const options = z.strictObject(learningOptions(0.01));

/**
 * `w_t = 1 / (2 exp(s_t))`, with `s_t = log sigma_t^2` learned by descent on `L_t / (2 exp(s_t)) + s_t / 2`. State: one
 * s per task, -0.5 at first.
 */
export const uncertainty: WeightingMethod<'uncertainty', typeof options, Learned> = {
  name: 'uncertainty',
  title: 'Uncertainty weighting',
  summary: "Tasks weigh less the larger their loss's learned noise is.",
  details:
    '$L = \\sum_t \\frac{L_t}{2 e^{s_t}} + \\frac{s_t}{2}$, that is $w_t = \\frac{1}{2} e^{-s_t}$, where $s_t = \\log \\sigma_t^2$ is learned beside the model, starting from $-0.5$. ' +
    'At rest $w_t = \\frac{1}{2 L_t}$, so losses that are measured on different scales become comparable. ' +
    'LibMTL learns $s$ with the optimizer of the model; here it has an optimizer of its own.',
  source: 'Kendall, Gal and Cipolla, Multi-Task Learning Using Uncertainty to Weigh Losses, 2018',
  options,
  needs: 'losses',
  appliesTo: 'all',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'possible',
  initialise: (tasks) => initialValues(tasks.length, -0.5),
  weigh({ losses, present, options, state }) {
    const weights = state.values.map((value) => Math.exp(-value) / 2);
    const gradient = weights.map((weight, task) => (present[task] ? 0.5 - weight * losses[task] : 0));
    return { weights, state: descend(state, gradient, options) };
  },
};
