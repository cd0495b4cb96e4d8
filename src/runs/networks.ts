import type { FinishedRun } from './gain';

/**
 * Makes one run of the networks of a seed: each task with the figures of the network that serves it. Seeds of which a
 * network is missing are left out. Networks tell nothing of the rows of all tasks together.
 * @param runs Of two of one seed and network the later counts; those that are no networks stay as they are.
 */
export function joinNetworks(runs: readonly FinishedRun[]): readonly FinishedRun[] {
  const whole = runs.filter(({ network }) => network === undefined);
  const parts = runs.filter(({ network }) => network !== undefined);
  const seeds = [...new Set(parts.map(({ seed }) => seed))];
  const joined = seeds.flatMap((seed) => {
    const members = parts.filter((run) => run.seed === seed);
    const networks = new Map(members.map((run) => [run.network!.number, run]));
    return networks.size === members[0].network!.of ? [joinedRun(seed, [...networks.values()])] : [];
  });
  return [...whole, ...joined];
}

function joinedRun(seed: number, networks: readonly FinishedRun[]): FinishedRun {
  const ordered = [...networks].sort((one, other) => one.network!.number - other.network!.number);
  const served = ordered.flatMap(({ network, tasks, metrics }) =>
    network!.serves.flatMap((name) => {
      const place = tasks.findIndex((task) => task.name === name);
      return place === -1 ? [] : [{ task: tasks[place], metrics: metrics[place] }];
    }),
  );
  return { seed, tasks: served.map(({ task }) => task), metrics: served.map(({ metrics }) => metrics) };
}
