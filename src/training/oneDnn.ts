import type { Program } from '../program';
import { multiplications, stackedMultiplications } from './multiplications';

/**
 * Multiplications of a step from which on the operations of oneDNN, which take longer to call, are worth it. Measured
 * with one thread and hard sharing, the time of a step without them over that with them: 0.62 with 0.02 million, 0.90
 * with 30, 0.97 with 59, 1.02 with 162, 1.04 with 2,500.
 */
const worthTheCalls = 100_000_000;

/**
 * Whether TensorFlow is likely to be faster with the operations of oneDNN than with its own, which take a quarter more
 * for stacks of small matrices, and a third more for steps that find the gradients of the tasks.
 * @param gradients Whether steps find the gradients of the tasks, if only some of them.
 */
export function prefersOneDnn(step: Program, gradients: boolean): boolean {
  const all = multiplications(step);
  return gradients || all >= worthTheCalls || stackedMultiplications(step) > all / 4;
}
