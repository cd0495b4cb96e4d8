import type { EachTask, Experiment, Task } from './schema';

/** Whether there is one task per value of a column. */
export function isEach(tasks: Experiment['tasks']): tasks is EachTask {
  return typeof tasks.each === 'string';
}

/** The tasks that are written by name, in order; none where there is one per value of a column. */
export function namedTasks({ tasks }: Pick<Experiment, 'tasks'>): readonly { name: string; task: Task }[] {
  return isEach(tasks) ? [] : Object.entries(tasks).map(([name, task]) => ({ name, task }));
}
