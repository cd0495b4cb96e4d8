import { z } from 'zod';
import type { WeightingMethod } from './method';
import { presentTasks, scatter } from './presence';
import { multiply, submatrix } from '../common/linear/matrix';
import { projectOntoSimplex } from './solvers/simplex';

const options = z.strictObject({
  gamma: z.number().positive().default(0.001).meta({ description: 'Step size of the weights.' }),
  rho: z.number().nonnegative().default(0.1).meta({ description: 'Pull of the weights towards being equal.' }),
});

/** `w <- projection onto the simplex of w - gamma (G w + rho w)`. State: w, equal at first. */
export const modo: WeightingMethod<'modo', typeof options, readonly number[], 'gramian'> = {
  name: 'modo',
  title: 'MoDo',
  summary: 'A running MGDA: one small step of its weights for each step of the model.',
  details:
    '$w \\leftarrow \\Pi(w - \\gamma (G w + \\rho w))$ with the Gramian $G$ of the gradients and the projection $\\Pi$ onto the simplex; the step is $\\sum_t w_t g_t$ with the new weights. ' +
    'The paper takes the two sides of $G$ and the step from three independent batches; here one batch serves.',
  source: 'Chen et al., Three-Way Trade-Off in Multi-Objective Learning, 2023',
  options,
  needs: 'gramian',
  appliesTo: 'shared',
  orderMatters: false,
  weights: 'simplex',
  conflict: 'possible',
  initialise: (tasks) => tasks.map(() => 1 / tasks.length),
  weigh({ tasks, present, gramian, options: { gamma, rho }, state }) {
    const chosen = presentTasks(present);
    const before = chosen.map((task) => state[task]);
    const slopes = multiply(submatrix(gramian, tasks.length, chosen), before);
    const weights = projectOntoSimplex(before.map((weight, at) => weight - gamma * (slopes[at] + rho * weight)));
    const next = [...state];
    chosen.forEach((task, at) => (next[task] = weights[at]));
    return { weights: scatter(tasks.length, chosen, weights), state: next };
  },
};
