import type { RunState } from '../../src/runs/state';
import type { CsvCell } from '../shared/csv';

export const relatednessHeader = ['run', 'measure', 'step', 'epoch', 'row', 'column', 'value'] as const;

/** Rows at most, about. */
const rowLimit = 600_000;

/**
 * Every cell of every matrix, one a row, from a row's task to a column's task; of a measure that has no direction each
 * pair once. Pairs never seen together have an empty value. Of many epochs of many tasks every second, third… and the
 * last. How tasks use what they share follows, its matrices named after `usage/`.
 */
export function* relatednessRows(id: string, { relatedness, tasks, usage }: RunState): Generator<readonly CsvCell[]> {
  const rows = relatedness.length * tasks.length * tasks.length;
  const stride = Math.max(1, Math.ceil(rows / rowLimit));
  for (const [position, { step, epoch, matrices }] of relatedness.entries()) {
    if ((relatedness.length - 1 - position) % stride !== 0) continue;
    for (const { measure, values, directed } of matrices) {
      for (const [row, cells] of values.entries()) {
        for (const [column, value] of cells.entries()) {
          if (!directed && column < row) continue;
          yield [id, measure, step, epoch, tasks[row]?.name ?? null, tasks[column]?.name ?? null, value];
        }
      }
    }
  }
  for (const { step, epoch, matrices } of usage) {
    for (const { name, rows: labels, columns, values } of matrices) {
      for (const [row, cells] of values.entries())
        for (const [column, value] of cells.entries())
          yield [id, `usage/${name}`, step, epoch, labels[row], columns[column], value];
    }
  }
}
