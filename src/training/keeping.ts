import type { StopEarly } from '../experiment/schema';
import type { MetricValues } from '../model/metrics';
import type { Stretch } from '../model/taskParameters';
import type { TrainingProgress } from './progress';
import { initialWatch, shouldStop, watchedValue, watchEpoch, type Watch } from './stopping';

/**
 * Takes in an epoch that has just ended and keeps its parameters where it is the best so far. Where tasks share no
 * parameter each keeps its own best epoch and stops by itself, just as if it were trained alone.
 * @param validation Per task.
 * @param tasks Where the parameters of each task lie; undefined where they share some.
 * @param read The present parameters, in arrays of their own.
 * @returns Whether the epoch is the best so far for the tasks together.
 */
export function keepBest(
  progress: TrainingProgress,
  validation: readonly MetricValues[],
  stopEarly: StopEarly | undefined,
  tasks: readonly (readonly Stretch[])[] | undefined,
  read: () => Record<string, Float32Array>,
): boolean {
  const { epoch } = progress;
  progress.watch = watchEpoch(progress.watch, epoch, watchedValue(stopEarly, validation), stopEarly);
  const best = progress.watch.best?.epoch === epoch;
  if (tasks === undefined) {
    if (best) progress.kept = read();
    return best;
  }
  const before = progress.taskWatches;
  progress.taskWatches = validation.map((values, task) =>
    watchTask(before?.[task] ?? initialWatch, epoch, values, stopEarly, progress.watch),
  );
  const improved = tasks.filter((_, task) => progress.taskWatches?.[task].best?.epoch === epoch);
  if (improved.length > 0) progress.kept = withStretches(progress.kept, read(), improved.flat());
  return best;
}

/** Whether there is nothing left to wait for. */
export function isExhausted({ watch, taskWatches }: TrainingProgress, stopEarly: StopEarly | undefined): boolean {
  return (taskWatches ?? [watch]).every((one) => shouldStop(one, stopEarly));
}

/** A task without a figure goes by what is watched of all. One that has stopped stays as it is. */
function watchTask(
  before: Watch,
  epoch: number,
  values: MetricValues,
  stopEarly: StopEarly | undefined,
  together: Watch,
): Watch {
  if (shouldStop(before, stopEarly)) return before;
  const wanted = stopEarly === undefined ? undefined : values[stopEarly.metric];
  if (wanted !== undefined) return watchEpoch(before, epoch, wanted, stopEarly);
  if (values.loss === undefined) return together;
  return watchEpoch(before, epoch, values.loss, stopEarly && { ...stopEarly, metric: 'loss' });
}

function withStretches(
  kept: TrainingProgress['kept'],
  present: Readonly<Record<string, Float32Array>>,
  stretches: readonly Stretch[],
): TrainingProgress['kept'] {
  if (kept === undefined) return present;
  for (const { parameter, start, length } of stretches) {
    kept[parameter].set(present[parameter].subarray(start, start + length), start);
  }
  return kept;
}
