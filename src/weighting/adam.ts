import { z } from 'zod';
import { words } from '../common/schemaMeta';

/** What Adam remembers of each value. */
export interface AdamState {
  readonly steps: number;
  readonly means: readonly number[];
  readonly squares: readonly number[];
}

/** The options of methods that learn a value per task by gradient descent. */
export const learningOptions = (learningRate: number) => ({
  learningRate: z.number().positive().default(learningRate).meta({ description: 'Step size of what is learned.' }),
  descent: words({
    adam: 'Steps of about the learning rate, whatever the size of the losses.',
    sgd: 'Steps in proportion to the gradient.',
  })
    .default('adam')
    .meta({ description: 'How it is learned.' }),
});

export interface Learned {
  /** One value per task. */
  readonly values: readonly number[];
  readonly adam: AdamState;
}

/** Values before the first step. */
export function initialValues(count: number, value: number): Learned {
  const zeros = Array.from({ length: count }, () => 0);
  return { values: zeros.map(() => value), adam: { steps: 0, means: zeros, squares: zeros } };
}

/** Learned values stay within this distance of 0: the exponential of any of them is finite. */
const bound = 50;

/**
 * One step of gradient descent for small vectors.
 * @param gradient one per task; 0 for tasks without a batch
 */
export function descend(
  { values, adam }: Learned,
  gradient: readonly number[],
  { learningRate, descent }: { readonly learningRate: number; readonly descent: 'adam' | 'sgd' },
): Learned {
  const held = (value: number) => Math.max(-bound, Math.min(bound, value));
  if (descent === 'sgd') {
    return { values: values.map((value, task) => held(value - learningRate * gradient[task])), adam };
  }
  const { state, changes } = adamStep(adam, gradient);
  return { values: values.map((value, task) => held(value - learningRate * changes[task])), adam: state };
}

/** Adam (Kingma and Ba, 2015) with its usual decay rates 0.9 and 0.999; `changes` are to be times the learning rate. */
function adamStep(before: AdamState, gradient: readonly number[]) {
  const steps = before.steps + 1;
  const means = before.means.map((mean, task) => 0.9 * mean + 0.1 * gradient[task]);
  const squares = before.squares.map((square, task) => 0.999 * square + 0.001 * gradient[task] ** 2);
  const [meanShare, squareShare] = [1 - 0.9 ** steps, 1 - 0.999 ** steps];
  const changes = means.map((mean, task) => mean / meanShare / (Math.sqrt(squares[task] / squareShare) + 1e-8));
  return { state: { steps, means, squares }, changes };
}
