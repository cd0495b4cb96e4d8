import { z } from 'zod';
import type { WeightingMethod } from './method';
import { presentTasks, scatter } from './presence';
import { multiply, submatrix, sum } from '../common/linear/matrix';
import { projectOntoSimplex } from './solvers/simplex';

const options = z.strictObject({
  lambda: z.number().nonnegative().default(0.3).meta({ description: 'Pull of the step towards the mean gradient.' }),
  iterations: z.int().min(1).default(20).meta({ description: 'Descent steps of the inner weights per step.' }),
  learningRate: z.number().positive().default(5).meta({ description: 'Step size of the inner weights.' }),
  momentum: z.number().min(0).lt(1).default(0.5).meta({ description: 'Momentum of the inner weights.' }),
});

/** `d = (sum of u_t g_t + lambda mean) / (1 + lambda)`. State: u on the simplex, equal at first. */
export const sdmgrad: WeightingMethod<'sdmgrad', typeof options, readonly number[], 'gramian'> = {
  name: 'sdmgrad',
  title: 'SDMGrad',
  summary: 'Like MGDA, but held near the mean gradient, and its weights are carried on from step to step.',
  details:
    '$d = \\frac{1}{1 + \\lambda} (\\sum_t u_t g_t + \\lambda g_0)$ with the mean $g_0$. The $u$ on the simplex are carried on; at each step they descend `iterations` times, with momentum and projection, along $G u + \\lambda G \\frac{1}{T}$, where $G$ is the Gramian divided by the square of the mean length of the gradients. The weights $\\frac{u_t + \\lambda / T}{1 + \\lambda}$ sum to 1. ' +
    'The paper draws three independent batches a step to keep its estimate unbiased; here one batch serves.',
  source: 'Xiao, Ban and Ji, Direction-oriented Multi-objective Learning, 2023',
  options,
  needs: 'gramian',
  appliesTo: 'shared',
  orderMatters: false,
  weights: 'simplex',
  conflict: 'possible',
  initialise: (tasks) => tasks.map(() => 1 / tasks.length),
  weigh({ tasks, present, gramian, options, state }) {
    const chosen = presentTasks(present);
    const count = chosen.length;
    const inner = submatrix(gramian, tasks.length, chosen);
    const lengths = chosen.map((_, at) => Math.sqrt(Math.max(0, inner[at * count + at])));
    const scale = sum(lengths) / count;
    let weights = projectOntoSimplex(chosen.map((task) => state[task]));
    if (scale > 0) {
      const matrix = inner.map((value) => value / scale / scale);
      weights = descend(weights, matrix, options);
    }
    const { lambda } = options;
    const mixed = weights.map((weight) => (weight + lambda / count) / (1 + lambda));
    const next = [...state];
    chosen.forEach((task, at) => (next[task] = weights[at]));
    return { weights: scatter(tasks.length, chosen, mixed), state: next };
  },
};

function descend(start: readonly number[], matrix: Float64Array, options: z.output<typeof sdmgrad.options>): number[] {
  const count = start.length;
  const pull = multiply(matrix, new Float64Array(count).fill(options.lambda / count));
  let velocity = new Float64Array(count);
  let weights = [...start];
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    const slope = multiply(matrix, weights);
    velocity = velocity.map((value, task) => options.momentum * value + slope[task] + pull[task]);
    weights = projectOntoSimplex(weights.map((weight, task) => weight - options.learningRate * velocity[task]));
  }
  return weights;
}
