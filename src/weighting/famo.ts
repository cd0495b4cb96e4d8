import { z } from 'zod';
import { descend, initialValues, type Learned } from './adam';
import type { WeightingMethod } from './method';
import { softmax } from './solvers/simplex';

const options = z.strictObject({
  learningRate: z.number().positive().default(0.025).meta({ description: 'Step size of the logits.' }),
  decay: z.number().nonnegative().default(0.001).meta({ description: 'Pull of the logits towards 0.' }),
});

export interface FamoState {
  /** Logits of the shares, one per task. */
  readonly logits: Learned;
  /** Losses before the step, to compare with those after. */
  readonly before: readonly number[];
}

/** Distance of a loss from the least possible, 0, as the authors' code has it. */
const distance = (loss: number) => Math.max(loss, 0) + 1e-8;

/**
 * `w_t = c z_t / L_t` with `z = softmax(logits)` and c so that the weights sum to 1. After the step the logits learn
 * from `log L_t(before) - log L_t(after)` on the same batch. State: the logits, 0 at first.
 */
export const famo: WeightingMethod<'famo', typeof options, FamoState> = {
  name: 'famo',
  title: 'FAMO',
  summary: 'Lets all losses fall at the same rate, learned from the losses alone, without task gradients.',
  details:
    '$w_t = c \\frac{z_t}{L_t}$ with $z = \\operatorname{softmax}(\\xi)$ and $c = (\\sum_s \\frac{z_s}{L_s})^{-1}$; the weights sum to 1. ' +
    'After each step the losses of the same batch are computed again, and the logits $\\xi$ take a step of Adam against $z_t (\\delta_t - \\sum_s z_s \\delta_s)$ with $\\delta_t = \\log L_t - \\log L_t^{after}$, so that the task that gains least gets more. ' +
    'The losses must be positive.',
  source: 'Liu et al., FAMO: Fast Adaptive Multitask Optimization, 2023',
  options,
  needs: 'losses',
  appliesTo: 'all',
  orderMatters: false,
  weights: 'simplex',
  conflict: 'possible',
  initialise: (tasks) => ({ logits: initialValues(tasks.length, 0), before: tasks.map(() => 1) }),
  weigh({ losses, present, state }) {
    const parts = softmax(state.logits.values).map((z, task) => (present[task] ? z / distance(losses[task]) : 0));
    const total = parts.reduce((sum, part) => sum + part, 0);
    const weights = parts.map((part) => (total > 0 ? part / total : 0));
    return { weights, state: { ...state, before: losses.map((loss, task) => (present[task] ? loss : 1)) } };
  },
  observes: 'losses',
  observe({ present, options: { learningRate, decay }, state, values }) {
    const shares = softmax(state.logits.values);
    const gains = shares.map((_, task) =>
      present[task] && Number.isFinite(values[task])
        ? Math.log(distance(state.before[task])) - Math.log(distance(values[task]))
        : undefined,
    );
    let [mean, total] = [0, 0];
    gains.forEach((gain, task) => {
      mean += gain === undefined ? 0 : shares[task] * gain;
      total += gain === undefined ? 0 : shares[task];
    });
    const gradient = gains.map((gain, task) => {
      const change = gain === undefined ? 0 : shares[task] * (gain - mean / total);
      return change + decay * state.logits.values[task];
    });
    return { ...state, logits: descend(state.logits, gradient, { learningRate, descent: 'adam' }) };
  },
};
