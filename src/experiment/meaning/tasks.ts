import { isMapping } from '../branch';
import type { Mapping } from '../branch';
import type { Finding, Path } from '../problem';
import type { EachTask, Experiment, Task } from '../schema';
import { isEach, namedTasks } from '../tasks';
import { code } from '../wording';
import { error, information, warning } from './findings';
import { checkGroups } from './groups';
import { checkOnly } from './only';

/** Tasks without data, settings that do not fit the kind of a task, and sets of tasks that are none. */
export function checkTasks(experiment: Experiment, written: Mapping): Finding[] {
  const { tasks, data } = experiment;
  const writtenTasks = isMapping(written.tasks) ? written.tasks : {};
  if (isEach(tasks)) {
    const missing = data ? [] : [noData()];
    return [...missing, ...idleSettings(tasks, writtenTasks, ['tasks'])];
  }
  const named = namedTasks(experiment);
  if (named.length === 0) {
    return [error('no-tasks', ['tasks'], 'There is no task. Write one below `tasks`: its name, `target` and `kind`.')];
  }
  const findings = named.flatMap(({ name, task }) => {
    const path = ['tasks', name];
    const own = Object.hasOwn(writtenTasks, name) ? writtenTasks[name] : undefined;
    return [...withoutData(task, path), ...idleSettings(task, isMapping(own) ? own : {}, path)];
  });
  const names = named.map(({ name }) => name);
  const ofNames = [...checkOnly(experiment, names), ...checkGroups(experiment, names)];
  return [...dataOf(experiment), ...findings, ...ofNames, ...single(experiment)];
}

function noData(): Finding {
  return error('no-data', [], 'There is no data. Add the key `data` with a `source`, a `query` or `generate`.', {
    atKey: true,
  });
}

function dataOf(experiment: Experiment): Finding[] {
  const named = namedTasks(experiment);
  const without = named.filter(({ task }) => !task.data);
  if (experiment.data) {
    const message = 'No task uses this data: all of them have `data` of their own. Take it out.';
    return without.length === 0 ? [warning('unused-data', ['data'], message, { atKey: true })] : [];
  }
  if (without.length === named.length) return [noData()];
  return without.map(({ name }) => {
    const message = `Task ${code(name)} has no data. Give it \`data\` of its own, or add \`data\` for all tasks.`;
    return error('task-without-data', ['tasks', name], message, { atKey: true });
  });
}

function withoutData({ data, inputs, encoder }: Task, path: Path): Finding[] {
  if (data) return [];
  const only = (key: string) =>
    `${code(key)} of one task needs \`data\` of that task. Add it, or take ${code(key)} out.`;
  return [
    ...(inputs ? [error('inputs-without-data', [...path, 'inputs'], only('inputs'), { atKey: true })] : []),
    ...(encoder ? [error('encoder-without-data', [...path, 'encoder'], only('encoder'), { atKey: true })] : []),
  ];
}

/** Settings that are written, though they mean nothing for this kind of task. */
function idleSettings({ kind }: Task | EachTask, written: Mapping, path: Path): Finding[] {
  const kinds = { positive: 'binary', loss: 'regression', scale: 'regression' } as const;
  return (['positive', 'loss', 'scale'] as const).flatMap((key) => {
    if (!Object.hasOwn(written, key) || kind === kinds[key]) return [];
    const message = `${code(key)} has no effect on a ${kind} task; it is for ${kinds[key]} tasks. Take it out.`;
    return [warning('setting-without-effect', [...path, key], message, { atKey: true })];
  });
}

function single(experiment: Experiment): Finding[] {
  const [trained, path] = experiment.only ? [experiment.only.length, 'only'] : [namedTasks(experiment).length, 'tasks'];
  if (trained > 1) return [];
  const message = 'There is one task, so nothing is shared and there is no relatedness to measure.';
  return [information('single-task', [path], message, { atKey: true })];
}
