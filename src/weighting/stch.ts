import { z } from 'zod';
import type { WeightingMethod } from './method';
import { positive, presentTasks, scatter } from './presence';
import { softmax } from './solvers/simplex';

const options = z.strictObject({
  mu: z
    .number()
    .positive()
    .default(1)
    .meta({ description: 'Smoothing: towards 0 only the worst task counts, large values weigh all alike.' }),
  warmUp: z
    .int()
    .nonnegative()
    .default(4)
    .meta({ description: 'Epochs before the one that the losses are measured in.' }),
});

/** Sums and numbers of the losses of the epoch that follows the warm-up. */
export interface Nadir {
  readonly sums: readonly number[];
  readonly counts: readonly number[];
}

/**
 * `w_t = T softmax(log(L_t / z_t) / mu)_t / L_t`, with the nadir z: each task's mean loss in the epoch after the
 * warm-up. Until then, and in that epoch, `w_t = 1 / L_t`.
 */
export const stch: WeightingMethod<'stch', typeof options, Nadir> = {
  name: 'stch',
  title: 'Smooth Tchebycheff scalarization',
  summary: 'Improves mostly the task that has gained least since the warm-up.',
  details:
    '$L = \\mu T \\log \\sum_t \\exp(\\frac{\\log(L_t / z_t)}{\\mu})$, that is $w_t = \\frac{T p_t}{L_t}$ with $p = \\operatorname{softmax}(\\frac{\\log(L / z)}{\\mu})$. ' +
    'The nadir $z_t$ is the mean loss of the task in the epoch after `warmUp` epochs; up to then the losses are weighed by $\\frac{1}{L_t}$. Tasks without a batch have weight 0.',
  source: 'Lin et al., Smooth Tchebycheff Scalarization for Multi-Objective Optimization, 2024',
  options,
  needs: 'losses',
  appliesTo: 'all',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'possible',
  initialise: (tasks) => ({ sums: tasks.map(() => 0), counts: tasks.map(() => 0) }),
  weigh({ tasks, losses, present, epoch, options: { mu, warmUp }, state }) {
    const chosen = presentTasks(present);
    const values = chosen.map((task) => positive(losses[task]));
    if (epoch <= warmUp) {
      const weights = scatter(
        tasks.length,
        chosen,
        values.map((loss) => 1 / loss),
      );
      return { weights, state: epoch === warmUp ? add(state, losses, present) : state };
    }
    const logs = chosen.map((task, at) => {
      const { sums, counts } = state;
      return counts[task] === 0 ? 0 : Math.log(values[at] / positive(sums[task] / counts[task])) / mu;
    });
    const weights = softmax(logs).map((share, at) => (chosen.length * share) / values[at]);
    return { weights: scatter(tasks.length, chosen, weights), state };
  },
};

function add({ sums, counts }: Nadir, losses: readonly number[], present: readonly boolean[]): Nadir {
  return {
    sums: sums.map((sum, task) => (present[task] ? sum + losses[task] : sum)),
    counts: counts.map((count, task) => (present[task] ? count + 1 : count)),
  };
}
