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

const variable = 'TF_ENABLE_ONEDNN_OPTS';
/** What a person has set; looked at before this process loads TensorFlow, which sets it, too. */
const asked = process.env[variable];

/**
 * The settings of TensorFlow in processes that train networks for this one. They are the same for all of these, whichever
 * process trains which, so that it does not matter for a bit of the result.
 * @param oneDnn Whether the operations of oneDNN are likely to be faster.
 */
export function tensorflowSettings(oneDnn: boolean): Readonly<Record<string, string>> {
  return { [variable]: asked ?? (oneDnn ? '1' : '0') };
}
