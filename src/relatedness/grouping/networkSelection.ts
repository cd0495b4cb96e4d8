import { divideExactly } from './exactDivision';
import { bestNetwork, valuesOfAllSets, type Served, type Worth } from './groupValue';
import { divideBySearch } from './localSearch';

/** Up to so many tasks the selection of networks is exact. */
export const mostExactTasks = 20;

export interface SelectedNetworks {
  readonly networks: readonly Served[];
  readonly exact: boolean;
}

/** At most so many networks that serve all tasks, with the highest sum of affinities. */
export function selectNetworks(worth: Worth, groups: number, seed: number): SelectedNetworks {
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
