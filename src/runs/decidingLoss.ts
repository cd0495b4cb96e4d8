import type { SplitMetrics } from './events';

/**
 * The loss of a task in a network, to be compared with that in the network of all tasks: on validation rows, or on test
 * rows where the task has no label on those. Undefined where there is none.
 * @param together Of the task in the network of all tasks, which says what rows there are for every other.
 */
export function decidingLoss(
  together: SplitMetrics | undefined,
  network: SplitMetrics | undefined,
): number | undefined {
  return network?.[together?.validation?.loss === undefined ? 'test' : 'validation']?.loss;
}
