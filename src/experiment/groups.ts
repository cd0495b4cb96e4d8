import { singleTaskBaseline } from './baseline';
import { onlyTasks } from './onlyTasks';
import type { Experiment } from './schema';

/** A network of an experiment whose tasks are grouped. */
export interface TaskNetwork {
  /** Names of the tasks that are trained in it. */
  readonly tasks: readonly string[];
  /** Those of them whose figures count; the others are there for the help that they are. */
  readonly serves: readonly string[];
}

/** The networks that `groups` asks for, in its order; undefined where there is one for all tasks. */
export function networksOf({ groups }: Pick<Experiment, 'groups'>): readonly TaskNetwork[] | undefined {
  return groups?.map((group) => {
    // A value of a column may be written as a number.
    if ('tasks' in group) {
      const { tasks, serves = tasks } = group;
      return { tasks: tasks.map(String), serves: serves.map(String) };
    }
    const tasks = group.map(String);
    return { tasks, serves: tasks };
  });
}

/**
 * The experiment of one network. A task by itself shares with nobody, so it is trained as a baseline is, whatever
 * sharing and weighting the others have.
 */
export function networkExperiment(experiment: Experiment, { tasks }: Pick<TaskNetwork, 'tasks'>): Experiment {
  const own = onlyTasks(withoutGroups(experiment), tasks);
  return tasks.length === 1 ? singleTaskBaseline(own) : own;
}

/** The experiment that trains all its tasks in one network. */
export function withoutGroups({ groups: _, ...experiment }: Experiment): Experiment {
  return experiment;
}

/** The experiment whose tasks are trained in these networks, in the shortest words. */
export function withGroups(experiment: Experiment, networks: readonly TaskNetwork[]): Experiment {
  return {
    ...experiment,
    groups: networks.map(({ tasks, serves }) =>
      serves.length === tasks.length ? [...tasks] : { tasks: [...tasks], serves: [...serves] },
    ),
  };
}
