import type { Program } from '../program';
import { multiplications } from './multiplications';

/**
 * Multiplications of a step from which on the operations of oneDNN, which take longer to call, are worth it. Measured
 * with one thread, the time of a step without them over that with them: 0.62 with 0.02 million, 0.90 with 30, 0.97 with
 * 59, 1.02 with 162, 1.04 with 2,500.
 */
const worthTheCalls = 100_000_000;

/**
 * Whether TensorFlow is likely to be faster with the operations of oneDNN than with its own.
 * @param gradients Whether each step computes a gradient per task. Steps that do took a tenth less with oneDNN, whatever
 *   their size: it is good at transposes and at stacks of small matrices.
 */
export function prefersOneDnn(step: Program, gradients: boolean): boolean {
  return gradients || multiplications(step) >= worthTheCalls;
}
