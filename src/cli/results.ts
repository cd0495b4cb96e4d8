import { higherIsBetter, metricNames, type MetricName } from '../experiment/schema';
import type { SplitMetrics, SplitName } from '../runs/events';
import { figuresOf, spreadOf } from '../runs/report';
import type { RunState } from '../runs/state';
import type { StoredRun } from '../runs/store';
import { count, formatNumber, formatSpread } from './format';
import { renderTable } from './tables';
import { paint, shorten } from './terminal';

const shownSplits = ['validation', 'test'] as const satisfies readonly SplitName[];
const nameLength = 28;
/** Above so many tasks only the best and the worst are shown. */
const tasksShown = 24;
const extremesShown = 5;

interface TaskRow {
  readonly name: string;
  readonly kind: string;
  /** One per replicate. */
  readonly replicates: readonly SplitMetrics[];
}

/**
 * The results of one run or of replicates: a table per kind of task, task and split by metric, with mean and deviation
 * over replicates; of networks each task by the network that serves it. Many tasks are cut to the best and the worst.
 * Empty where nothing was finished.
 */
export function renderResults(runs: readonly ResultRun[]): string {
  const figures = runs.map(({ state }) => figuresOf(state));
  const rows = rowsOf(runs);
  if (rows.length === 0) return '';
  const parts = [...new Set(rows.map(({ kind }) => kind))].map((kind) =>
    renderKind(
      kind,
      rows.filter((row) => row.kind === kind),
    ),
  );
  const pooled = figures.flatMap((figure) => figure.pooled ?? []);
  if (pooled.length > 0) {
    const row = { name: 'all rows', kind: '', replicates: pooled };
    parts.unshift(`${title('Over the rows of all tasks together')}\n${renderRows([row], metricsOf([row]))}`);
  }
  return parts.join('\n\n');
}

type ResultRun = Pick<StoredRun, 'record'> & { readonly state: RunState };

function rowsOf(runs: readonly ResultRun[]): readonly TaskRow[] {
  const rows = new Map<string, TaskRow>();
  for (const { record, state } of runs) {
    const { metrics } = figuresOf(state);
    state.tasks.forEach(({ name, kind }, task) => {
      if (metrics.length === 0 || record.network?.serves.includes(name) === false) return;
      rows.set(name, { name, kind, replicates: [...(rows.get(name)?.replicates ?? []), metrics[task]] });
    });
  }
  return [...rows.values()];
}

function renderKind(kind: string, rows: readonly TaskRow[]): string {
  const metrics = metricsOf(rows);
  const heading = title(`${kind.charAt(0).toUpperCase()}${kind.slice(1)} (${count(rows.length, 'task')})`);
  if (rows.length <= tasksShown) return `${heading}\n${renderRows(rows, metrics)}`;
  const metric = orderingMetric(kind, metrics);
  const value = (row: TaskRow) => mean(row, 'validation', metric) ?? Number.NaN;
  const sign = higherIsBetter[metric] ? -1 : 1;
  const ordered = rows.filter((row) => !Number.isNaN(value(row))).sort((a, b) => sign * (value(a) - value(b)));
  return [
    heading,
    `Best ${extremesShown} by validation ${metric}`,
    renderRows(ordered.slice(0, extremesShown), metrics),
    `Worst ${extremesShown}`,
    renderRows(ordered.slice(-extremesShown), metrics),
    `All of them: mtl show RUN --json`,
  ].join('\n');
}

function orderingMetric(kind: string, metrics: readonly MetricName[]): MetricName {
  // Where one class is rare, accuracy says little.
  if (kind === 'binary' && metrics.includes('auc')) return 'auc';
  return metrics.find((name) => higherIsBetter[name]) ?? metrics[0];
}

function renderRows(rows: readonly TaskRow[], metrics: readonly MetricName[]): string {
  const lines = rows.flatMap((row) =>
    shownSplits
      .filter((split) => row.replicates.some((replicate) => replicate[split] !== undefined))
      .map((split, line) => [
        line === 0 ? shorten(row.name, nameLength) : '',
        split,
        ...metrics.map((metric) => cell(row, split, metric)),
      ]),
  );
  return renderTable(['task', 'split', ...metrics], lines, 2);
}

function metricsOf(rows: readonly TaskRow[]): readonly MetricName[] {
  return metricNames.filter((name) =>
    rows.some((row) => shownSplits.some((split) => row.replicates.some((set) => set[split]?.[name] !== undefined))),
  );
}

function valuesOf({ replicates }: TaskRow, split: SplitName, metric: MetricName): readonly number[] {
  return replicates.map((replicate) => replicate[split]?.[metric]).filter((value) => value !== undefined);
}

function mean(row: TaskRow, split: SplitName, metric: MetricName): number | undefined {
  const values = valuesOf(row, split, metric);
  return values.length === 0 ? undefined : spreadOf(values).mean;
}

function cell(row: TaskRow, split: SplitName, metric: MetricName): string {
  const values = valuesOf(row, split, metric);
  if (values.length === 0) return '-';
  return values.length === 1 ? formatNumber(values[0]) : formatSpread(spreadOf(values));
}

export function title(text: string): string {
  return paint(process.stdout, 'bold', text);
}
