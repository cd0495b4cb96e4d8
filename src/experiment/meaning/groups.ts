import { networksOf, type TaskNetwork } from '../groups';
import { chosenTasks } from '../onlyTasks';
import type { Finding, Path } from '../problem';
import type { Experiment } from '../schema';
import { code, enumerate } from '../wording';
import { error, unknownTask, warning } from './findings';

/**
 * Groups with tasks that are not there or not trained, and tasks that no network or more than one serves.
 * @param all The names of all tasks; where they are the values of a column, as the data has them.
 */
export function checkGroups(experiment: Experiment, all: readonly string[]): Finding[] {
  const networks = networksOf(experiment);
  if (networks === undefined) return [];
  const tasks = chosenTasks(experiment)?.filter((name) => all.includes(name)) ?? all;
  const pathOf = (at: number, key: 'tasks' | 'serves'): Path => {
    const group = experiment.groups![at];
    if (!('tasks' in group)) return ['groups', at];
    return ['groups', at, key === 'serves' && group.serves ? key : 'tasks'];
  };
  return [
    ...membership(networks, all, tasks, (at) => pathOf(at, 'tasks')),
    ...networks.flatMap((network, at) => ownServes(network, pathOf(at, 'serves'))),
    ...servedTwice(networks, (at) => pathOf(at, 'serves')),
    ...unserved(networks, tasks),
    ...ofSharing(experiment),
  ];
}

/** @param tasks Those of all that the experiment trains. */
function membership(
  networks: readonly TaskNetwork[],
  all: readonly string[],
  tasks: readonly string[],
  pathOf: (network: number) => Path,
): Finding[] {
  const used = networks.flatMap((network) => network.tasks);
  const free = tasks.filter((task) => !used.includes(task));
  return networks.flatMap(({ tasks: own }, at) =>
    own.flatMap((name, place) => {
      const path = [...pathOf(at), place];
      if (!all.includes(name)) return [unknownTask(name, all, free, path)];
      if (own.indexOf(name) !== place) return [twice(name, path)];
      if (tasks.includes(name)) return [];
      const message = `Task ${code(name)} is not among those of \`only\`. Add it there, or take it out here.`;
      return [error('task-not-trained', path, message)];
    }),
  );
}

/** Of a network that names which of its tasks it serves. */
function ownServes({ tasks, serves }: TaskNetwork, path: Path): Finding[] {
  if (serves === tasks) return [];
  const free = tasks.filter((task) => !serves.includes(task));
  return serves.flatMap((name, place) => {
    if (!tasks.includes(name)) return [unknownTask(name, tasks, free, [...path, place])];
    return serves.indexOf(name) === place ? [] : [twice(name, [...path, place])];
  });
}

function twice(name: string, path: Path): Finding {
  return error('task-twice', path, `Task ${code(name)} is named twice. Take it out here.`);
}

function servedTwice(networks: readonly TaskNetwork[], pathOf: (network: number) => Path): Finding[] {
  const served = new Map<string, number>();
  return networks.flatMap(({ tasks, serves }, at) =>
    serves.flatMap((name, place) => {
      if (!tasks.includes(name)) return [];
      const before = served.get(name);
      if (before === undefined) served.set(name, at);
      if (before === undefined || before === at) return [];
      const message = `Task ${code(name)} is served by group ${before + 1} already. Say under \`serves\` of one of the two what that one is for.`;
      return [error('task-served-twice', [...pathOf(at), place], message)];
    }),
  );
}

function unserved(networks: readonly TaskNetwork[], tasks: readonly string[]): Finding[] {
  const served = new Set(networks.flatMap(({ serves }) => serves));
  const missing = tasks.filter((task) => !served.has(task));
  if (missing.length === 0) return [];
  const message =
    missing.length === 1
      ? `Task ${enumerate(missing)} is served by no group. Add it to one, or give it a group of its own.`
      : `Tasks ${enumerate(missing)} are served by no group. Add them to one, or give them groups of their own.`;
  return [error('task-not-served', ['groups'], message, { atKey: true })];
}

function ofSharing({ model: { sharing } }: Experiment): Finding[] {
  if (sharing.name !== 'single-task') return [];
  const message =
    '`sharing: single-task` trains each task alone, whatever its group. Take `groups` out, or choose another `sharing`.';
  return [warning('groups-without-sharing', ['groups'], message, { atKey: true })];
}
