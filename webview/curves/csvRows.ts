import type { MetricName } from '../../src/experiment/metric';
import type { RunListing } from '../../src/protocol/messages';
import type { SplitMetrics } from '../../src/runs/events';
import type { CsvCell } from '../shared/csv';
import type { Run } from '../shared/runStore';
import { activeSeconds } from '../shared/runStore';

export const curvesHeader = [
  'run',
  'experiment',
  'seed',
  'task',
  'split',
  'metric',
  'of',
  'step',
  'epoch',
  'time',
  'value',
] as const;

/** Rows of training losses of steps at most. */
const stepRowLimit = 400_000;

/**
 * Every figure of the runs, one a row: training losses of the steps, then all metrics of the epochs, then the figures
 * of the end with its best epoch; `of` says which of the three: step, epoch or end. `time` is in seconds since the run
 * began, pauses left out. All tasks, also those that are not drawn; nothing smoothed. Of very long runs every second,
 * third… recorded step, so that the file stays below what other programs can open.
 */
export function* curvesRows(runs: readonly Run[], listings: readonly RunListing[]): Generator<readonly CsvCell[]> {
  const values = runs.reduce((sum, { state }) => sum + state.steps.length * state.tasks.length, 0);
  const stride = Math.max(1, Math.ceil(values / stepRowLimit));
  for (const run of runs) {
    const listing = listings.find(({ id }) => id === run.id);
    const { steps, epochs, ending, tasks, updated } = run.state;
    const head = [run.id, listing?.experiment ?? null, listing?.seed ?? null] as const;
    for (const [position, { step, epoch, time, losses }] of steps.entries()) {
      if (position % stride !== 0 && position < steps.length - 1) continue;
      const seconds = activeSeconds(run, time);
      for (const [place, loss] of losses.entries()) {
        if (loss !== null)
          yield [...head, tasks[place]?.name ?? null, 'train', 'loss', 'step', step, epoch, seconds, loss];
      }
    }
    for (const event of epochs) {
      const place = [event.step, event.epoch, activeSeconds(run, event.time)] as const;
      for (const [task, split, metric, value] of figures(event, tasks)) {
        yield [...head, task, split, metric, 'epoch', ...place, value];
      }
    }
    if (ending === undefined) continue;
    const place = [ending.step, ending.bestEpoch, activeSeconds(run, updated)] as const;
    for (const [task, split, metric, value] of figures(ending, tasks)) {
      yield [...head, task, split, metric, 'end', ...place, value];
    }
  }
}

function* figures(
  event: { readonly metrics: readonly SplitMetrics[]; readonly pooled?: SplitMetrics },
  tasks: readonly { readonly name: string }[],
): Generator<readonly [task: string, split: string, metric: MetricName, value: number]> {
  const entries: (readonly [string, SplitMetrics])[] = event.metrics.map((entry, place) => [
    tasks[place]?.name ?? '',
    entry,
  ]);
  if (event.pooled !== undefined) entries.push(['all rows together', event.pooled]);
  for (const [task, splits] of entries) {
    for (const [split, metrics] of Object.entries(splits)) {
      for (const [metric, value] of Object.entries(metrics)) yield [task, split, metric as MetricName, value];
    }
  }
}
