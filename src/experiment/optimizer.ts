import { z } from 'zod';
import type { MethodDescription } from '../common/method';

/** An optimizer as the experiment file knows it. */
interface OptimizerDescription<Name extends string, Options extends z.ZodObject> extends MethodDescription {
  readonly name: Name;
  readonly options: Options;
}

const adamOptions = z.strictObject({
  learningRate: z.number().positive().default(0.001).meta({ description: 'Step size.' }),
  beta1: z.number().min(0).lt(1).default(0.9).meta({ description: 'Decay of the mean of gradients.' }),
  beta2: z.number().min(0).lt(1).default(0.999).meta({ description: 'Decay of the mean of squared gradients.' }),
  epsilon: z.number().positive().default(1e-7).meta({ description: 'Keeps the division finite.' }),
});

const sgdOptions = z.strictObject({
  learningRate: z.number().positive().default(0.01).meta({ description: 'Step size.' }),
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .meta({ description: 'Share of the last step that is kept. 0 for plain gradient descent.' }),
});

const adam: OptimizerDescription<'adam', typeof adamOptions> = {
  name: 'adam',
  title: 'Adam',
  summary: 'Steps scaled by running means of the gradient and of its square; works well without much tuning.',
  details:
    '$\\theta \\leftarrow \\theta - \\eta\\, \\hat m / (\\sqrt{\\hat v} + \\epsilon)$, where $\\hat m$ and $\\hat v$ are the ' +
    'bias-corrected running means of the gradient and of its square, with decays $\\beta_1$ and $\\beta_2$.',
  source: 'Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015',
  options: adamOptions,
};

const sgd: OptimizerDescription<'sgd', typeof sgdOptions> = {
  name: 'sgd',
  title: 'Stochastic gradient descent with momentum',
  summary: 'Steps against the gradient, with a share of the last step kept.',
  details:
    '$v \\leftarrow \\mu v + g$ and $\\theta \\leftarrow \\theta - \\eta v$, with momentum $\\mu$ and step size $\\eta$.',
  source: 'Polyak, Some methods of speeding up the convergence of iteration methods, 1964',
  options: sgdOptions,
};

/** Every optimizer. */
export const optimizers = [adam, sgd] as const;
