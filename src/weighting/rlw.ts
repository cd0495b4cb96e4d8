import { z } from 'zod';
import type { Random } from '../common/random';
import { words } from '../common/schemaMeta';
import type { WeightingMethod } from './method';
import { softmax } from './solvers/simplex';

const options = z.strictObject({
  distribution: words({
    normal: 'Softmax of standard normal values.',
    uniform: 'Softmax of values uniform in [0, 1).',
    dirichlet: 'Uniform over the simplex.',
    bernoulli: 'Each task with a chance of one half; the chosen ones share the weight.',
    single: 'One task at a time, all equally likely.',
  })
    .default('normal')
    .meta({ description: 'Where the weights are drawn from.' }),
});

/** Weights on the simplex, drawn anew at each step. */
export const rlw: WeightingMethod<'rlw', typeof options> = {
  name: 'rlw',
  title: 'Random loss weighting',
  summary: 'New random weights at every step: a baseline that elaborate weightings should beat.',
  details:
    '$w = \\operatorname{softmax}(z)$ with $z_t$ drawn from a standard normal distribution at every step, or another `distribution`. The weights are 0 or more and sum to 1.',
  source: 'Lin et al., Reasonable Effectiveness of Random Weighting, 2022',
  options,
  needs: 'losses',
  appliesTo: 'all',
  orderMatters: true,
  weights: 'simplex',
  conflict: 'possible',
  initialise: () => null,
  weigh: ({ tasks, options, random, state }) => ({ weights: draw(tasks.length, options.distribution, random), state }),
};

function draw(count: number, distribution: z.output<typeof options>['distribution'], random: Random): number[] {
  const values = (one: () => number) => Array.from({ length: count }, one);
  switch (distribution) {
    case 'normal':
      return softmax(values(() => random.normal()));
    case 'uniform':
      return softmax(values(() => random.uniform()));
    case 'dirichlet':
      return shares(values(() => -Math.log(1 - random.uniform())));
    case 'bernoulli':
      return shares(values(() => (random.uniform() < 0.5 ? 1 : 0)));
    case 'single': {
      const chosen = random.integer(count);
      return Array.from({ length: count }, (_, task) => (task === chosen ? 1 : 0));
    }
  }
}

/** Equal shares where nothing was drawn. */
function shares(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => (total > 0 ? value / total : 1 / values.length));
}
