import { z } from 'zod';
import type { WeightingMethod } from './method';

const options = z.strictObject({});

/** Every task counts the same: `w_t = 1`. */
export const equal: WeightingMethod<'equal', typeof options> = {
  name: 'equal',
  title: 'Equal weighting',
  summary: 'Every task counts the same: the objective is the plain sum of the task losses.',
  details:
    '$L = \\sum_t L_t$, that is $w_t = 1$ for every task. The baseline that every other weighting is held against.',
  options,
  needs: 'losses',
  appliesTo: 'all',
  orderMatters: false,
  weights: 'sum-of-tasks',
  conflict: 'possible',
  initialise: () => null,
  weigh: ({ tasks, state }) => ({ weights: tasks.map(() => 1), state }),
};
