import { z } from 'zod';
import { named } from '../common/schemaMeta';
import type { WeightingMethod } from './method';

const options = z.strictObject({
  weights: named(z.number().nonnegative().meta({ description: 'Weight of this task.' }), 'task').meta({
    title: 'Task weights',
    description: 'Weight by task name, 0 or more. A task that is not named counts 1.',
  }),
});

/** Weights that a person chooses: `w_t` stays as written for the whole run. */
export const fixed: WeightingMethod<'fixed', typeof options> = {
  name: 'fixed',
  title: 'Fixed weighting',
  summary: 'Weights that you choose and that stay as they are.',
  details:
    '$L = \\sum_t w_t L_t$ with the $w_t$ of `weights`; a task that is not named there has $w_t = 1$. A weight of 0 trains the other tasks only.',
  options,
  needs: 'losses',
  appliesTo: 'all',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'possible',
  initialise: () => null,
  weigh: ({ tasks, options: { weights }, state }) => ({
    weights: tasks.map((task) => (Object.hasOwn(weights, task) ? weights[task] : 1)),
    state,
  }),
};
