import { z } from 'zod';
import { descend, initialValues, learningOptions, type Learned } from './adam';
import type { WeightingMethod } from './method';
import { positive, presentTasks } from './presence';
import { softmax } from './solvers/simplex';

const options = z.strictObject({
  alpha: z.number().nonnegative().default(1.5).meta({
    description: 'How strongly tasks that lag behind are pulled forward. 0 makes all gradients equally long.',
  }),
  ...learningOptions(0.025),
});

/**
 * `w = T softmax(v)`; v learns so that `w_t |g_t|` nears its mean over tasks times `r_t^alpha`, where r is the loss over
 * that of the first epoch, divided by its mean. State: v, 1 at first. In the first epoch the weights are 1.
 */
export const gradnorm: WeightingMethod<'gradnorm', typeof options, Learned, 'gramian'> = {
  name: 'gradnorm',
  title: 'GradNorm',
  summary: 'Learns weights that make the gradients similarly long, longer for tasks that train slowly.',
  details:
    '$w = T \\operatorname{softmax}(v)$, where $v$ is learned by descent on $\\sum_t \\lvert n_t - \\bar{n} r_t^\\alpha \\rvert$ with $n_t = w_t \\lVert g_t \\rVert$, their mean $\\bar{n}$ (held fixed) and the relative rate $r_t = \\frac{L_t / L_t(0)}{\\text{mean}_s L_s / L_s(0)}$. ' +
    '$L_t(0)$ is the mean loss of the first epoch, during which every weight is 1, as in LibMTL.',
  source: 'Chen et al., GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask Networks, 2018',
  options,
  needs: 'gramian',
  appliesTo: 'all',
  orderMatters: false,
  weights: 'sum-of-tasks',
  conflict: 'possible',
  initialise: (tasks) => initialValues(tasks.length, 1),
  weigh({ tasks, losses, present, gramian, history, options, state }) {
    const count = tasks.length;
    if (history.length === 0) return { weights: tasks.map(() => 1), state };
    const shares = softmax(state.values);
    const weights = shares.map((share) => count * share);
    const chosen = presentTasks(present);
    const lengths = chosen.map((task) => weights[task] * Math.sqrt(Math.max(0, gramian[task * count + task])));
    const rates = chosen.map((task) => Math.max(0, losses[task]) / positive(history[0][task] ?? losses[task]));
    const [meanLength, meanRate] = [mean(lengths), mean(rates)];
    const pulls = tasks.map(() => 0);
    chosen.forEach((task, at) => {
      const relative = meanRate > 0 ? rates[at] / meanRate : 1;
      pulls[task] = Math.sign(lengths[at] - meanLength * relative ** options.alpha) * lengths[at];
    });
    const total = pulls.reduce((sum, pull) => sum + pull, 0);
    const gradient = pulls.map((pull, task) => pull - shares[task] * total);
    return { weights, state: descend(state, gradient, options) };
  },
};

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
