import type { MetricName } from '../../src/experiment/metric';
import { metricNames } from '../../src/experiment/metric';
import type { RunListing } from '../../src/protocol/messages';
import type { SplitMetrics, SplitName } from '../../src/runs/events';
import { count, plural, shortValue } from '../../src/figures/numbers';
import type { Run } from '../shared/runStore';
import { runLabel, startName } from '../shared/runStore';
import { metricTitles } from './chartSpec';
import { meanOf } from './series';

/** A table of figures: a row per task, a column per metric and split. */
export interface ResultsTable {
  readonly title: string;
  readonly columns: readonly { readonly metric: string; readonly split: string }[];
  readonly rows: readonly {
    readonly name: string;
    readonly kind: 'task' | 'mean' | 'pooled';
    readonly cells: readonly string[];
  }[];
}

interface Figures {
  readonly tasks: readonly string[];
  readonly metrics: readonly SplitMetrics[];
  readonly pooled?: SplitMetrics;
  readonly words: string;
  readonly final: boolean;
}

/** The tables below the charts: one per run, or one per set of finished replicates with mean and deviation. */
export function resultsOf(runs: readonly Run[], listings: readonly RunListing[], together: boolean): ResultsTable[] {
  const figures = runs.flatMap((run) => {
    const found = figuresOf(run);
    return found === undefined ? [] : [{ run, ...found }];
  });
  const groups = new Map<string, typeof figures>();
  for (const entry of figures) {
    const listing = listings.find(({ id }) => id === entry.run.id);
    const experiment = listing && startName(listing);
    const key = JSON.stringify(
      together && entry.final && experiment !== undefined ? [experiment, entry.tasks] : entry.run.id,
    );
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()].map((group) => {
    const [{ run, words }] = group;
    const listing = listings.find(({ id }) => id === run.id);
    const experiment = listing === undefined ? run.id : startName(listing);
    const title =
      group.length > 1
        ? `Results of ${experiment}: mean and standard deviation of ${plural(group.length, 'run')}`
        : runs.length > 1
          ? `${words}: ${runLabel(run.id, listings)}`
          : words;
    return tableOf(group, title);
  });
}

/** The figures of the end, or else of the last epoch; undefined while there are none. */
function figuresOf({ state }: Run): Figures | undefined {
  const tasks = state.tasks.map(({ name }) => name);
  const { ending } = state;
  if (ending !== undefined && ending.metrics.some((entry) => Object.keys(entry).length > 0)) {
    const { metrics, pooled, bestEpoch, bestEpochs } = ending;
    const words = bestEpochs
      ? 'Results, of the best epoch of each task'
      : `Results, of the best epoch (${count(bestEpoch)})`;
    return { tasks, metrics, words, final: true, ...(pooled === undefined ? {} : { pooled }) };
  }
  const last = state.epochs.at(-1);
  if (last === undefined) return undefined;
  const { metrics, pooled, epoch } = last;
  return {
    tasks,
    metrics,
    words: `Figures of epoch ${count(epoch)}`,
    final: false,
    ...(pooled === undefined ? {} : { pooled }),
  };
}

const splits: readonly SplitName[] = ['train', 'validation', 'test'];

function tableOf(group: readonly Figures[], title: string): ResultsTable {
  const columns = metricNames.flatMap((metric) =>
    splits
      .filter((split) => split !== 'train' || metric === 'loss')
      .filter((split) => group.some(({ metrics }) => metrics.some((entry) => entry[split]?.[metric] !== undefined)))
      .map((split) => ({ metric, split })),
  );
  const cell = (of: (figures: Figures) => SplitMetrics | undefined) =>
    columns.map(({ metric, split }) => meanWithDeviation(group.map((figures) => of(figures)?.[split]?.[metric])));
  const [{ tasks, pooled }] = group;
  const mean = (figures: Figures, split: SplitName, metric: MetricName) =>
    meanOf(figures.metrics.map((entry) => entry[split]?.[metric] ?? null)) ?? undefined;
  return {
    title,
    columns: columns.map(({ metric, split }) => ({ metric: metricTitles[metric], split })),
    rows: [
      ...tasks.map((name, place) => ({ name, kind: 'task' as const, cells: cell(({ metrics }) => metrics[place]) })),
      ...(tasks.length > 1
        ? [
            {
              name: 'mean over tasks',
              kind: 'mean' as const,
              cells: columns.map(({ metric, split }) =>
                meanWithDeviation(group.map((figures) => mean(figures, split, metric))),
              ),
            },
          ]
        : []),
      ...(pooled === undefined
        ? []
        : [{ name: 'all rows together', kind: 'pooled' as const, cells: cell((figures) => figures.pooled) }]),
    ],
  };
}

/** One value, or the mean of several with their standard deviation (of a sample); empty where there is none. */
export function meanWithDeviation(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  if (known.length === 0) return '';
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  if (known.length === 1) return shortValue(mean);
  const deviation = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1));
  return `${shortValue(mean)} ± ${shortValue(Number(deviation.toPrecision(2)))}`;
}
