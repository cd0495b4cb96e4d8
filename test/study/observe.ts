import type { SplitMetrics } from '../../src/runs/events';
import { experimentOf, type Point, type Setting } from './points';
import type { Observation } from './scores';
import { trainRuns, type TrainedRun, type Training } from './trainRuns';

/** A network to be trained. */
export interface Job {
  readonly point: Point;
  readonly seed: number;
  readonly setting: Setting;
}

/** How well a replicate of a point was learned by the network whose first epoch is looked at. */
export interface Learned extends Omit<Job, 'setting'> {
  /** In the order of the tasks, on the validation rows. */
  readonly metrics: readonly SplitMetrics[];
}

export interface Observed {
  readonly observations: readonly Observation[];
  readonly learned: readonly Learned[];
}

/** Trains networks, and gives what their measures say. */
export async function observe(jobs: readonly Job[], training: Training): Promise<Observed> {
  const runs = await trainRuns(
    jobs.map(({ point, seed, setting }) => experimentOf(point, setting, setting.measures, seed)),
    training,
  );
  return {
    observations: jobs.flatMap((job, index) => observationsOf(job, runs[index])),
    learned: jobs.flatMap(({ point, seed, setting }, index) =>
      setting.firstEpoch === true ? [{ point, seed, metrics: runs[index].metrics }] : [],
    ),
  };
}

/** Of the whole run; and of the first epoch, where steps are measured as usual. */
export function observationsOf({ point, seed, setting }: Job, { relatedness, epochs }: TrainedRun): Observation[] {
  const labelled = (note: string | undefined) => (matrix: Observation['matrix']) => ({
    ...{ point, seed, matrix },
    label: note === undefined ? matrix.measure : `${matrix.measure}, ${note}`,
  });
  const [first] = epochs;
  return [
    ...relatedness.map(labelled(setting.note)),
    ...(setting.firstEpoch === true && first !== undefined ? first.matrices.map(labelled('first epoch')) : []),
  ];
}
