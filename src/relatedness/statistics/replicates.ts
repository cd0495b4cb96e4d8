import { meanOfKnown } from '../../common/numbers';
import type { RelatednessValues } from '../measure';
import { bootstrapInterval, type Interval } from './bootstrap';

/** Cell by cell over the replicates that have a value there; null where none has. */
export function meanMatrix(replicates: readonly RelatednessValues[]): RelatednessValues {
  return overReplicates(replicates, meanOfKnown);
}

/** A matrix over replicates. */
export interface MatrixIntervals {
  readonly mean: RelatednessValues;
  /** Ends of the 95 % bootstrap interval of each mean; null where fewer than two replicates have a value. */
  readonly lower: RelatednessValues;
  readonly upper: RelatednessValues;
}

/** Fewer than for a single figure: a matrix of 50 tasks has 2,500. */
const resamples = 2000;

/** The mean of each cell with its bootstrap interval. */
export function matrixIntervals(replicates: readonly RelatednessValues[]): MatrixIntervals {
  const known = new Map<string, Interval | null>();
  // Both halves of a symmetric matrix, and its diagonal, have the same values: most of the time is saved.
  const ends = overReplicates(replicates, (values) => {
    const key = values.join();
    const interval = known.get(key) ?? bootstrapInterval(values, resamples) ?? null;
    known.set(key, interval);
    return interval;
  });
  const end = (which: 0 | 1) => ends.map((row) => row.map((interval) => (interval === null ? null : interval[which])));
  return { mean: meanMatrix(replicates), lower: end(0), upper: end(1) };
}

function overReplicates<Result>(
  replicates: readonly RelatednessValues[],
  summarise: (values: readonly number[]) => Result,
): Result[][] {
  const [first = []] = replicates;
  return first.map((row, from) =>
    row.map((_, to) =>
      summarise(replicates.map((values) => values[from]?.[to] ?? null).filter((value) => value !== null)),
    ),
  );
}
