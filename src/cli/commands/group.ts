import { dirname } from 'node:path';
import type { TaskNetwork } from '../../experiment/groups';
import { measureByName } from '../../relatedness';
import { groupingMethods, groupTasks, type GroupingMethod, type TaskGrouping } from '../../relatedness/grouping';
import { predictionsOf, type TaskPrediction } from '../../relatedness/grouping/prediction';
import type { RelatednessMatrix } from '../../runs/events';
import { withReplicates } from '../../runs/replicated';
import { readRun, type ReadRun } from '../../runs/read';
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
import { runTrial } from '../groupCheck';
import { checkRecord, renderOutcome, writeReport } from '../groupCheckOutcome';
import { trialParts, writeTrial, type WrittenTrial } from '../groupTrial';
import { nearest } from '../nearest';
import { renderTable } from '../tables';
import { clean, note, print, printJson } from '../terminal';
import { groupingWithin } from '../trainedNetworks';

interface GroupOptions extends RunPositional, RunsOption {
  readonly measure: string | undefined;
  readonly groups: string | undefined;
  readonly budget: string | undefined;
  readonly method: string;
  readonly disjoint: boolean;
  readonly write: string | undefined;
  readonly overwrite: boolean;
  readonly seeds: string | undefined;
  readonly check: boolean;
  readonly 'at-once': string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** So many that a verdict can be told, if there is one. */
const defaultSeeds = [1, 2, 3, 4, 5];
const mostAtOnce = 256;

const methodNames = groupingMethods.map(({ name }) => name);

export const groupCommand: Command<GroupOptions> = {
  name: 'group',
  takes: '<run>',
  summary: 'Group the tasks of a run by how related it has measured them to be',
  examples: [
    ['mtl group latest --groups 3', 'Which tasks to train together in three networks'],
    ['mtl group latest --groups 3 --disjoint', 'Every task in one network only'],
    ['mtl group latest --groups 4 --method linkage --measure conflict-rate', 'Clusters by another measure'],
    ['mtl group latest --budget 3', 'The best three of the networks that were trained for pair-gain'],
    ['mtl group latest --groups 3 --write .', 'Experiment files of the groups, of all together and of each alone'],
    ['mtl group latest --groups 3 --check', 'Trains all three over five seeds: are the groups better?'],
  ],
  positionals: runPositional,
  options: {
    groups: { type: 'string', requiresArg: true, describe: 'How many groups: at most so many for tag' },
    budget: {
      type: 'string',
      requiresArg: true,
      describe:
        'Instead of groups: at most so many of the networks that the run has trained for pair-gain or leave-one-out-gain, by their measured losses',
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
    check: {
      type: 'boolean',
      default: false,
      describe:
        'Write them (beside the experiment of the run, if not told where), train them and say whether the groups are better',
    },
    'at-once': {
      type: 'string',
      requiresArg: true,
      describe: 'How many runs of the check at a time; as many as there are cores if not given',
    },
    ...runsOption,
    ...jsonOption,
    quiet: { type: 'boolean', default: false, describe: 'Print nothing but errors (and the JSON object)' },
  },
  async run(options) {
    const { json, quiet, write, overwrite } = options;
    const asked = {
      method: checkMethod(options.method),
      seeds: checkSeeds(options.seeds),
      atOnce: checkAtOnce(options['at-once']),
    };
    const run = await readRun(await findRun(options.run, await runsRoot(options.runs)));
    if (run.problem !== undefined) note(`warning: ${clean(run.problem.message)}`);
    const found = await groupingFor(run, options, asked.method);
    if (!json && !quiet) print(render(found));
    const folder = write ?? (options.check ? run.record.folder : undefined);
    if (folder === undefined) {
      if (json) printJson(recordOf(found));
      return exitCodes.success;
    }
    const { by, networks } = found;
    const written = await writeTrial(run, { networks, by, folder, seeds: asked.seeds, overwrite });
    if (!json && !quiet) print(`\n${renderFiles(written)}`);
    if (!options.check) {
      if (json) printJson({ ...recordOf(found), files: written.files, report: written.report });
      return exitCodes.success;
    }
    const outcome = await runTrial(written, { root: dirname(run.folder), atOnce: asked.atOnce, quiet });
    const { stopped, runs } = outcome;
    const checked = { written, outcome, foretelling: found };
    const text = renderOutcome(checked);
    if (!stopped) await writeReport(checked, text);
    if (json) printJson({ ...recordOf(found), ...checkRecord(checked) });
    else if (!quiet) print(`\n${text}${stopped ? '' : `\n\nReport: ${clean(written.report)}`}`);
    if (stopped) return exitCodes.stopped;
    return runs.every(({ phase }) => phase === 'finished') ? exitCodes.success : exitCodes.failed;
  },
};

/** A grouping of a run's tasks, with what it is by. */
interface Found {
  readonly run: string;
  readonly tasks: readonly string[];
  readonly measure: string;
  /** Those that the matrix is the mean over, where it is one. */
  readonly seeds?: readonly number[];
  readonly method: GroupingMethod | 'budget';
  readonly alone: number | 'never';
  /** In words, such as `tag-affinity, disjoint`. */
  readonly by: string;
  readonly grouping: TaskGrouping;
  readonly networks: readonly TaskNetwork[];
  /** By task. */
  readonly predictions: ReadonlyMap<string, TaskPrediction>;
}

async function groupingFor(run: ReadRun, options: GroupOptions, method: GroupingMethod): Promise<Found> {
  const { groups, budget } = options;
  if (groups !== undefined && budget === undefined) return groupingOf(run, { ...options, groups, method });
  if (budget === undefined || groups !== undefined) {
    throw new UsageError(
      'Give either --groups, the number of groups, or --budget, how many trained networks to choose.',
    );
  }
  const tasks = run.state.tasks.map((task) => task.name);
  if (tasks.length === 1) throw new UsageError('The run has one task: there is nothing to group.');
  const { grouping, predictions } = await groupingWithin(run, checkBudget(budget));
  return {
    run: run.record.id,
    tasks,
    measure: 'measured losses',
    method: 'budget',
    alone: 'never',
    by: 'measured losses',
    ...described(tasks, grouping, predictions),
  };
}

function checkBudget(text: string): number {
  const budget = Number(text);
  if (/^\d+$/.test(text) && budget >= 1) return budget;
  throw new UsageError(`"${text}" is no budget. Use how many networks are to be had: a whole number from 1.`);
}

function groupingOf(
  { record, state }: ReadRun,
  {
    measure,
    groups,
    method,
    disjoint,
  }: Pick<GroupOptions, 'measure' | 'disjoint'> & { readonly groups: string; readonly method: GroupingMethod },
): Found {
  const tasks = state.tasks.map((task) => task.name);
  const matrices = withReplicates(figuresOf(state).relatedness, state.replicated);
  const { values, higherIsCloser, lower, measure: name } = checkMeasure(measure, matrices, tasks);
  const seeds = lower === undefined ? undefined : state.replicated?.seeds;
  const alone: Found['alone'] = measureByName(name)?.neutral ?? 'never';
  const asked = { groups: checkGroups(groups, tasks.length), method, disjoint, alone };
  const grouping = groupTasks(values, higherIsCloser, asked);
  const predicted = predictionsOf(values, higherIsCloser, grouping.groups, alone === 'never' ? null : alone);
  return {
    run: record.id,
    tasks,
    measure: name,
    ...(seeds && { seeds }),
    method,
    alone,
    by: [name, ...(method === 'tag' ? [] : [method]), ...(disjoint && method === 'tag' ? ['disjoint'] : [])].join(', '),
    ...described(tasks, grouping, predicted),
  };
}

/** A grouping with the names of its tasks. */
function described(
  tasks: readonly string[],
  grouping: TaskGrouping,
  predictions: readonly TaskPrediction[],
): Pick<Found, 'grouping' | 'networks' | 'predictions'> {
  return {
    grouping,
    networks: grouping.groups.map(({ serves, helpers }) => ({
      tasks: namesAt(
        tasks,
        [...serves, ...helpers].sort((one, other) => one - other),
      ),
      serves: namesAt(tasks, serves),
    })),
    predictions: new Map(predictions.map((prediction, task) => [tasks[task], prediction])),
  };
}

function namesAt(tasks: readonly string[], positions: readonly number[]): string[] {
  return positions.map((position) => tasks[position]);
}

function recordOf({ run, measure, seeds, method, alone, grouping, tasks }: Found) {
  const { groups, ...figures } = grouping;
  return {
    run,
    measure,
    ...(seeds && { seeds }),
    method,
    alone,
    groups: groups.map(({ serves, helpers }) => ({
      serves: namesAt(tasks, serves),
      helpers: namesAt(tasks, helpers),
    })),
    ...figures,
  };
}

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

function checkAtOnce(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= mostAtOnce) return number;
  throw new UsageError(`"${text}" is no number of runs. Use a whole number from 1 to ${mostAtOnce}.`);
}

function render(found: Found): string {
  const { measure, seeds, method } = found;
  const { groups, score, exact, filled } = recordOf(found);
  const helped = groups.some(({ helpers }) => helpers.length > 0);
  const rows = groups.map(({ serves, helpers }, group) => [
    String(group + 1),
    serves.join(', '),
    ...(helped ? [helpers.join(', ')] : []),
  ]);
  const table = renderTable(['group', 'tasks', ...(helped ? ['trained beside them'] : [])], rows, 3);
  if (method === 'budget') {
    const share = `Mean loss of a task within its group: ${score!.toPrecision(4)} of that in the network of all tasks.`;
    return [table, 'By the losses of networks that the run has trained, the best choice there is.', share].join('\n');
  }
  const title = groupingMethods.find(({ name }) => name === method)!.title.toLowerCase();
  const best = method === 'tag' ? (exact ? ', the best there is' : ', the best that a search found') : '';
  return [
    table,
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
