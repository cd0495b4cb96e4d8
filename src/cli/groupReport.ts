import type { Metrics, SplitMetrics } from '../runs/events';
import { overReplicates } from '../runs/replicated';
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

/** The mean matrices with their intervals over those that have finished; else what the last one measured. */
function meanRelatedness(reports: readonly RunReport[]): RunReport['relatedness'] {
  const measured = reports.filter(({ relatedness }) => Object.keys(relatedness).length > 0);
  const finished = measured.filter(({ state }) => state === 'finished');
  const last = finished.at(-1) ?? measured.at(-1);
  if (last === undefined) return {};
  const [own, ...others] = [last, ...finished.slice(0, -1)].map(({ seed, relatedness }) => {
    const matrices = Object.values(relatedness);
    return { seed, tasks: matrices[0].tasks, relatedness: matrices };
  });
  const means = new Map(overReplicates(own, others)?.matrices.map((matrix) => [matrix.measure, matrix]));
  return Object.fromEntries(
    Object.entries(last.relatedness).map(([measure, matrix]) => [measure, { ...matrix, ...means.get(measure) }]),
  );
}
