import type { MethodDescription } from '../../common/method';
import type { RelatednessValues } from '../measure';
import { affinitiesOf, symmetricPairs, type Affinities } from './affinities';
import { bestNetwork, type Worth } from './groupValue';
import { cutInto, linkage } from './linkage';
import { mostExactTasks, selectNetworks, type SelectedNetworks } from './networkSelection';
import { spectralGroups } from './spectral';

/** The ways to group tasks. */
export const groupingMethods = [
  {
    name: 'tag',
    title: 'Network selection',
    summary: 'The networks in which tasks do most for each other, by the mean affinity of each task in its network.',
    details:
      'At most $k$ networks $G$ and for each task the one that serves it, so that the mean over tasks of $\\frac{1}{|G| - 1} \\sum_{i \\in G, i \\ne t} Z_{i \\to t}$ is highest. A network may hold tasks that another serves, for the help that they are, unless groups are to be disjoint. ' +
      `Up to ${mostExactTasks} tasks the best selection is found by branch and bound; above, one that no move or exchange of tasks betters, from the clusters of average linkage and twenty random starts.`,
    source: 'Fifty et al., Efficiently Identifying Task Groupings for Multi-Task Learning, 2021',
  },
  {
    name: 'linkage',
    title: 'Average linkage',
    summary: 'Clusters by joining, again and again, the two with the highest mean affinity, until k are left.',
    details:
      'Hierarchical clustering of the matrix, a directed one by the mean of its two directions. Gives exactly $k$ groups, which are nested: those of $k$ and $k + 1$ differ in one division.',
    source: 'Sokal and Michener, A Statistical Method for Evaluating Systematic Relationships, 1958',
  },
  {
    name: 'spectral',
    title: 'Spectral clustering',
    summary: 'Clusters by k-means on the first eigenvectors of the normalised matrix.',
    details:
      'The affinities between different tasks (of a directed matrix the mean of the two directions) are moved and scaled to $[0, 1]$ as $W$; the rows of the first $k$ eigenvectors of $D^{-1/2} W D^{-1/2}$, at unit length, are grouped by k-means with k-means++ and twenty starts. Cuts as few and as weak ties as it can between groups of about one size.',
    source: 'Ng, Jordan and Weiss, On Spectral Clustering: Analysis and an Algorithm, 2001',
  },
] as const satisfies readonly MethodDescription[];

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
  const { groups, method = 'tag', seed = 0 } = options;
  if (!Number.isInteger(groups) || groups < 1 || groups > values.length) {
    throw new RangeError(`${groups} is no number of groups for ${values.length} tasks.`);
  }
  const sign = higherIsCloser ? 1 : -1;
  const affinities = affinitiesOf(values, higherIsCloser);
  const worth = worthOf(affinities, sign, options);
  const { networks, exact } =
    method === 'tag' ? selectNetworks(worth, groups, seed) : cluster(worth, method, groups, seed);
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

function worthOf(
  affinities: Affinities,
  sign: number,
  { alone = 'never', disjoint = false, method = 'tag' }: GroupingOptions,
): Worth {
  const single = affinities.alone.map((own) => {
    if (alone === 'never') return -Infinity;
    return alone === 'diagonal' ? (own ?? -Infinity) : sign * alone;
  });
  return { ...affinities, single, helpers: method === 'tag' && !disjoint };
}

function cluster(worth: Worth, method: Exclude<GroupingMethod, 'tag'>, groups: number, seed: number): SelectedNetworks {
  const pairs = symmetricPairs(worth);
  const clusters =
    method === 'linkage'
      ? cutInto(linkage(pairs, worth.count), groups)
      : gathered(spectralGroups(pairs, worth.count, groups, seed));
  return { networks: clusters.map((tasks) => bestNetwork(worth, tasks)), exact: false };
}

/** Tasks by the numbers of their groups; a group that no task is in does not count. */
function gathered(numbers: readonly number[]): number[][] {
  const groups = new Map<number, number[]>();
  numbers.forEach((group, task) => groups.set(group, [...(groups.get(group) ?? []), task]));
  return [...groups.values()];
}
