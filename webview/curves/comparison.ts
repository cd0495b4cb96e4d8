import { higherIsBetter, type MetricName } from '../../src/experiment/metric';
import type { RunListing } from '../../src/protocol/messages';
import type { SplitName } from '../../src/runs/events';
import { judgedTasks, type Change, type FinishedRun, type GroupGain } from '../../src/runs/gain';
import type { RunState } from '../../src/runs/state';
import { plural, shortValue } from '../../src/figures/numbers';
import type { Run } from '../shared/runStore';
import { startName } from '../shared/runStore';
import { metricTitles } from './chartSpec';
import { meanWithDeviation } from './results';

/** What the tasks of a start are measured against: a row per task. */
export interface ComparisonTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly ComparisonRow[];
  /** What the figures mean, in sentences. */
  readonly notes: readonly string[];
}

export interface ComparisonRow {
  readonly name: string;
  readonly kind: 'task' | 'all';
  readonly cells: readonly string[];
  /** What its cell below 'Verdict' says, for the sign and the colour. */
  readonly verdict?: 'helped' | 'hurt' | 'cannot be told';
}

/** How a column of verdicts is called; its cells have a sign besides the word. */
export const verdictColumn = 'Verdict';

interface Start {
  readonly name: string;
  readonly experiment: string;
  readonly role: RunListing['role'];
  readonly finished: readonly FinishedRun[];
  readonly trivial: RunState['trivial'];
  readonly tasks: RunState['tasks'];
  readonly gain?: GroupGain;
}

/** Below the charts, one per experiment with a finished run: training alone, where that is known, and guessing. */
export function comparisonsOf(runs: readonly Run[], listings: readonly RunListing[]): ComparisonTable[] {
  const found = startsOf(runs, listings);
  // The figures of a baseline stand beside those of the runs that are compared with it.
  const starts = found.filter(({ role, experiment }) => {
    return role === undefined || !found.some((other) => other.gain !== undefined && other.experiment === experiment);
  });
  return starts.flatMap((start) => {
    const table = start.gain === undefined ? guessingTable(start) : gainTable(start, start.gain);
    if (table === undefined) return [];
    return [starts.length > 1 ? { ...table, title: `${start.name}: ${table.title}` } : table];
  });
}

function startsOf(runs: readonly Run[], listings: readonly RunListing[]): Start[] {
  const starts = new Map<string, Start>();
  for (const { id, state } of runs) {
    const listing = listings.find((candidate) => candidate.id === id);
    if (listing === undefined || state.phase !== 'finished' || state.ending === undefined) continue;
    const { tasks, trivial, gain } = state;
    // The networks of an experiment are compared as the one model that they are together.
    const { experiment, role, seed, network } = listing;
    const name = startName({ experiment, ...(role && { role }) });
    const known = starts.get(name);
    const finished: FinishedRun = { seed, tasks, metrics: state.ending.metrics, ...(network && { network }) };
    // The run that finished last knows of most seeds.
    const widest = (known?.gain?.seeds.length ?? 0) >= (gain?.seeds.length ?? 0) ? known?.gain : gain;
    starts.set(name, {
      name,
      experiment,
      role,
      ...withTasks(known, tasks, trivial),
      finished: [...(known?.finished ?? []), finished],
      ...(widest && { gain: widest }),
    });
  }
  return [...starts.values()];
}

/** The tasks of another run of a start, which may be another network, with what can be had there by guessing. */
function withTasks(
  known: Pick<Start, 'tasks' | 'trivial'> | undefined,
  tasks: Start['tasks'],
  trivial: Start['trivial'],
): Pick<Start, 'tasks' | 'trivial'> {
  if (known === undefined) return { tasks, trivial };
  const others = tasks.flatMap(({ name }, place) => (known.tasks.some((task) => task.name === name) ? [] : [place]));
  return {
    tasks: [...known.tasks, ...others.map((place) => tasks[place])],
    trivial: known.trivial.map(({ name, metrics }) => {
      const own = trivial.find((predictor) => predictor.name === name)?.metrics ?? [];
      return { name, metrics: [...metrics, ...others.map((place) => own[place] ?? {})] };
    }),
  };
}

interface Figure {
  readonly task: string;
  readonly split: SplitName;
  readonly metric: MetricName;
}

function guessingTable(start: Start): ComparisonTable | undefined {
  const trivial = trivialOf(start);
  const judged = judgedTasks(start.finished);
  if (trivial.heads.length === 0 || judged.length === 0) return undefined;
  return {
    title: 'Against guessing without the inputs',
    columns: ['Task', 'Metric', 'Value', ...trivial.heads],
    rows: judged.map((task) => ({
      name: task.task,
      kind: 'task',
      cells: [metricText(task), meanWithDeviation(task.values), ...trivial.cells(task)],
    })),
    notes: nothingNotes(judged, trivial.values),
  };
}

function gainTable(start: Start, gain: GroupGain): ComparisonTable {
  const trivial = trivialOf(start);
  const { seeds, tasks, overall } = gain;
  const rows = tasks.map((task): ComparisonRow => {
    const { alone, shared } = task.metrics[task.metric]!;
    const figures = [metricText(task), meanWithDeviation(alone), meanWithDeviation(shared)];
    const cells = [...figures, percent(task.mean), intervalText(task), task.verdict, ...trivial.cells(task)];
    return { name: task.task, kind: 'task', cells, verdict: task.verdict };
  });
  const all = ['', '', '', percent(overall.mean), intervalText(overall), '', ...trivial.heads.map(() => '')];
  const chance =
    seeds.length === 1
      ? 'There is one seed, so nothing can be told about chance: give training.seeds five or more.'
      : `Over ${plural(seeds.length, 'seed')}: 95 % bootstrap intervals; verdicts by a paired t test at p < 0.05 with Holm's correction for ${plural(tasks.length, 'task')}.`;
  const judged = tasks.map((task) => ({ ...task, values: task.metrics[task.metric]!.shared }));
  return {
    title: 'Sharing against training each task alone',
    columns: ['Task', 'Metric', 'Alone', 'Shared', 'Gain %', '95 % interval', verdictColumn, ...trivial.heads],
    rows: [...rows, { name: 'all tasks (Δm)', kind: 'all', cells: all }],
    notes: [
      `Above 0 sharing is better, whichever way the metric goes. ${chance}`,
      ...nothingNotes(judged, trivial.values),
    ],
  };
}

/** The columns of the predictors that do not look at the inputs. */
function trivialOf({ trivial, tasks }: Start) {
  const known = trivial.filter(({ metrics }) => metrics.some((splits) => Object.keys(splits).length > 0));
  const places = new Map(tasks.map(({ name }, place) => [name, place]));
  const values = ({ task, split, metric }: Figure) =>
    known.map(({ metrics }) => metrics[places.get(task) ?? -1]?.[split]?.[metric]);
  return {
    heads: known.map(({ name }) => (name === 'majority' ? majorityWord(tasks) : 'Uniform')),
    values,
    cells: (figure: Figure) => values(figure).map((value) => (value === undefined ? '' : shortValue(value))),
  };
}

/** What `majority` predicts for these tasks: the most frequent class, or the mean. */
export function majorityWord(tasks: readonly { readonly kind: string }[]): string {
  const regressions = tasks.filter(({ kind }) => kind === 'regression').length;
  return regressions === 0 ? 'Majority' : regressions === tasks.length ? 'Mean' : 'Majority or mean';
}

function nothingNotes(
  judged: readonly (Figure & { readonly values: readonly number[] })[],
  valuesOf: (figure: Figure) => readonly (number | undefined)[],
): string[] {
  const nothing = judged.filter((task) => {
    const mean = task.values.reduce((sum, value) => sum + value, 0) / task.values.length;
    const better = higherIsBetter[task.metric];
    return valuesOf(task).some((value) => value !== undefined && (better ? mean <= value : mean >= value));
  });
  if (nothing.length === 0) return [];
  const names = nothing.slice(0, 5).map(({ task }) => task);
  const more = nothing.length > names.length ? ` and ${nothing.length - names.length} more` : '';
  return [`No better than guessing without the inputs: ${names.join(', ')}${more}.`];
}

function metricText({ split, metric }: Figure): string {
  return `${metricTitles[metric]}, ${split}`;
}

function percent(value: number | null): string {
  if (value === null) return '';
  const text = (100 * value).toFixed(2).replace('-', '−');
  return value > 0 ? `+${text}` : text;
}

function intervalText({ interval }: Change): string {
  return interval === undefined ? '' : `${percent(interval[0])} to ${percent(interval[1])}`;
}
