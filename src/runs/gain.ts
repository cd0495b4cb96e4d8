import { higherIsBetter, metricNames, type MetricName } from '../experiment/metric';
import { gainOf, type Improvement, type MetricPair, type TaskPair, type Verdict } from '../relatedness/statistics/gain';
import type { SplitMetrics, SplitName } from './events';
import { joinNetworks } from './networks';
import type { RunRecord } from './record';

/** What a run of a group has finished with. */
export interface FinishedRun extends Pick<RunRecord, 'seed' | 'role' | 'network'> {
  readonly tasks: readonly { readonly name: string; readonly kind: string }[];
  /** In the order of the tasks. */
  readonly metrics: readonly SplitMetrics[];
  /** Over the rows of all tasks together, for one task per value of a column. */
  readonly pooled?: SplitMetrics;
}

/** A relative improvement, 0.01 being one per cent; above 0 sharing is better, whichever way the metric goes. */
export interface Change {
  /** Mean over the seeds; null where the baseline's value is 0, so that nothing is relative to it. */
  readonly mean: number | null;
  /** 95 % bootstrap interval over the seeds; absent for one seed. */
  readonly interval?: readonly [lower: number, upper: number];
}

/** The mean of the changes of several tasks, which is one number per seed. */
export interface OverallChange extends Change {
  /** Of the paired t test over the seeds; absent for one seed. */
  readonly pValue?: number;
}

/** One metric of a task, alone and with sharing: a value per seed, and the change from the one to the other. */
export interface MetricChange extends Change {
  readonly alone: readonly number[];
  readonly shared: readonly number[];
}

export interface TaskChange extends Change {
  readonly task: string;
  /** The test split where the task has rows there, else validation. */
  readonly split: SplitName;
  /** What the task's change and verdict go by. */
  readonly metric: MetricName;
  readonly verdict: Verdict;
  /** Of the paired t test over the seeds, adjusted for the number of tasks; absent for one seed. */
  readonly pValue?: number;
  /** All metrics that are defined for every seed. */
  readonly metrics: Readonly<Partial<Record<MetricName, MetricChange>>>;
}

/** What sharing brought to the tasks of a group of runs, against training each alone. */
export interface GroupGain {
  /** Those whose run and baseline have finished. */
  readonly seeds: readonly number[];
  /** Tasks without a figure on the test and validation splits are left out. */
  readonly tasks: readonly TaskChange[];
  /** Δm: the mean over the tasks of their changes. */
  readonly overall: OverallChange;
  /** The rows of all tasks taken together, for one task per value of a column. Its test stands alone. */
  readonly pooled?: Omit<TaskChange, 'task'>;
  /** Δm by each metric alone, over the tasks that have it. */
  readonly metrics: Readonly<Partial<Record<MetricName, OverallChange>>>;
}

/**
 * What the verdict on a task goes by: the first of these that its runs have. The squared error's root is in units of the
 * target, and unlike R² it is never near 0 for a task that is hard, where a relative change means nothing.
 */
const verdictMetrics: Readonly<Record<string, readonly MetricName[]>> = {
  regression: ['rmse'],
  binary: ['auc', 'accuracy'],
  multiclass: ['accuracy'],
};

/** What a task is judged by, and its value per run. */
export interface JudgedTask {
  readonly task: string;
  readonly split: SplitName;
  readonly metric: MetricName;
  readonly values: readonly number[];
}

/** The tasks of some runs by the metric and split that a verdict on them would go by. Networks count as in `groupGain`. */
export function judgedTasks(ofNetworks: readonly FinishedRun[]): readonly JudgedTask[] {
  const runs = joinNetworks(ofNetworks);
  return (runs.at(0)?.tasks ?? []).flatMap(({ name, kind }) => {
    const found = comparedTask(
      name,
      kind,
      runs.map((run) => ({ shared: run, alone: run })),
    );
    if (found === undefined) return [];
    const { split, metric, pairs } = found;
    return [{ task: name, split, metric, values: pairs.find(is(metric))!.shared }];
  });
}

/**
 * Compares the runs of a group with their baselines, seed by seed. Undefined where no seed has both.
 * @param finished Those that have finished; of two for one seed, role and network the later counts. Networks of one seed
 * count as one run once all have finished.
 */
export function groupGain(finished: readonly FinishedRun[]): GroupGain | undefined {
  const runs = joinNetworks(finished);
  const gain = gainByTask(runs);
  const pooled = gain && gainByTask(runs.flatMap(asOneTask))?.tasks.at(0);
  return gain && { ...gain, ...(pooled && { pooled: withoutName(pooled) }) };
}

/** A run as if the rows of its tasks were those of a single one. */
function asOneTask({ pooled, tasks, ...run }: FinishedRun): FinishedRun[] {
  return pooled === undefined ? [] : [{ ...run, tasks: [{ name: '', kind: tasks[0].kind }], metrics: [pooled] }];
}

function withoutName({ task: _, ...change }: TaskChange): Omit<TaskChange, 'task'> {
  return change;
}

function gainByTask(runs: readonly FinishedRun[]): GroupGain | undefined {
  const bySeed = (role: FinishedRun['role']) =>
    new Map(runs.filter((run) => run.role === role).map((run) => [run.seed, run]));
  const baselines = bySeed('baseline');
  const pairs = [...bySeed(undefined)].flatMap(([seed, shared]) => {
    const alone = baselines.get(seed);
    return alone === undefined ? [] : [{ seed, shared, alone }];
  });
  if (pairs.length === 0) return undefined;
  const compared = pairs[0].alone.tasks.flatMap(({ name, kind }) => comparedTask(name, kind, pairs) ?? []);
  const found = gainOf(compared.map(({ task, metric, pairs: own }) => ({ task, metrics: own.filter(is(metric)) })));
  const byMetric = metricNames.flatMap((metric) => {
    const those = compared.flatMap(({ task, pairs: own }) => {
      const metrics = own.filter(is(metric));
      return metrics.length === 0 ? [] : [{ task, metrics }];
    });
    return those.length === 0 ? [] : [{ metric, gain: gainOf(those) }];
  });
  return {
    seeds: pairs.map(({ seed }) => seed),
    tasks: compared.map(({ task, split, metric, pairs: own }, position) => {
      const { gain, verdict, pValue } = found.tasks[position];
      const changes = own.map(({ metric: name, alone, shared }): [string, MetricChange] => {
        const { gain: byThis } = byMetric.find((entry) => entry.metric === name)!;
        const change = byThis.tasks.find((entry) => entry.task === task)!.gain;
        return [name, { alone, shared, ...changeOf(change) }];
      });
      const tested = { verdict, ...(pValue !== undefined && { pValue }) };
      return { task, split, metric, ...changeOf(gain), ...tested, metrics: Object.fromEntries(changes) };
    }),
    overall: overallOf(found.overall),
    metrics: Object.fromEntries(byMetric.map(({ metric, gain }) => [metric, overallOf(gain.overall)])),
  };
}

interface RunPair {
  readonly shared: FinishedRun;
  readonly alone: FinishedRun;
}

interface ComparedTask {
  readonly task: string;
  readonly split: SplitName;
  readonly metric: MetricName;
  readonly pairs: TaskPair['metrics'];
}

function comparedTask(task: string, kind: string, runs: readonly RunPair[]): ComparedTask | undefined {
  for (const split of ['test', 'validation'] as const) {
    const pairs = metricNames.flatMap((metric): MetricPair[] => {
      const valuesOf = (role: keyof RunPair) =>
        runs.flatMap((pair) => figuresOf(pair[role], task)?.[split]?.[metric] ?? []);
      const [shared, alone] = [valuesOf('shared'), valuesOf('alone')];
      const whole = shared.length === runs.length && alone.length === runs.length;
      return whole ? [{ metric, higherIsBetter: higherIsBetter[metric], shared, alone }] : [];
    });
    const metric = verdictMetrics[kind].find((name) => pairs.some(is(name)));
    if (metric !== undefined) return { task, split, metric, pairs };
  }
  return undefined;
}

function figuresOf({ tasks, metrics }: FinishedRun, task: string): SplitMetrics | undefined {
  return metrics[tasks.findIndex(({ name }) => name === task)];
}

function is(metric: MetricName) {
  return (pair: MetricPair) => pair.metric === metric;
}

function overallOf({ pValue, ...improvement }: Improvement & { readonly pValue?: number }): OverallChange {
  return { ...changeOf(improvement), ...(pValue !== undefined && { pValue }) };
}

function changeOf({ mean, interval }: Improvement): Change {
  return { mean, ...(interval && { interval }) };
}
