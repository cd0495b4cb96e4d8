import { inputsSchema } from '../experiment/dataSchema';
import type { Data, Inputs } from '../experiment/dataSchema';
import type { Path } from '../experiment/problem';
import type { EachTask, Experiment, Task } from '../experiment/schema';
import { isEach, namedTasks } from '../experiment/tasks';

interface NamedTask {
  readonly name: string;
  readonly task: Task;
  readonly path: Path;
  /** Position in the experiment file. */
  readonly order: number;
}

/** A table of the experiment with everything that reads from it. */
export interface TableUse {
  /** The task's name where the table is its own, else `data`. */
  readonly name: string;
  readonly data: Data;
  readonly path: Path;
  readonly inputs: Inputs;
  /** Where findings about inputs belong: the inputs object, or the data where none is written. */
  readonly inputsPath: Path;
  /** Whether other tables take their inputs from the same object, so that each may lack some of its columns. */
  readonly inputsShared: boolean;
  /** One task per value of a column, or tasks by name: several of the common table, one where it is its own. */
  readonly tasks: { readonly each: EachTask } | { readonly named: readonly NamedTask[] };
}

/** The tables of an experiment: the common one, and one per task with data of its own. */
export function tableUses(experiment: Experiment): readonly TableUse[] {
  const { data, tasks } = experiment;
  const inputs = experiment.inputs ?? inputsSchema.parse({});
  const inputsPath = (dataPath: Path): Path => (experiment.inputs ? ['inputs'] : dataPath);
  const common = { name: 'data', path: ['data'], inputs, inputsPath: inputsPath(['data']) };
  if (isEach(tasks)) return data ? [{ ...common, data, inputsShared: false, tasks: { each: tasks } }] : [];
  const named = namedTasks(experiment).map(({ name, task }, order): NamedTask => ({
    name,
    task,
    path: ['tasks', name],
    order,
  }));
  const without = named.filter(({ task }) => task.data === undefined);
  const own = named.filter(({ task }) => task.data !== undefined);
  const sharing = own.filter(({ task }) => task.inputs === undefined).length + (without.length > 0 ? 1 : 0);
  const uses = own.map(({ name, task, path, order }): TableUse => {
    const dataPath = [...path, 'data'];
    return {
      name,
      data: task.data!,
      path: dataPath,
      inputs: task.inputs ?? inputs,
      inputsPath: task.inputs ? [...path, 'inputs'] : inputsPath(dataPath),
      inputsShared: task.inputs === undefined && sharing > 1,
      tasks: { named: [{ name, task, path, order }] },
    };
  });
  if (!data || without.length === 0) return uses;
  return [{ ...common, data, inputsShared: sharing > 1, tasks: { named: without } }, ...uses];
}
