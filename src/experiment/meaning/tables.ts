import type { Data, Inputs } from '../dataSchema';
import type { Path } from '../problem';
import type { Experiment } from '../schema';
import { isEach, namedTasks } from '../tasks';

/** A place of the file that names a column. */
export interface ColumnUse {
  readonly column: string;
  readonly path: Path;
}

/** A table with everything that the file says about its columns. */
export interface TableUse {
  readonly data: Data;
  /** Path of the `data` object. */
  readonly path: Path;
  readonly inputs?: Inputs;
  readonly inputsPath: Path;
  readonly targets: readonly ColumnUse[];
  /** The column whose values name the tasks. */
  readonly each?: ColumnUse;
}

/** The tables that tasks use: that of the experiment, and those of single tasks. */
export function tablesOf(experiment: Experiment): TableUse[] {
  const { data, inputs, tasks } = experiment;
  const named = namedTasks(experiment);
  const target = (name: string, column: string) => ({ column, path: ['tasks', name, 'target'] });
  const own = named.flatMap(({ name, task }): TableUse[] => {
    if (!task.data) return [];
    const inputsPath = ['tasks', name, 'inputs'];
    const targets = [target(name, task.target)];
    return [{ data: task.data, path: ['tasks', name, 'data'], inputs: task.inputs, inputsPath, targets }];
  });
  if (!data) return own;
  const shared = named.filter(({ task }) => !task.data).map(({ name, task }) => target(name, task.target));
  const common = { data, path: ['data'], inputs, inputsPath: ['inputs'] };
  if (!isEach(tasks)) return [{ ...common, targets: shared }, ...own];
  const each = { column: tasks.each, path: ['tasks', 'each'] };
  return [{ ...common, targets: [{ column: tasks.target, path: ['tasks', 'target'] }], each }];
}
