import { meanOfKnown } from '../../common/numbers';
import { bootstrapInterval, type Interval } from './bootstrap';
import { adjustForMany, pairedTest } from './pairedTest';

/** One metric of one task, with sharing and alone, per replicate and in the same order of seeds. */
export interface MetricPair {
  readonly metric: string;
  readonly higherIsBetter: boolean;
  readonly shared: readonly number[];
  readonly alone: readonly number[];
}

export interface TaskPair {
  readonly task: string;
  readonly metrics: readonly MetricPair[];
}

/** Whether sharing helped a task, hurt it (negative transfer), or whether that cannot be told from the replicates. */
export type Verdict = 'helped' | 'hurt' | 'cannot be told';

/** A relative improvement, 0.01 being one per cent; above 0 sharing is better, whichever way the metric counts. */
export interface Improvement {
  /** Mean over the replicates; null where the baseline's value is 0, so that nothing is relative to it. */
  readonly mean: number | null;
  /** 95 % bootstrap interval over the replicates. */
  readonly interval?: Interval;
  /** One per replicate. */
  readonly replicates: readonly (number | null)[];
}

export interface TaskGain {
  readonly task: string;
  readonly metrics: readonly (Improvement & { readonly metric: string })[];
  /** The task's part of Δm: the mean over its metrics. */
  readonly gain: Improvement;
  /** Of the paired t test on the task's gain, adjusted for the number of tasks; absent below two replicates. */
  readonly pValue?: number;
  readonly verdict: Verdict;
}

export interface Gain {
  readonly tasks: readonly TaskGain[];
  /** Δm: the mean over tasks of their gains, with the p-value of the paired t test on it; absent below two replicates. */
  readonly overall: Improvement & { readonly pValue?: number };
}

/** Below this p-value a difference counts as real. */
export const significance = 0.05;

/**
 * Δm, the average relative improvement of training together over training each task alone:
 * `Δm = 1/T Σ_t 1/M_t Σ_m (-1)^{l_tm} (shared_tm - alone_tm) / |alone_tm|`, where `l_tm` is 1 for a metric of which
 * lower is better and 0 else, so that above 0 always means that sharing is better (Maninis et al., Attentive
 * Single-Tasking of Multiple Tasks, 2019; several metrics per task as in Vandenhende et al., 2021). The papers divide
 * by the baseline itself; its size keeps the sign right for metrics that can be negative, such as R².
 */
export function gainOf(tasks: readonly TaskPair[]): Gain {
  const measured = tasks.map(({ task, metrics }) => {
    const improvements = metrics.map((pair) => ({ metric: pair.metric, ...improvementOf(perReplicate(pair)) }));
    return { task, metrics: improvements, gain: meanImprovement(improvements) };
  });
  const tests = measured.map(({ gain }) => pairedTest(known(gain.replicates)));
  const adjusted = adjustForMany(tests.map((value) => value ?? 1));
  const overall = meanImprovement(measured.map(({ gain }) => gain));
  const pValue = pairedTest(known(overall.replicates));
  return {
    tasks: measured.map((entry, index) => ({
      ...entry,
      ...(tests[index] !== undefined && { pValue: adjusted[index] }),
      verdict: verdictOf(entry.gain, tests[index] === undefined ? undefined : adjusted[index]),
    })),
    overall: { ...overall, ...(pValue !== undefined && { pValue }) },
  };
}

function perReplicate({ higherIsBetter, shared, alone }: MetricPair): (number | null)[] {
  return shared.map((value, replicate) => {
    const base = alone[replicate];
    const change = ((higherIsBetter ? 1 : -1) * (value - base)) / Math.abs(base);
    return Number.isFinite(change) ? change : value === base ? 0 : null;
  });
}

/** Replicate by replicate, the mean over what is known there. */
function meanPerReplicate(parts: readonly Improvement[]): (number | null)[] {
  const count = Math.max(0, ...parts.map(({ replicates }) => replicates.length));
  return Array.from({ length: count }, (_, replicate) => meanOfKnown(parts.map((part) => part.replicates[replicate])));
}

function meanImprovement(parts: readonly Improvement[]): Improvement {
  if (parts.length !== 1) return improvementOf(meanPerReplicate(parts));
  // The mean of one is that one: resampling it again would only take time.
  const [{ mean, interval, replicates }] = parts;
  return { mean, ...(interval && { interval }), replicates };
}

function improvementOf(replicates: readonly (number | null)[]): Improvement {
  const values = known(replicates);
  const interval = bootstrapInterval(values);
  return { mean: meanOfKnown(values), ...(interval && { interval }), replicates };
}

function verdictOf({ mean }: Improvement, pValue: number | undefined): Verdict {
  if (mean === null || pValue === undefined || pValue >= significance) return 'cannot be told';
  return mean > 0 ? 'helped' : 'hurt';
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}
