import { higherIsBetter, type MetricName } from '../experiment/metric';
import { bootstrapInterval, type Interval } from '../relatedness/statistics/bootstrap';
import type { SplitName } from '../runs/events';
import { groupGain, type FinishedRun, type GroupGain } from '../runs/gain';
import type { StudyAxis } from './study';

/** What one arm ended with at one place of an axis; seeds that have not finished are missing. */
export interface ArmResult {
  readonly arm: string;
  readonly at: number;
  readonly runs: readonly FinishedRun[];
}

/** A figure at a place of an axis, over seeds. */
export interface StudyPoint {
  readonly at: number;
  readonly mean: number;
  /** 95 % bootstrap interval over the seeds; absent for one seed. */
  readonly interval?: Interval;
  readonly seeds: readonly number[];
}

export interface StudyLine {
  readonly arm: string;
  /** By ascending place. */
  readonly points: readonly StudyPoint[];
}

/** The figures of a task, or the gain over all tasks. */
export type StudyPanel = {
  readonly axis: StudyAxis;
  readonly lines: readonly StudyLine[];
} & (
  | { readonly kind: 'task'; readonly task: string; readonly split: SplitName; readonly metric: MetricName }
  /** Δm over the first arm, 0.01 being one per cent. */
  | { readonly kind: 'gain'; readonly over: string }
);

/**
 * Puts the results along an axis together: a panel for each task, then one for Δm.
 * @param arms The first is what the others are compared with, seed by seed.
 */
export function summariseAxis(
  axis: StudyAxis,
  arms: readonly string[],
  results: readonly ArmResult[],
): readonly StudyPanel[] {
  const [base, ...others] = arms;
  const places = [...new Set(results.map(({ at }) => at))].sort((one, other) => one - other);
  const runsOf = (arm: string, at: number) =>
    results.filter((result) => result.arm === arm && result.at === at).flatMap(({ runs }) => runs);
  const gains = others.map((arm) => ({
    arm,
    places: places.flatMap((at) => {
      const gain = groupGain([
        ...runsOf(base, at).map((run): FinishedRun => ({ ...run, role: 'baseline' })),
        ...runsOf(arm, at).map(({ role: _, ...run }): FinishedRun => run),
      ]);
      return gain === undefined ? [] : [{ at, gain }];
    }),
  }));
  const overall: StudyPanel = {
    kind: 'gain',
    axis,
    over: base,
    lines: gains.map(({ arm, places: own }) => ({ arm, points: own.flatMap(gainPoint) })),
  };
  return [...taskPanels(axis, base, gains), overall];
}

interface PlacedGain {
  readonly at: number;
  readonly gain: GroupGain;
}

interface ArmGains {
  readonly arm: string;
  readonly places: readonly PlacedGain[];
}

function gainPoint({ at, gain: { overall, seeds } }: PlacedGain): StudyPoint[] {
  const { mean, interval } = overall;
  return mean === null ? [] : [{ at, mean, ...(interval && { interval }), seeds }];
}

function taskPanels(axis: StudyAxis, base: string, gains: readonly ArmGains[]): readonly StudyPanel[] {
  const described = new Map<string, { readonly split: SplitName; readonly metric: MetricName }>();
  // With all rows, or undisturbed, most metrics are defined: these say which is shown.
  for (const { places } of gains) {
    for (const { gain } of places.toReversed()) {
      for (const { task, split, metric } of gain.tasks) {
        if (!described.has(task)) described.set(task, { split, metric });
      }
    }
  }
  return [...described].map(([task, { split, metric }]): StudyPanel => {
    const pointsOf = ({ places }: ArmGains, of: 'alone' | 'shared') =>
      places.flatMap(({ at, gain }) => {
        const change = gain.tasks.find((entry) => entry.task === task && entry.split === split);
        const values = change?.metrics[metric]?.[of];
        return values === undefined ? [] : [pointOf(at, values, gain.seeds)];
      });
    const lines = gains.map((own) => ({ arm: own.arm, points: pointsOf(own, 'shared') }));
    return {
      kind: 'task',
      axis,
      task,
      split,
      metric,
      lines: [{ arm: base, points: pointsOf(gains[0], 'alone') }, ...lines],
    };
  });
}

function pointOf(at: number, values: readonly number[], seeds: readonly number[]): StudyPoint {
  const interval = bootstrapInterval(values);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { at, mean, ...(interval && { interval }), seeds };
}

/** Which way the figures of a panel go. */
export function betterIf(panel: StudyPanel): string {
  if (panel.kind === 'gain') return `over ${panel.over}; above 0 is better`;
  return higherIsBetter[panel.metric] ? 'higher is better' : 'lower is better';
}

/** All points as the rows of a table, with a heading. A gain has no task. */
export function studyRows(panels: readonly StudyPanel[]): readonly (readonly (string | number | null)[])[] {
  const rows = panels.flatMap((panel) =>
    panel.lines.flatMap(({ arm, points }) =>
      points.map(({ at, mean, interval, seeds }) => [
        panel.kind === 'task' ? panel.task : null,
        panel.kind === 'task' ? panel.split : null,
        panel.kind === 'task' ? panel.metric : 'gain',
        panel.axis.name,
        at,
        arm,
        mean,
        interval?.[0] ?? null,
        interval?.[1] ?? null,
        seeds.length,
      ]),
    ),
  );
  return [['task', 'split', 'metric', 'axis', 'at', 'arm', 'mean', 'lower', 'upper', 'seeds'], ...rows];
}
