import { meanOfKnown } from '../../common/numbers';
import type { RelatednessValues } from '../measure';
import type { TaskGroup } from './index';

/** What a matrix says of a task where it is grouped, in the units of the matrix; null where it says nothing. */
export interface TaskPrediction {
  /** The mean of the values from the others in the network that serves it. */
  readonly inGroup: number | null;
  /** The mean of the values from all other tasks. */
  readonly amongAll: number | null;
  /** By how much its group is closer to it than all tasks are: above 0 it is to gain by the grouping. */
  readonly change: number | null;
}

/**
 * What the measure behind a grouping foretells of training by it instead of all tasks together, task by task.
 * @param alone What a task by itself counts as; null where nothing is known of that
 */
export function predictionsOf(
  values: RelatednessValues,
  higherIsCloser: boolean,
  groups: readonly TaskGroup[],
  alone: number | null,
): readonly TaskPrediction[] {
  return values.map((_, task) => {
    const { serves, helpers } = groups.find((group) => group.serves.includes(task))!;
    const meanFrom = (others: readonly number[]) =>
      meanOfKnown(others.filter((other) => other !== task).map((other) => values[other][task]));
    // In one order, so that a group of all tasks is exactly as close as all tasks are.
    const members = [...serves, ...helpers].sort((one, other) => one - other);
    const inGroup = members.length === 1 ? alone : meanFrom(members);
    const amongAll = meanFrom([...values.keys()]);
    const change = inGroup === null || amongAll === null ? null : (higherIsCloser ? 1 : -1) * (inGroup - amongAll);
    return { inGroup, amongAll, change };
  });
}
