import { rangeOf } from '../common/numbers';
import { groupTasks, groupingMethods, type GroupingMethod, type TaskGrouping } from '../relatedness/grouping';
import { predictionsOf, type TaskPrediction } from '../relatedness/grouping/prediction';
import type { TaskNetwork } from '../experiment/groups';
import { measureByName } from '../relatedness';
import { hasPairs } from '../relatedness/pairs';
import type { RelatednessMatrix } from '../runs/events';
import type { ReadRun } from '../runs/read';
import { withReplicates } from '../runs/replicated';
import { figuresOf } from '../runs/report';
import { UsageError } from './errors';
import { hasMatrix, type Wanted } from './measuredRun';
import { nearest } from './nearest';
import { pairsWithout, whyEmpty, whyNoMatrix } from './nothingMeasured';
import { renderTable } from './tables';
import { groupingWithin, hasTrainedNetworks } from './trainedNetworks';

/** How tasks are to be grouped, as it is written: either `groups` or `budget` must be there. */
export interface AskedGroups {
  readonly groups: string | undefined;
  readonly budget: string | undefined;
  readonly measure: string | undefined;
  /** tag, if not given. */
  readonly method: GroupingMethod | undefined;
  readonly disjoint: boolean;
}

/** A grouping of a run's tasks, with what it is by. */
export interface FoundGroups {
  readonly run: string;
  readonly tasks: readonly string[];
  readonly measure: string;
  /** Those that the matrix, or the measured losses, are the means over, where they are. */
  readonly seeds?: readonly number[];
  readonly method: GroupingMethod | 'budget';
  readonly alone: number | 'never';
  /** In words, such as `tag-affinity, disjoint`. */
  readonly by: string;
  readonly grouping: TaskGrouping;
  readonly networks: readonly TaskNetwork[];
  /** By task. */
  readonly predictions: ReadonlyMap<string, TaskPrediction>;
  /** Whether the measure finds every two tasks equally close, so that no groups are better than others. */
  readonly undecided: boolean;
}

const methodNames = groupingMethods.map(({ name }) => name);

/** What there is to choose from, for the help of a command. */
export const methodsText = groupingMethods.map(({ name, title }) => `${name}: ${title.toLowerCase()}`).join('; ');

export function checkMethod(method: string): GroupingMethod {
  const known = groupingMethods.find(({ name }) => name === method);
  if (known) return known.name;
  throw new UsageError(`Unknown method "${method}". Use ${methodNames.join(', ')}.`);
}

/** What a run must have for this, and what it should have where none does. */
export function groupable({ budget, measure }: Pick<AskedGroups, 'budget' | 'measure'>): readonly Wanted[] {
  const measured: Wanted = ({ state }) =>
    figuresOf(state).relatedness.some(
      (matrix) => (measure === undefined || matrix.measure === measure) && hasPairs(matrix.values),
    );
  return [budget === undefined ? measured : hasTrainedNetworks, hasMatrix];
}

/** @throws UsageError where the run has nothing to group its tasks by, or what is asked for makes no sense. */
export async function findGroups(run: ReadRun, asked: AskedGroups): Promise<FoundGroups> {
  const { groups, budget } = asked;
  if (groups !== undefined && budget === undefined) return groupingOf(run, { ...asked, groups });
  if (budget === undefined || groups !== undefined) {
    throw new UsageError(
      'Give either --groups, the number of groups, or --budget, how many trained networks to choose.',
    );
  }
  refuseBesideBudget(asked);
  const tasks = run.state.tasks.map((task) => task.name);
  if (tasks.length === 1) throw new UsageError('The run has one task: there is nothing to group.');
  const { grouping, predictions, seeds } = await groupingWithin(run, checkBudget(budget));
  return {
    run: run.record.id,
    tasks,
    measure: 'measured losses',
    ...(seeds.length > 1 && { seeds }),
    method: 'budget',
    alone: 'never',
    by: 'measured losses',
    undecided: false,
    ...described(tasks, grouping, predictions),
  };
}

/** What would say how to group by a matrix. */
function refuseBesideBudget({ measure, method, disjoint }: AskedGroups): void {
  const given = { '--measure': measure !== undefined, '--method': method !== undefined, '--disjoint': disjoint };
  const [option] = Object.entries(given).flatMap(([name, isGiven]) => (isGiven ? [name] : []));
  if (option === undefined) return;
  throw new UsageError(`--budget chooses networks by their measured losses. Leave ${option} away, or use --groups.`);
}

function checkBudget(text: string): number {
  const budget = Number(text);
  if (/^\d+$/.test(text) && budget >= 1) return budget;
  throw new UsageError(`"${text}" is no budget. Use how many networks are to be had: a whole number from 1.`);
}

function groupingOf(
  run: ReadRun,
  { measure, groups, method = 'tag', disjoint }: AskedGroups & { readonly groups: string },
): FoundGroups {
  const { record, state } = run;
  const tasks = state.tasks.map((task) => task.name);
  const matrices = withReplicates(figuresOf(state).relatedness, state.replicated);
  const { values, higherIsCloser, lower, measure: name } = checkMeasure(measure, matrices, run);
  const seeds = lower === undefined ? undefined : state.replicated?.seeds;
  const alone: FoundGroups['alone'] = measureByName(name)?.neutral ?? 'never';
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
    undecided: tasks.length > 2 && areAlike(values),
    ...described(tasks, grouping, predicted),
  };
}

/** Whether all known values of two different tasks are the same but for the last digits. */
function areAlike(values: RelatednessMatrix['values']): boolean {
  const known = values.flatMap((row, from) => row.filter((value, to) => value !== null && from !== to) as number[]);
  const [lowest, highest] = rangeOf(known);
  return highest - lowest <= 1e-6 * Math.max(Math.abs(lowest), Math.abs(highest));
}

/** A grouping with the names of its tasks. */
function described(
  tasks: readonly string[],
  grouping: TaskGrouping,
  predictions: readonly TaskPrediction[],
): Pick<FoundGroups, 'grouping' | 'networks' | 'predictions'> {
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

/** As JSON has it. */
export function recordOf({ run, measure, seeds, method, alone, grouping, tasks }: FoundGroups) {
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

function checkMeasure(
  measure: string | undefined,
  matrices: readonly RelatednessMatrix[],
  run: ReadRun,
): RelatednessMatrix {
  if (run.state.tasks.length === 1) throw new UsageError('The run has one task: there is nothing to group.');
  if (matrices.length === 0) throw new UsageError(whyNoMatrix(run));
  const found = measure === undefined ? matrices[0] : matrices.find((matrix) => matrix.measure === measure);
  if (found === undefined) {
    const names = matrices.map((matrix) => matrix.measure);
    const meant = nearest(measure!, names);
    throw new UsageError(
      `The run has no matrix of "${measure}". ${meant === undefined ? `It has ${names.join(', ')}.` : `Did you mean "${meant}"?`}`,
    );
  }
  if (hasPairs(found.values)) return found;
  throw new UsageError(`There is nothing to group by: ${whyEmpty(found.measure, run.state)}`);
}

function checkGroups(text: string, tasks: number): number {
  const groups = Number(text);
  if (/^\d+$/.test(text) && groups >= 1 && groups <= tasks) return groups;
  throw new UsageError(`"${text}" is no number of groups. Use a whole number from 1 to ${tasks}, the number of tasks.`);
}

export function renderGroups(found: FoundGroups): string {
  const { measure, seeds, method, undecided } = found;
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
    const by = `By the losses of networks that the run has trained${overSeeds(seeds)}, the best choice there is.`;
    return [table, by, share].join('\n');
  }
  const title = groupingMethods.find(({ name }) => name === method)!.title.toLowerCase();
  const best = method === 'tag' ? (exact ? ', the best there is' : ', the best that a search found') : '';
  return [
    table,
    `By ${measure}${overSeeds(seeds)}, ${title}${best}.`,
    score === null
      ? 'A task is alone, so there is no mean relatedness within the groups.'
      : `Mean relatedness of a task within its group: ${score.toPrecision(4)}.`,
    ...(undecided ? [`All pairs are the same by ${measure}: no groups are better than others.`] : []),
    ...(filled > 0 ? [`${pairsWithout(filled, measure)} and count as the mean of their task.`] : []),
  ].join('\n');
}

function overSeeds(seeds: readonly number[] | undefined): string {
  return seeds === undefined ? '' : `, mean over the seeds ${seeds.join(', ')}`;
}
