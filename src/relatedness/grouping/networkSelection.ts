import { divideExactly } from './exactDivision';
import { bestNetwork, valuesOfAllSets, type Worth } from './groupValue';
import { divideBySearch } from './localSearch';
import type { FoundNetworks, GroupingDescription } from './method';

/** Up to so many tasks the selection of networks is exact. */
const mostExactTasks = 20;

/** At most k networks, with the helpers that are worth it. */
export const networkSelection: GroupingDescription<'tag'> = {
  name: 'tag',
  title: 'Network selection',
  summary: 'The networks in which tasks do most for each other, by the mean affinity of each task in its network.',
  details:
    'At most $k$ networks $G$ and for each task the one that serves it, so that the mean over tasks of $\\frac{1}{|G| - 1} \\sum_{i \\in G, i \\ne t} Z_{i \\to t}$ is highest. A network may hold tasks that another serves, for the help that they are, unless groups are to be disjoint. ' +
    `Up to ${mostExactTasks} tasks the best selection is found by branch and bound; above, one that no move or exchange of tasks betters, from the clusters of average linkage and twenty random starts.`,
  source: 'Fifty et al., Efficiently Identifying Task Groupings for Multi-Task Learning, 2021',
  overlaps: true,
  networks: selectNetworks,
};

/** At most so many networks that serve all tasks, with the highest sum of affinities. */
function selectNetworks(worth: Worth, groups: number, seed: number): FoundNetworks {
  if (worth.count > mostExactTasks) {
    const found = divideBySearch(worth, groups, seed, (tasks) => bestNetwork(worth, tasks).value);
    return { networks: found.map((tasks) => bestNetwork(worth, tasks)), exact: false };
  }
  const values = valuesOfAllSets(worth);
  const start = divideBySearch(worth, groups, seed, (tasks) => values[setOf(tasks)]);
  const { sets } = divideExactly(values, groups, start.map(setOf));
  return { networks: sets.map((set) => bestNetwork(worth, tasksOf(set, worth.count))), exact: true };
}

function setOf(tasks: readonly number[]): number {
  return tasks.reduce((set, task) => set | (1 << task), 0);
}

function tasksOf(set: number, count: number): number[] {
  return Array.from({ length: count }, (_, task) => task).filter((task) => ((set >> task) & 1) === 1);
}
