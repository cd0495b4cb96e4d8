import { inputsSchema } from '../experiment/dataSchema';
import type { Data, Inputs } from '../experiment/dataSchema';
import type { Finding, Path } from '../experiment/problem';
import type { EachTask, Experiment, Task } from '../experiment/schema';
import { error, quoted } from './findings';

export interface NamedTask {
  readonly name: string;
  readonly task: Task;
  readonly path: Path;
  /** Position in the experiment file. */
  readonly order: number;
}

/** A table of the experiment with everything that reads from it. */
export interface TableUse {
  readonly name: string;
  readonly data: Data;
  readonly path: Path;
  readonly inputs: Inputs;
  /** Where findings about inputs belong: the inputs object, or the data where none is written. */
  readonly inputsPath: Path;
  /** Whether other tables take their inputs from the same object, so that each may lack some of its columns. */
  readonly inputsShared: boolean;
  readonly tasks: readonly NamedTask[] | EachTask;
}

/** Whether the tasks are one per value of a column. */
export function isEach(tasks: Experiment['tasks'] | TableUse['tasks']): tasks is EachTask {
  return 'each' in tasks && typeof tasks.each === 'string';
}

/** The tables of an experiment: the common one, and one per task with data of its own. */
export function tableUses(experiment: Experiment): { readonly uses: TableUse[]; readonly findings: Finding[] } {
  const { data, tasks } = experiment;
  const inputs = experiment.inputs ?? inputsSchema.parse({});
  const inputsPath: Path = experiment.inputs ? ['inputs'] : ['data'];
  const common = { name: 'data', path: ['data'], inputs, inputsPath, inputsShared: false };
  if (isEach(tasks)) {
    if (data) return { uses: [{ ...common, data, tasks }], findings: [] };
    return {
      uses: [],
      findings: [error('no-data', ['tasks'], 'The tasks have no data. Add data: { source: … } to the experiment.')],
    };
  }
  const named = Object.entries(tasks).map(([name, task], order): NamedTask => ({
    name,
    task,
    path: ['tasks', name],
    order,
  }));
  const without = named.filter(({ task }) => task.data === undefined);
  const own = named.filter(({ task }) => task.data !== undefined);
  const sharing = own.filter(({ task }) => task.inputs === undefined).length + (without.length > 0 && data ? 1 : 0);
  const inputsShared = sharing > 1;
  const findings = data
    ? []
    : without.map(({ name, path }) =>
        error('no-data', path, `Task ${quoted(name)} has no data. Add data to it, or to the experiment for all tasks.`),
      );
  const uses = own.map(({ name, task, path, order }): TableUse => ({
    name,
    data: task.data!,
    path: [...path, 'data'],
    inputs: task.inputs ?? inputs,
    inputsPath: task.inputs ? [...path, 'inputs'] : experiment.inputs ? ['inputs'] : [...path, 'data'],
    inputsShared: task.inputs === undefined && inputsShared,
    tasks: [{ name, task, path, order }],
  }));
  if (data && without.length > 0) uses.push({ ...common, inputsShared, data, tasks: without });
  return { uses: uses.sort((a, b) => firstOrder(a) - firstOrder(b)), findings };
}

function firstOrder({ tasks }: TableUse): number {
  return isEach(tasks) ? 0 : tasks[0].order;
}
