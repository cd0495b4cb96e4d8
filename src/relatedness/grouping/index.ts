import type { RelatednessValues } from '../measure';
import { affinitiesOf, type Affinities } from './affinities';
import type { Worth } from './groupValue';
import { averageLinkage } from './linkage';
import { networkSelection } from './networkSelection';
import { spectral } from './spectral';

/** The ways to group tasks. A new one is a file beside these and a word here. */
export const groupingMethods = [networkSelection, averageLinkage, spectral] as const;

export type GroupingMethod = (typeof groupingMethods)[number]['name'];

export interface GroupingOptions {
  /** k, from 1 to the number of tasks: at most so many for `tag`, exactly so many for the others. */
  readonly groups: number;
  readonly method?: GroupingMethod;
  /**
   * What the affinity of a task by itself counts as: a number; `never`, so that a task is alone only where it must be,
   * as is the default; or `diagonal`, for matrices that hold it there, such as measured losses.
   */
  readonly alone?: number | 'never' | 'diagonal';
  /** Whether networks of `tag` have no task in common. They may, if not given. */
  readonly disjoint?: boolean;
  /** For what is drawn. 0 if not given. */
  readonly seed?: number;
}

export interface TaskGroup {
  /** Positions of the tasks that the network of this group is for, ascending. */
  readonly serves: readonly number[];
  /** Tasks that are trained beside them for the help that they are; another group serves them. */
  readonly helpers: readonly number[];
}

export interface TaskGrouping {
  /** In the order of their first tasks. */
  readonly groups: readonly TaskGroup[];
  /**
   * The mean over tasks of the affinity in their groups, in the units and the direction of the matrix; null where a
   * task is alone whose affinity by itself is not known.
   */
  readonly score: number | null;
  /** Whether no grouping of this kind has a better score. */
  readonly exact: boolean;
  /** How many ordered pairs had no value and were filled in with the mean of what is known of the task. */
  readonly filled: number;
}

/**
 * Groups tasks by a matrix of their relatedness.
 * @throws RangeError where k is no whole number from 1 to the number of tasks, or no two tasks have a value
 */
export function groupTasks(values: RelatednessValues, higherIsCloser: boolean, options: GroupingOptions): TaskGrouping {
  const { groups, method = 'tag', disjoint = false, seed = 0 } = options;
  if (!Number.isInteger(groups) || groups < 1 || groups > values.length) {
    throw new RangeError(`${groups} is no number of groups for ${values.length} tasks.`);
  }
  const sign = higherIsCloser ? 1 : -1;
  const affinities = affinitiesOf(values, higherIsCloser);
  const grouping = groupingMethods.find(({ name }) => name === method)!;
  const { networks, exact } = grouping.networks(
    {
      ...affinities,
      single: worthAlone(affinities, sign, options),
      helpers: grouping.overlaps === true && !disjoint,
    },
    groups,
    seed,
  );
  const total = networks.reduce((sum, { value }) => sum + value, 0) / affinities.count;
  return {
    groups: [...networks]
      .sort((one, other) => one.serves[0] - other.serves[0])
      .map(({ serves, helpers }) => ({ serves, helpers })),
    score: Number.isFinite(total) ? sign * total : null,
    exact,
    filled: affinities.filled,
  };
}

function worthAlone({ alone: own }: Affinities, sign: number, { alone = 'never' }: GroupingOptions): Worth['single'] {
  return own.map((value) => {
    if (alone === 'never') return -Infinity;
    return alone === 'diagonal' ? (value ?? -Infinity) : sign * alone;
  });
}
