import type { TaskInfo } from '../../data/taskSet';
import type { HeadGroup } from '../heads';
import type { Predictions } from '.';

/** What a task's head has said so far of the rows that have a label. */
export interface Answered extends Predictions {
  rows: number;
}

/** Labels of the tasks of a stream, rows x columns: of a batch, or of a whole split. */
export interface Labels {
  readonly targets: ArrayLike<number>;
  /** 1 where there is a label, 0 elsewhere. */
  readonly mask: ArrayLike<number>;
  readonly columns: number;
  /** The row that the first of a batch is; 0 if not given. */
  readonly first?: number;
}

/** Room for what the head of a task says of as many rows as have a label. */
export function roomFor({ column, outputs }: TaskInfo, { mask, columns }: Omit<Labels, 'targets'>): Answered {
  let labelled = 0;
  for (let cell = column; cell < mask.length; cell += columns) labelled += mask[cell];
  return { outputs: new Float32Array(labelled * outputs), targets: new Float32Array(labelled), rows: 0 };
}

/**
 * Adds what the heads of a group say of a batch.
 * @param answers rows x heads x outputs
 * @param answered By task.
 */
export function addAnswers(
  group: HeadGroup,
  answers: ArrayLike<number>,
  { targets, mask, columns, first = 0 }: Labels,
  rows: number,
  answered: readonly Answered[],
): void {
  const { outputs, tasks } = group;
  tasks.forEach((task, head) => {
    const own = answered[task];
    for (let row = 0; row < rows; row++) {
      const cell = (first + row) * columns + group.columns[head];
      if (mask[cell] === 0) continue;
      own.targets[own.rows] = targets[cell];
      for (let output = 0; output < outputs; output++) {
        own.outputs[own.rows * outputs + output] = answers[(row * tasks.length + head) * outputs + output];
      }
      own.rows++;
    }
  });
}
