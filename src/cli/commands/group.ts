import { measureByName } from '../../relatedness';
import { groupingMethods, groupTasks, type GroupingMethod, type TaskGrouping } from '../../relatedness/grouping';
import type { RelatednessMatrix } from '../../runs/events';
import { withReplicates } from '../../runs/replicated';
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
import { trialParts, writeTrial, type WrittenTrial } from '../groupTrial';
import { nearest } from '../nearest';
import { renderTable } from '../tables';
import { clean, note, print, printJson } from '../terminal';

interface GroupOptions extends RunPositional, RunsOption {
  readonly measure: string | undefined;
  readonly groups: string;
  readonly method: string;
  readonly disjoint: boolean;
  readonly write: string | undefined;
  readonly overwrite: boolean;
  readonly seeds: string | undefined;
  readonly json: boolean;
}

/** So many that a verdict can be told, if there is one. */
const defaultSeeds = [1, 2, 3, 4, 5];

const methodNames = groupingMethods.map(({ name }) => name);

export const groupCommand: Command<GroupOptions> = {
  name: 'group',
  takes: '<run>',
  summary: 'Group the tasks of a run by how related it has measured them to be',
  examples: [
    ['mtl group latest --groups 3', 'Which tasks to train together in three networks'],
    ['mtl group latest --groups 3 --disjoint', 'Every task in one network only'],
    ['mtl group latest --groups 4 --method linkage --measure conflict-rate', 'Clusters by another measure'],
    ['mtl group latest --groups 3 --write .', 'Experiment files of the groups, of all together and of each alone'],
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
    write: {
      type: 'string',
      requiresArg: true,
      describe: 'Write three experiment files into this folder: the groups, all tasks together, each task alone',
    },
    overwrite: { type: 'boolean', default: false, describe: 'Let files that are there already be replaced' },
    seeds: {
      type: 'string',
      requiresArg: true,
      describe: `The seeds of these experiments; ${defaultSeeds.join(',')} if not given`,
    },
    ...runsOption,
    ...jsonOption,
  },
  async run({ run: name, runs, measure, groups, method, disjoint, json, write, overwrite, seeds }) {
    const chosen = checkMethod(method);
    const chosenSeeds = checkSeeds(seeds);
    const run = await readRun(await findRun(name, await runsRoot(runs)));
    const { record, state, problem } = run;
    if (problem !== undefined) note(`warning: ${clean(problem.message)}`);
    const tasks = state.tasks.map((task) => task.name);
    const matrix = checkMeasure(measure, withReplicates(figuresOf(state).relatedness, state.replicated), tasks);
    const alone = measureByName(matrix.measure)?.neutral ?? 'never';
    const grouping = groupTasks(matrix.values, matrix.higherIsCloser, {
      groups: checkGroups(groups, tasks.length),
      method: chosen,
      disjoint,
      alone,
    });
    const over = matrix.lower === undefined ? undefined : state.replicated?.seeds;
    const how = { measure: matrix.measure, ...(over && { seeds: over }), method: chosen, alone };
    const found = { run: record.id, ...how, ...named(grouping, tasks) };
    if (!json) print(render(grouping, matrix, chosen, tasks, over));
    const networks = found.groups.map(({ serves, helpers }) => ({
      tasks: tasks.filter((task) => serves.includes(task) || helpers.includes(task)),
      serves,
    }));
    const by = [matrix.measure, ...(chosen === 'tag' ? [] : [chosen]), ...(disjoint ? ['disjoint'] : [])].join(', ');
    const written =
      write === undefined
        ? undefined
        : await writeTrial(run, { networks, by, folder: write, seeds: chosenSeeds, overwrite });
    if (json) printJson({ ...found, ...(written && { files: written.files }) });
    else if (written !== undefined) print(`\n${renderFiles(written)}`);
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

function checkSeeds(text: string | undefined): readonly number[] {
  if (text === undefined) return defaultSeeds;
  const seeds = text.split(',').map((word) => word.trim());
  const distinct = [...new Set(seeds.map(Number))];
  if (seeds.every((word) => /^\d{1,10}$/.test(word)) && distinct.length === seeds.length) return distinct;
  throw new UsageError(`"${text}" is no list of seeds. Write different whole numbers with commas between: 1,2,3.`);
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
  seeds: readonly number[] | undefined,
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
    `By ${measure}${seeds ? `, mean over the seeds ${seeds.join(', ')}` : ''}, ${title}${best}.`,
    score === null
      ? 'A task is alone, so there is no mean relatedness within the groups.'
      : `Mean relatedness of a task within its group: ${score.toPrecision(4)}.`,
    ...(filled > 0 ? [`${filled} pairs were never observed together and count as the mean of their task.`] : []),
  ].join('\n');
}

const partTitles = { grouped: 'the groups', together: 'all together', alone: 'each alone' } as const;
const writtenWords = { new: 'written', overwritten: 'overwritten', 'the same': 'there already' } as const;

function renderFiles({ files }: WrittenTrial): string {
  const rows = trialParts.map((part) => [partTitles[part], writtenWords[files[part].written], files[part].file]);
  return renderTable(['experiment', '', 'file'], rows, 3);
}
