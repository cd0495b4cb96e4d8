import { measureByName } from '../../relatedness';
import { groupingMethods, groupTasks, type GroupingMethod, type TaskGrouping } from '../../relatedness/grouping';
import type { RelatednessMatrix } from '../../runs/events';
import { readRun } from '../../runs/read';
import { figuresOf } from '../../runs/report';
import { findRun } from '../../runs/store';
import {
  jsonOption,
  runPositional,
  runsOption,
  runsRoot,
  type Command,
  type RunPositional,
  type RunsOption,
} from '../command';
import { exitCodes, UsageError } from '../errors';
import { nearest } from '../nearest';
import { renderTable } from '../tables';
import { clean, note, print, printJson } from '../terminal';

interface GroupOptions extends RunPositional, RunsOption {
  readonly measure: string | undefined;
  readonly groups: string;
  readonly method: string;
  readonly disjoint: boolean;
  readonly json: boolean;
}

const methodNames = groupingMethods.map(({ name }) => name);

export const groupCommand: Command<GroupOptions> = {
  name: 'group',
  takes: '<run>',
  summary: 'Group the tasks of a run by how related it has measured them to be',
  examples: [
    ['mtl group latest --groups 3', 'Which tasks to train together in three networks'],
    ['mtl group latest --groups 3 --disjoint', 'Every task in one network only'],
    ['mtl group latest --groups 4 --method linkage --measure conflict-rate', 'Clusters by another measure'],
  ],
  positionals: runPositional,
  options: {
    groups: {
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe: 'How many groups: at most so many for tag',
    },
    measure: {
      type: 'string',
      requiresArg: true,
      describe: 'By which measure; the first that the run has, if not given',
    },
    method: {
      type: 'string',
      requiresArg: true,
      default: 'tag',
      describe: groupingMethods.map(({ name, title }) => `${name}: ${title.toLowerCase()}`).join('; '),
    },
    disjoint: {
      type: 'boolean',
      default: false,
      describe: 'For tag: no task in two networks. Else tasks may be trained in one more for the help that they are',
    },
    ...runsOption,
    ...jsonOption,
  },
  async run({ run: name, runs, measure, groups, method, disjoint, json }) {
    const chosen = checkMethod(method);
    const { record, state, problem } = await readRun(await findRun(name, await runsRoot(runs)));
    if (problem !== undefined) note(`warning: ${clean(problem.message)}`);
    const tasks = state.tasks.map((task) => task.name);
    const matrix = checkMeasure(measure, figuresOf(state).relatedness, tasks);
    const alone = measureByName(matrix.measure)?.neutral ?? 'never';
    const grouping = groupTasks(matrix.values, matrix.higherIsCloser, {
      groups: checkGroups(groups, tasks.length),
      method: chosen,
      disjoint,
      alone,
    });
    if (json) printJson({ run: record.id, measure: matrix.measure, method: chosen, alone, ...named(grouping, tasks) });
    else print(render(grouping, matrix, chosen, tasks));
    return exitCodes.success;
  },
};

function checkMethod(method: string): GroupingMethod {
  const known = groupingMethods.find(({ name }) => name === method);
  if (known) return known.name;
  throw new UsageError(`Unknown method "${method}". Use ${methodNames.join(', ')}.`);
}

function checkMeasure(
  measure: string | undefined,
  matrices: readonly RelatednessMatrix[],
  tasks: readonly string[],
): RelatednessMatrix {
  if (tasks.length === 1) throw new UsageError('The run has one task: there is nothing to group.');
  if (matrices.length === 0) {
    throw new UsageError(
      'The run has no relatedness matrix yet. Wait for its first epoch, or start one with `relatedness: { measures: [gradient-cosine] }`.',
    );
  }
  const found = measure === undefined ? matrices[0] : matrices.find((matrix) => matrix.measure === measure);
  if (found === undefined) {
    const names = matrices.map((matrix) => matrix.measure);
    const meant = nearest(measure!, names);
    throw new UsageError(
      `The run has no matrix of "${measure}". ${meant === undefined ? `It has ${names.join(', ')}.` : `Did you mean "${meant}"?`}`,
    );
  }
  const known = found.values.some((row, from) => row.some((value, to) => from !== to && value !== null));
  if (known) return found;
  throw new UsageError(`The run has seen no two tasks together, so ${found.measure} has no value to group by.`);
}

function checkGroups(text: string, tasks: number): number {
  const groups = Number(text);
  if (/^\d+$/.test(text) && groups >= 1 && groups <= tasks) return groups;
  throw new UsageError(`"${text}" is no number of groups. Use a whole number from 1 to ${tasks}, the number of tasks.`);
}

function named({ groups, ...figures }: TaskGrouping, tasks: readonly string[]) {
  const names = (positions: readonly number[]) => positions.map((position) => tasks[position]);
  return {
    groups: groups.map(({ serves, helpers }) => ({ serves: names(serves), helpers: names(helpers) })),
    ...figures,
  };
}

function render(
  grouping: TaskGrouping,
  { measure }: RelatednessMatrix,
  method: GroupingMethod,
  tasks: readonly string[],
) {
  const { groups, score, exact, filled } = named(grouping, tasks);
  const helped = groups.some(({ helpers }) => helpers.length > 0);
  const rows = groups.map(({ serves, helpers }, group) => [
    String(group + 1),
    serves.join(', '),
    ...(helped ? [helpers.join(', ')] : []),
  ]);
  const title = groupingMethods.find(({ name }) => name === method)!.title.toLowerCase();
  const best = method === 'tag' ? (exact ? ', the best there is' : ', the best that a search found') : '';
  return [
    renderTable(['group', 'tasks', ...(helped ? ['trained beside them'] : [])], rows, 3),
    `By ${measure}, ${title}${best}.`,
    score === null
      ? 'A task is alone, so there is no mean relatedness within the groups.'
      : `Mean relatedness of a task within its group: ${score.toPrecision(4)}.`,
    ...(filled > 0 ? [`${filled} pairs were never observed together and count as the mean of their task.`] : []),
  ].join('\n');
}
