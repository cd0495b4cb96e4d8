import {
  valuesOfStep,
  type MeasureDescription,
  type MeasuredStep,
  type RelatednessValues,
  type StepMeasure,
} from '../relatedness';
import type { RelatednessMatrix } from '../runs/events';

/** Means of task losses over steps. */
export interface LossMeans {
  readonly sums: Float64Array;
  /** How much each task's sum weighs: labelled rows, or steps. */
  readonly counts: Float64Array;
}

export function emptyLosses(tasks: number): LossMeans {
  return { sums: new Float64Array(tasks), counts: new Float64Array(tasks) };
}

/** Adds one step's losses; a task counts by `weigh` of its labelled rows. */
export function addLosses(
  means: LossMeans,
  losses: ArrayLike<number>,
  rows: ArrayLike<number>,
  weigh: (rows: number) => number,
): void {
  for (let task = 0; task < losses.length; task++) {
    const weight = weigh(rows[task]);
    means.sums[task] += weight * losses[task];
    means.counts[task] += weight;
  }
}

/** Null where no row of the task was seen. */
export function meanLosses({ sums, counts }: LossMeans): (number | null)[] {
  return Array.from(sums, (sum, task) => (counts[task] > 0 ? sum / counts[task] : null));
}

export function clearLosses({ sums, counts }: LossMeans): void {
  sums.fill(0);
  counts.fill(0);
}

/** Means of one measure's matrices: each pair over the steps in which it was observed. */
export interface PairMeans {
  readonly measure: StepMeasure;
  readonly sums: Float64Array;
  readonly counts: Uint32Array;
}

export function emptyPairs(measure: StepMeasure, tasks: number): PairMeans {
  return { measure, sums: new Float64Array(tasks * tasks), counts: new Uint32Array(tasks * tasks) };
}

/** Adds what one step shows. */
export function addPairs(means: PairMeans, step: MeasuredStep): void {
  const tasks = step.present.length;
  valuesOfStep(means.measure, step).forEach((row, from) =>
    row.forEach((value, to) => {
      if (value === null) return;
      means.sums[from * tasks + to] += value;
      means.counts[from * tasks + to]++;
    }),
  );
}

/** Adds the steps of `means` to those of `total`. */
export function mergePairs(total: PairMeans, means: PairMeans): void {
  for (let pair = 0; pair < total.sums.length; pair++) {
    total.sums[pair] += means.sums[pair];
    total.counts[pair] += means.counts[pair];
  }
}

/** Digits after the point in the journal: far below what differs from step to step. */
const precision = 1e6;

export function meanMatrix({ measure, sums, counts }: PairMeans): RelatednessMatrix {
  const tasks = Math.sqrt(sums.length);
  const mean = (pair: number) => (counts[pair] > 0 ? sums[pair] / counts[pair] : null);
  const values = Array.from({ length: tasks }, (_, from) =>
    Array.from({ length: tasks }, (__, to) => mean(from * tasks + to)),
  );
  return matrixOf(measure, values);
}

/** A matrix as the journal holds it. */
export function matrixOf(measure: MeasureDescription, values: RelatednessValues): RelatednessMatrix {
  const { name, directed, higherIsCloser } = measure;
  return roundedMatrix({ measure: name, values, directed, higherIsCloser });
}

export function roundedMatrix({ values, lower, upper, ...words }: RelatednessMatrix): RelatednessMatrix {
  return {
    ...words,
    values: rounded(values),
    ...(lower && { lower: rounded(lower) }),
    ...(upper && { upper: rounded(upper) }),
  };
}

function rounded(values: RelatednessValues): RelatednessValues {
  const precision = precisionFor(values);
  return values.map((row) => row.map((value) => (value === null ? null : Math.round(value * precision) / precision)));
}

/** Finer where all values are small, as a step changes a loss by little: an affinity of 0.0000004 is not 0. */
function precisionFor(values: RelatednessValues): number {
  const largest = values.flat().reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0);
  if (largest === 0 || largest >= 0.1) return precision;
  return precision * 10 ** Math.min(6, -1 - Math.floor(Math.log10(largest)));
}
