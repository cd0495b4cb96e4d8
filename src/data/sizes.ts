import type { DataSizes } from '../experiment/cost/network';
import type { TaskSet } from './taskSet';

/** How large prepared data is: what the cost of training and of measures follows from. */
export function sizesOf({ streams, tasks, pooled }: TaskSet): DataSizes {
  return {
    streams: streams.map(({ inputWidth, splits, encoder }) => ({
      inputs: inputWidth,
      trainRows: splits.train.rows,
      heldOutRows: splits.validation.rows || splits.test.rows,
      ...(encoder && { encoder }),
    })),
    tasks: tasks.map(({ stream, outputs }) => ({ stream, outputs })),
    pooled,
  };
}
