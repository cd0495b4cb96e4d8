import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Experiment } from '../experiment/schema';
import { namedTasks } from '../experiment/tasks';

type Data = NonNullable<Experiment['data']>;

/**
 * The experiment as it is to be written into another folder: paths of data, and of the run that it starts from, are
 * relative to the folder that an experiment file is in, and lead to the same places from there.
 * @param from Absolute folder that the paths are relative to now.
 */
export function relocated(experiment: Experiment, from: string, to: string): Experiment {
  if (resolve(from) === resolve(to)) return experiment;
  const moved = <Source extends Data>(data: Source): Source =>
    'source' in data && data.source !== undefined ? { ...data, source: movedSource(data.source, from, to) } : data;
  const { data, model } = experiment;
  const own = namedTasks(experiment).filter(({ task }) => task.data !== undefined);
  return {
    ...experiment,
    ...(data && { data: moved(data) }),
    ...(model.start && {
      model: { ...model, start: { ...model.start, from: movedPath(model.start.from, from, to) } },
    }),
    ...(own.length > 0 && {
      tasks: Object.fromEntries(
        namedTasks(experiment).map(({ name, task }) => [name, task.data ? { ...task, data: moved(task.data) } : task]),
      ),
    }),
  };
}

function movedSource(source: string | string[], from: string, to: string): string | string[] {
  const moved = (path: string) => movedPath(path, from, to);
  return typeof source === 'string' ? moved(source) : source.map(moved);
}

function movedPath(path: string, from: string, to: string): string {
  return isAbsolute(path) ? path : relative(to, resolve(from, path)).split(sep).join('/');
}

/** Whether a query of the experiment seems to name files by a relative path, which `relocated` leaves as they are. */
export function namesFilesInQuery(experiment: Experiment): boolean {
  const all = [experiment.data, ...namedTasks(experiment).map(({ task }) => task.data)];
  return all.some((data) => {
    const query = data && 'query' in data ? data.query : undefined;
    const quoted = [...(query ?? '').matchAll(/'([^']*\.[^']*)'/g)].map((match) => match[1]);
    return quoted.some((name) => !isAbsolute(name));
  });
}
