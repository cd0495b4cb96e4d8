import type { AnyWeighting } from '../weighting';
import { InputError } from './errors';

interface Batch {
  readonly losses: readonly number[];
  readonly present?: readonly boolean[];
}

/** @returns the number of tasks */
export function checkLosses({ losses, present }: Batch): number {
  const count = losses.length;
  if (count === 0) throw new InputError('shape', 'There is no loss. Give one for each task.');
  const bad = losses.findIndex((loss, task) => present?.[task] !== false && !Number.isFinite(loss));
  if (bad !== -1) {
    throw new InputError(
      'not-finite',
      `The loss of task ${bad} is ${losses[bad]}. Give a finite number, or say by \`present\` that it has no batch.`,
    );
  }
  return count;
}

export function checkPresent(present: readonly boolean[] | undefined, count: number): readonly boolean[] {
  if (!present) return Array.from({ length: count }, () => true);
  if (present.length === count && present.includes(true)) return present;
  const message =
    present.length === count
      ? 'No task is present. Weigh only steps that have a label.'
      : `\`present\` has ${present.length} values for ${count} losses. Give one for each task.`;
  throw new InputError('shape', message);
}

export function checkGradients(rows: readonly ArrayLike<number>[], count: number): readonly ArrayLike<number>[] {
  if (rows.length !== count) {
    throw new InputError(
      'shape',
      `There are ${rows.length} gradients for ${count} losses. Give one row for each task.`,
    );
  }
  const { length } = rows[0];
  const uneven = rows.findIndex((row) => row.length !== length);
  if (uneven !== -1) {
    throw new InputError(
      'shape',
      `The gradient of task ${uneven} has ${rows[uneven].length} entries, that of task 0 has ${length}. All need the same parameters.`,
    );
  }
  if (length === 0) throw new InputError('shape', 'The gradients are empty. Give one entry for each parameter.');
  rows.forEach((row, task) => checkRow(row, `the gradient of task ${task}`));
  return rows;
}

/** @returns by rows, in one array */
export function checkGramian(rows: readonly ArrayLike<number>[], count: number): Float64Array {
  if (rows.length !== count || rows.some((row) => row.length !== count)) {
    throw new InputError('shape', `The Gramian needs ${count} rows of ${count} numbers, as there are ${count} losses.`);
  }
  rows.forEach((row, task) => checkRow(row, `row ${task} of the Gramian`));
  const result = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    if (rows[i][i] < 0) {
      throw new InputError('not-a-gramian', `Entry (${i}, ${i}) of the Gramian is negative. It is a squared length.`);
    }
    for (let j = 0; j < count; j++) {
      const limit = Math.sqrt(Math.max(0, rows[i][i])) * Math.sqrt(Math.max(0, rows[j][j]));
      if (Math.abs(rows[i][j] - rows[j][i]) > 1e-5 * limit || Math.abs(rows[i][j]) > limit * (1 + 1e-5)) {
        throw new InputError(
          'not-a-gramian',
          `Entry (${i}, ${j}) of the Gramian does not fit the others. Give the inner products of the gradients, as gradients times their transpose.`,
        );
      }
      result[i * count + j] = (rows[i][j] + rows[j][i]) / 2;
    }
  }
  return result;
}

function checkRow(row: ArrayLike<number>, what: string): void {
  for (let k = 0; k < row.length; k++) {
    if (Number.isFinite(row[k])) continue;
    throw new InputError('not-finite', `Entry ${k} of ${what} is ${row[k]}. Give finite numbers.`);
  }
}

type History = readonly (readonly (number | null)[])[];

export function checkHistory(history: History, count: number): History {
  history.forEach((epoch, index) => {
    if (epoch.length !== count) {
      throw new InputError('shape', `Epoch ${index} of \`history\` has ${epoch.length} losses, not ${count}.`);
    }
    if (epoch.some((loss) => loss !== null && !Number.isFinite(loss))) {
      throw new InputError('not-finite', `Epoch ${index} of \`history\` has a loss that is no finite number.`);
    }
  });
  return history;
}

export function checkOrder(order: readonly number[], count: number): readonly number[] {
  const sorted = [...order].sort((one, other) => one - other);
  if (sorted.length === count && sorted.every((task, at) => task === at)) return order;
  throw new InputError(
    'task-order',
    `\`taskOrder\` must hold each of 0 to ${count - 1} once, not ${order.join(', ')}.`,
  );
}

export function checkOptions(
  method: AnyWeighting,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result = method.options.safeParse(options);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue.path.length > 0 ? ` at \`${issue.path.join('.')}\`` : '';
  const known = Object.keys(method.options.shape);
  const remedy = known.length > 0 ? `Its options are ${known.join(', ')}.` : 'It has none.';
  throw new InputError(
    'invalid-options',
    `The options of "${method.name}" do not fit${place}: ${issue.message}. ${remedy}`,
  );
}
