import type { Metrics, RelatednessMatrix, SplitMetrics } from '../runs/events';
import { meanMatrix } from '../relatedness/statistics/replicates';
import { meanMetrics, spreadOf, type RunReport } from '../runs/report';

/** What `mtl run --json` prints for replicates: the keys of one run's report with means, and the reports of each. */
export interface GroupReport extends Omit<RunReport, 'id' | 'seed' | 'role' | 'bestEpoch' | 'bestEpochs' | 'error'> {
  readonly seeds: readonly number[];
  /** Sample standard deviation over the replicates, by task, split and metric. */
  readonly deviations: RunReport['metrics'];
  readonly replicates: readonly RunReport[];
}

/**
 * Joins the reports of replicates. `state` is the worst of theirs, `seconds` and `steps` are sums, `epochs` the most,
 * and `runFolder` is that of the first.
 */
export function groupReport(replicates: readonly RunReport[]): GroupReport {
  const [first] = replicates;
  const told = replicates.filter(({ metrics }) => Object.keys(metrics).length > 0);
  const tasks = told.length === 0 ? [] : Object.keys(told[0].metrics);
  const perTask = (join: (sets: readonly SplitMetrics[]) => SplitMetrics) =>
    Object.fromEntries(tasks.map((task) => [task, join(told.map(({ metrics }) => metrics[task]))]));
  const pooled = told.flatMap((report) => report.pooled ?? []);
  return {
    runFolder: first.runFolder,
    group: first.group,
    experiment: first.experiment,
    file: first.file,
    seeds: replicates.map(({ seed }) => seed),
    state: worstState(replicates),
    engine: replicates.find(({ engine }) => engine !== null)?.engine ?? null,
    seconds: replicates.reduce((sum, { seconds }) => sum + seconds, 0),
    steps: replicates.reduce((sum, { steps }) => sum + steps, 0),
    epochs: Math.max(...replicates.map(({ epochs }) => epochs)),
    metrics: perTask(meanMetrics),
    deviations: perTask(deviationsOf),
    ...(pooled.length > 0 && { pooled: meanMetrics(pooled) }),
    relatedness: meanRelatedness(told),
    ...(first.trivial && { trivial: first.trivial }),
    warnings: [...new Set(replicates.flatMap(({ warnings }) => warnings))],
    replicates,
  };
}

function deviationsOf(replicates: readonly SplitMetrics[]): SplitMetrics {
  const means = meanMetrics(replicates);
  return Object.fromEntries(
    Object.entries(means).map(([split, metrics]: [string, Metrics]) => [
      split,
      Object.fromEntries(
        (Object.keys(metrics) as (keyof Metrics)[]).map((name) => [
          name,
          spreadOf(replicates.map((replicate) => replicate[split as keyof SplitMetrics]![name]!)).deviation,
        ]),
      ),
    ]),
  );
}

export function worstState(replicates: readonly RunReport[]): RunReport['state'] {
  const order = ['failed', 'interrupted', 'stopped'] as const;
  return order.find((state) => replicates.some((report) => report.state === state)) ?? replicates[0].state;
}

/** Cell by cell over the replicates that have a value there. */
function meanRelatedness(reports: readonly RunReport[]): RunReport['relatedness'] {
  if (reports.length === 0) return {};
  return Object.fromEntries(
    Object.entries(reports[0].relatedness).map(([measure, { tasks }]) => [
      measure,
      { tasks, matrix: meanMatrix(reports.flatMap((report) => matrixOf(report, measure))) },
    ]),
  );
}

function matrixOf({ relatedness }: RunReport, measure: string): readonly RelatednessMatrix['values'][] {
  return Object.hasOwn(relatedness, measure) ? [relatedness[measure].matrix] : [];
}
