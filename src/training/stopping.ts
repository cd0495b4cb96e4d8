import { higherIsBetter, type StopEarly } from '../experiment/schema';
import type { MetricValues } from '../model/metrics';

/** How training went so far, by the validation split. */
export interface Watch {
  /** The best epoch and its value; a value is absent where there is no validation split. */
  readonly best?: { readonly epoch: number; readonly value?: number };
  readonly epochsWithoutImprovement: number;
}

export const initialWatch: Watch = { epochsWithoutImprovement: 0 };

/**
 * What is watched: the mean of early stopping's metric over the tasks that have it, or else the sum of the losses.
 * Undefined where no task has it.
 */
export function watchedValue(
  stopEarly: StopEarly | undefined,
  validation: readonly MetricValues[],
): number | undefined {
  const metric = stopEarly?.metric ?? 'loss';
  const values = validation.flatMap((metrics) => metrics[metric] ?? []);
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  return stopEarly ? sum / values.length : sum;
}

/** Takes in one epoch. Without a value to watch the last epoch is the best. */
export function watchEpoch(
  watch: Watch,
  epoch: number,
  value: number | undefined,
  stopEarly: StopEarly | undefined,
): Watch {
  if (value === undefined) return { best: { epoch }, epochsWithoutImprovement: 0 };
  const before = watch.best?.value;
  const higher = stopEarly !== undefined && higherIsBetter[stopEarly.metric];
  const improvement = before === undefined ? Infinity : higher ? value - before : before - value;
  if (improvement > (stopEarly?.minimumImprovement ?? 0))
    return { best: { epoch, value }, epochsWithoutImprovement: 0 };
  return { ...watch, epochsWithoutImprovement: watch.epochsWithoutImprovement + 1 };
}

export function shouldStop({ epochsWithoutImprovement }: Watch, stopEarly: StopEarly | undefined): boolean {
  return stopEarly !== undefined && epochsWithoutImprovement >= stopEarly.patience;
}
