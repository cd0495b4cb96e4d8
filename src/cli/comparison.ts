import { higherIsBetter } from '../experiment/schema';
import { judgedTasks, type Change, type GroupGain, type JudgedTask, type TaskChange } from '../runs/gain';
import { finishedRuns } from '../runs/group';
import { spreadOf } from '../runs/report';
import type { RunState } from '../runs/state';
import { count, formatNumber, formatSpread } from './format';
import type { EndedRun } from './replicates';
import { title } from './results';
import { renderTable } from './tables';
import { shorten } from './terminal';

const nameLength = 28;
/** Above so many tasks only those that gained and lost most are shown. */
const tasksShown = 24;
const extremesShown = 5;

type Trivial = RunState['trivial'];

/**
 * What the tasks are to be measured against: training each alone, where the runs have baselines, and predictors that do
 * not look at the inputs. Empty where there is neither.
 */
export function renderComparison(runs: readonly EndedRun[], gain: GroupGain | undefined): string {
  const trivial = runs.find(({ state }) => state.trivial.length > 0)?.state.trivial ?? [];
  const tasks = runs.flatMap(({ state }) => state.tasks);
  const headOf = ({ name }: Trivial[number]) => (name === 'majority' ? majorityWord(tasks) : name);
  const columns = trivial.filter(({ metrics }) => metrics.some((splits) => Object.keys(splits).length > 0));
  // Where each run has a split of its own the figures differ.
  const trivialOf = ({ task, split, metric }: Pick<JudgedTask, 'task' | 'split' | 'metric'>) =>
    columns.map(({ name }) => {
      const values = runs.flatMap(({ state }) => {
        const place = state.tasks.findIndex((other) => other.name === task);
        return state.trivial.find((other) => other.name === name)?.metrics[place]?.[split]?.[metric] ?? [];
      });
      return values.length === 0 ? undefined : spreadOf(values).mean;
    });
  const heads = columns.map(headOf);
  if (gain !== undefined) return renderGain(gain, heads, trivialOf);
  const judged = judgedTasks(finishedRuns(runs));
  if (columns.length === 0 || judged.length === 0) return '';
  const table = renderTable(
    ['task', 'metric', 'value', ...heads],
    judged.map((task) => [...nameOf(task), spreadText(task.values), ...trivialOf(task).map(cell)]),
    2,
  );
  const parts = judged.length > tasksShown ? [] : [table];
  return [title('Against guessing without the inputs'), ...parts, beatsGuessing(judged, trivialOf)].join('\n');
}

type TrivialOf = (task: Pick<JudgedTask, 'task' | 'split' | 'metric'>) => readonly (number | undefined)[];

function renderGain(gain: GroupGain, columns: readonly string[], trivialOf: TrivialOf): string {
  const head = ['task', 'metric', 'alone', 'shared', 'gain %', '95 % interval', 'verdict'];
  const row = (task: TaskChange) => {
    const { alone, shared } = task.metrics[task.metric]!;
    const change = [percent(task.mean), intervalText(task), task.verdict];
    return [...nameOf(task), spreadText(alone), spreadText(shared), ...change, ...trivialOf(task).map(cell)];
  };
  const total = [
    'all (Δm)',
    '',
    '',
    '',
    percent(gain.overall.mean),
    intervalText(gain.overall),
    '',
    ...columns.map(() => ''),
  ];
  const together = togetherRows(gain).map((cells) => [...cells, ...columns.map(() => '')]);
  const table = (tasks: readonly TaskChange[]) =>
    renderTable([...head, ...columns], [...tasks.map(row), ...together, total], 2);
  const ordered = [...gain.tasks].sort((one, other) => (other.mean ?? 0) - (one.mean ?? 0));
  const shown =
    gain.tasks.length <= tasksShown
      ? gain.tasks
      : [...ordered.slice(0, extremesShown), ...ordered.slice(-extremesShown)];
  const judged = gain.tasks.map((task) => ({ ...task, values: task.metrics[task.metric]!.shared }));
  return [
    title('Sharing against training each task alone'),
    table(shown),
    ...(shown === gain.tasks
      ? []
      : [`The ${extremesShown} that gained most and least, of ${gain.tasks.length} tasks.`]),
    meaningOf(gain),
    ...(columns.length === 0 ? [] : [beatsGuessing(judged, trivialOf)]),
  ].join('\n');
}

/** One task per value of a column: the mean of the tasks, and what their rows come to when they are taken together. */
function togetherRows({ pooled, tasks, seeds }: GroupGain): string[][] {
  if (pooled === undefined) return [];
  const { metric, split } = tasks[0];
  const meanOf = (side: 'alone' | 'shared') =>
    spreadText(
      seeds.map((_, seed) => spreadOf(tasks.map(({ metrics }) => metrics[metric]?.[side][seed] ?? Number.NaN)).mean),
    );
  // In units of the target an error cannot be told to be small; the share of the variance can.
  const shown = metric === 'rmse' ? ([metric, 'explainedVariance'] as const) : [metric];
  const rows = shown.flatMap((name) => {
    const change = pooled.metrics[name];
    if (change === undefined) return [];
    const figures = [spreadText(change.alone), spreadText(change.shared), percent(change.mean), intervalText(change)];
    return [['all rows', `${pooled.split} ${name}`, ...figures, name === pooled.metric ? pooled.verdict : '']];
  });
  return [['mean of tasks', `${split} ${metric}`, meanOf('alone'), meanOf('shared'), '', '', ''], ...rows];
}

/** What `majority` predicts for these tasks: the most frequent class, or the mean. */
function majorityWord(tasks: RunState['tasks']): string {
  const regressions = tasks.filter(({ kind }) => kind === 'regression').length;
  return regressions === 0 ? 'majority' : regressions === tasks.length ? 'mean' : 'majority/mean';
}

/** What the sign means, how many seeds there are, and what they allow to tell. */
function meaningOf({ seeds, tasks }: GroupGain): string {
  const sign = 'Above 0 sharing is better, whichever way the metric goes.';
  if (seeds.length === 1) {
    return `${sign} There is one seed, so nothing can be told about chance: give \`training.seeds\` five or more.`;
  }
  const told = (verdict: TaskChange['verdict']) => tasks.filter((task) => task.verdict === verdict).length;
  const verdicts = `helped ${count(told('helped'), 'task')} and hurt ${told('hurt')}; of ${told('cannot be told')} it cannot be told`;
  return `${sign} Over ${count(seeds.length, 'seed')} sharing ${verdicts} (paired t test at p < 0.05, Holm's correction for ${count(tasks.length, 'task')}).`;
}

/** Which tasks are no better than the best of the predictors that do not look. */
function beatsGuessing(judged: readonly JudgedTask[], trivialOf: TrivialOf): string {
  const nothing = judged.filter((task) => {
    const { mean } = spreadOf(task.values);
    const better = higherIsBetter[task.metric];
    return trivialOf(task).some((value) => value !== undefined && (better ? mean <= value : mean >= value));
  });
  if (nothing.length === 0) return 'Every task is better than guessing without the inputs.';
  const names = nothing.slice(0, 5).map(({ task }) => shorten(task, nameLength));
  const more = nothing.length > names.length ? ` and ${nothing.length - names.length} more` : '';
  return `No better than guessing without the inputs: ${names.join(', ')}${more}.`;
}

export function nameOf({ task, split, metric }: Pick<JudgedTask, 'task' | 'split' | 'metric'>): string[] {
  return [shorten(task, nameLength), `${split} ${metric}`];
}

export function spreadText(values: readonly number[]): string {
  return values.length === 1 ? formatNumber(values[0]) : formatSpread(spreadOf(values));
}

function cell(value: number | undefined): string {
  return value === undefined ? '-' : formatNumber(value);
}

export function percent(value: number | null): string {
  if (value === null) return '-';
  const text = (100 * value).toFixed(2);
  return value > 0 ? `+${text}` : text;
}

export function intervalText({ interval }: Change): string {
  return interval === undefined ? '-' : `${percent(interval[0])} to ${percent(interval[1])}`;
}
