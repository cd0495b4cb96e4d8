import { chosenTasks } from '../onlyTasks';
import type { Finding } from '../problem';
import type { Experiment } from '../schema';
import { code } from '../wording';
import { error, unknownTask } from './findings';

/**
 * Tasks under `only` that do not exist, or stand there twice.
 * @param tasks The names of all tasks; where they are the values of a column, as the data has them.
 */
export function checkOnly(experiment: Pick<Experiment, 'only'>, tasks: readonly string[]): Finding[] {
  const chosen = chosenTasks(experiment) ?? [];
  const free = tasks.filter((task) => !chosen.includes(task));
  return chosen.flatMap((name, at) => {
    const path = ['only', at];
    if (!tasks.includes(name)) return [unknownTask(name, tasks, free, path)];
    if (chosen.indexOf(name) === at) return [];
    return [error('task-twice', path, `Task ${code(name)} is named twice. Take it out here.`)];
  });
}
