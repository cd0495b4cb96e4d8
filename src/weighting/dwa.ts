import { z } from 'zod';
import type { WeightingMethod } from './method';
import { softmax } from './solvers/simplex';

const options = z.strictObject({
  temperature: z.number().positive().default(2).meta({ description: 'Higher makes the weights more alike.' }),
});

/** `w = T softmax(r / temperature)`, `r_t` the loss of the last epoch over that of the one before; 1 in the first two. */
export const dwa: WeightingMethod<'dwa', typeof options> = {
  name: 'dwa',
  title: 'Dynamic weight average',
  summary: 'Tasks whose loss falls slowly from epoch to epoch weigh more.',
  details:
    '$w_t = T \\frac{\\exp(r_t / \\tau)}{\\sum_s \\exp(r_s / \\tau)}$ with $r_t = \\frac{L_t(e-1)}{L_t(e-2)}$, the mean loss of the last epoch over that of the one before, for $T$ tasks and temperature $\\tau$. ' +
    'Every weight is 1 during the first two epochs.',
  source: 'Liu, Johns and Davison, End-to-End Multi-Task Learning with Attention, 2019',
  options,
  needs: 'losses',
  appliesTo: 'all',
  orderMatters: false,
  weights: 'sum-of-tasks',
  conflict: 'possible',
  initialise: () => null,
  weigh({ tasks, history, options: { temperature }, state }) {
    const [last, before] = [history.at(-1), history.at(-2)];
    if (!last || !before) return { weights: tasks.map(() => 1), state };
    const rates = tasks.map((_, task) => rate(last[task], before[task]) / temperature);
    return { weights: softmax(rates).map((share) => tasks.length * share), state };
  },
};

/** A task that cannot be compared is taken to stand still. */
function rate(last: number | null, before: number | null): number {
  if (last === null || before === null) return 1;
  const result = last / before;
  return Number.isFinite(result) ? result : 1;
}
