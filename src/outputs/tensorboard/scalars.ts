import type { Metrics, RelatednessMatrix, RunEvent, SplitMetrics, SplitName } from '../../runs/events';

/** Folders of event files, which TensorBoard shows as runs: one per split, and one for what has no split. */
export type Series = SplitName | '';

/** One point of a curve. */
export interface Scalar {
  readonly series: Series;
  /** TensorBoard groups curves by what stands before the first `/`. */
  readonly tag: string;
  readonly value: number;
}

/** Of more tasks than this the relatedness of single pairs is left out: too many curves to look at. */
const mostTasks = 50;

/**
 * What an event of the journal adds to the curves: metrics per task under the name of the metric, in the series of
 * their split, so that TensorBoard draws training and validation of a task into one chart.
 */
export function scalarsOf(event: RunEvent, tasks: readonly string[]): Scalar[] {
  switch (event.type) {
    case 'step':
      return [
        ...perTask('train', 'loss by step', tasks, event.losses),
        ...perTask('', 'weight', tasks, event.weights),
        { series: '', tag: 'learning rate', value: event.learningRate },
      ];
    case 'epoch':
      return splitScalars(tasks, event.metrics, event.pooled, ['train', 'validation']);
    case 'relatedness':
      return event.matrices.flatMap((matrix) => pairs(tasks, matrix));
    case 'finished':
    case 'stopped':
      // Training and validation have their losses at every epoch; these here are those of the best one.
      return splitScalars(tasks, event.metrics, event.pooled, ['train', 'test']).filter(
        ({ series, tag }) => series === 'test' || !tag.startsWith('loss/'),
      );
    case 'started':
    case 'usage':
    case 'trivial':
    case 'gain':
    case 'replicated':
    case 'warning':
    case 'checkpoint':
    case 'trainings':
    case 'paused':
    case 'resumed':
    case 'failed':
      return [];
  }
}

function perTask(series: Series, what: string, tasks: readonly string[], values: readonly (number | null)[]): Scalar[] {
  return values.flatMap((value, task) =>
    value === null ? [] : [{ series, tag: tagOf(`${what}/${tasks[task]}`), value }],
  );
}

function splitScalars(
  tasks: readonly string[],
  metrics: readonly SplitMetrics[],
  pooled: SplitMetrics | undefined,
  splits: readonly SplitName[],
): Scalar[] {
  const named = [
    ...metrics.map((ofTask, task) => ({ name: tasks[task], ofTask })),
    ...(pooled ? [{ name: '(all tasks)', ofTask: pooled }] : []),
  ];
  return named.flatMap(({ name, ofTask }) =>
    splits.flatMap((series) =>
      (Object.entries(ofTask[series] ?? {}) as [keyof Metrics, number][]).map(([metric, value]) => ({
        series,
        tag: tagOf(`${metric}/${name}`),
        value,
      })),
    ),
  );
}

/** Every pair of tasks, from the row's to the column's; of a symmetric measure each once. */
function pairs(tasks: readonly string[], { measure, values, directed }: RelatednessMatrix): Scalar[] {
  if (tasks.length > mostTasks) return [];
  return tasks.flatMap((from, row) =>
    tasks.flatMap((to, column): Scalar[] => {
      const value = values[row][column];
      if (row === column || value === null || (!directed && column < row)) return [];
      const joint = directed ? '→' : '↔';
      return [{ series: '', tag: tagOf(`relatedness ${measure}/${from} ${joint} ${to}`), value }];
    }),
  );
}

/** Names of tasks are a person's words; only what would break a line or hide is replaced. */
function tagOf(name: string): string {
  return name.replace(/\p{Cc}|\p{Cf}(?<!\u200d)/gu, ' ');
}
