import type { MetricName } from '../../src/experiment/metric';
import { metricNames } from '../../src/experiment/metric';

export const axes = ['steps', 'epochs', 'time'] as const;
export type Axis = (typeof axes)[number];
export const views = ['overlay', 'tasks', 'weights', 'rate'] as const;
export type View = (typeof views)[number];
export type CurveSplit = 'train' | 'validation';

/** What a person set in the panel; kept over reloads. */
export interface CurvesSettings {
  readonly metric: MetricName;
  readonly axis: Axis;
  readonly logX: boolean;
  readonly logY: boolean;
  /** From 0 to 0.99. */
  readonly smoothing: number;
  readonly view: View;
  /** How replicates are drawn. */
  readonly replicates: 'band' | 'lines';
  readonly splits: readonly CurveSplit[];
  /** Keys of the tasks to draw; undefined for the choice that the panel makes by itself. */
  readonly tasks?: readonly string[];
}

export const defaultSettings: CurvesSettings = {
  metric: 'loss',
  axis: 'steps',
  logX: false,
  logY: false,
  smoothing: 0,
  view: 'overlay',
  replicates: 'band',
  splits: ['train', 'validation'],
};

/** Settings from what was kept, with the default for everything that does not fit. */
export function restoreSettings(kept: unknown): CurvesSettings {
  if (typeof kept !== 'object' || kept === null) return defaultSettings;
  const { metric, axis, logX, logY, smoothing, view, replicates, splits, tasks } = kept as Record<string, unknown>;
  const tasksKept = textsOf(tasks);
  const splitsKept = textsOf(splits)?.filter((split) => split === 'train' || split === 'validation');
  return {
    metric: oneOf(metricNames, metric) ?? defaultSettings.metric,
    axis: oneOf(axes, axis) ?? defaultSettings.axis,
    logX: logX === true,
    logY: logY === true,
    smoothing: typeof smoothing === 'number' && smoothing >= 0 && smoothing <= 0.99 ? smoothing : 0,
    view: oneOf(views, view) ?? defaultSettings.view,
    replicates: replicates === 'lines' ? 'lines' : 'band',
    splits: splitsKept === undefined || splitsKept.length === 0 ? defaultSettings.splits : splitsKept,
    ...(tasksKept === undefined ? {} : { tasks: tasksKept }),
  };
}

function oneOf<Value extends string>(values: readonly Value[], value: unknown): Value | undefined {
  return values.find((candidate) => candidate === value);
}

function textsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : undefined;
}
