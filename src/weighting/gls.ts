import { z } from 'zod';
import type { WeightingMethod } from './method';
import { positive, presentTasks, scatter } from './presence';

const options = z.strictObject({});

/** The gradient of the geometric mean of the losses: `w_t = (prod L)^(1/T) / (T L_t)`. */
export const gls: WeightingMethod<'gls', typeof options> = {
  name: 'gls',
  title: 'Geometric loss strategy',
  summary: 'Minimises the geometric mean of the losses, which does not care about their scales.',
  details:
    '$L = (\\prod_t L_t)^{1/T}$, that is $w_t = \\frac{L}{T L_t}$: each task is improved in proportion to its loss. The losses must be positive. ' +
    'Tasks without a batch are left out of the mean. LibMTL reports $\\frac{L_t}{T \\prod L}$ as the weights, which are not those that it applies; these are.',
  source: 'Chennupati et al., MultiNet++: Multi-Stream Feature Aggregation and Geometric Loss Strategy, 2019',
  options,
  needs: 'losses',
  appliesTo: 'all',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'possible',
  initialise: () => null,
  weigh({ tasks, losses, present, state }) {
    const chosen = presentTasks(present);
    const logs = chosen.map((task) => Math.log(positive(losses[task])));
    const mean = logs.reduce((sum, log) => sum + log, 0) / chosen.length;
    const weights = logs.map((log) => Math.exp(mean - log) / chosen.length);
    return { weights: scatter(tasks.length, chosen, weights), state };
  },
};
