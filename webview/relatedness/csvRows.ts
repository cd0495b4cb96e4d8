import { intervalAt } from '../../src/figures/intervals';
import type { RelatednessMatrix } from '../../src/runs/events';
import type { RunState } from '../../src/runs/state';
import type { CsvCell } from '../shared/csv';
import type { Agreements } from './agreements';
import { measured, usagePrefix } from './matrixModel';

export const relatednessHeader = [
  ...['run', 'measure', 'step', 'epoch', 'row', 'column', 'value'],
  // Of means over replicates: over how many seeds, and their 95 % intervals.
  ...['seeds', 'lower', 'upper'],
] as const;

/** Rows at most, about. */
const rowLimit = 600_000;

/**
 * Every cell of every matrix, one a row, from a row's task to a column's task; of a measure that has no direction each
 * pair once. Pairs never seen together have an empty value. Of many epochs of many tasks every second, third… and the
 * last. The means over replicates follow, with their intervals, and how tasks use what they share, its matrices named
 * after `usage/`.
 */
export function* relatednessRows(id: string, state: RunState): Generator<readonly CsvCell[]> {
  const { tasks, usage, replicated } = state;
  const moments = measured(state);
  const stride = Math.max(1, Math.ceil((moments.length * tasks.length * tasks.length) / rowLimit));
  const names = tasks.map(({ name }) => name);
  for (const [position, { step, epoch, matrices }] of moments.entries()) {
    if ((moments.length - 1 - position) % stride !== 0) continue;
    for (const matrix of matrices) yield* matrixRows([id, matrix.measure, step, epoch], names, matrix);
  }
  for (const matrix of replicated?.matrices ?? []) {
    const origin = [id, matrix.measure, state.step, state.epoch];
    yield* matrixRows(origin, names, matrix, replicated?.seeds.length);
  }
  for (const { step, epoch, matrices } of usage) {
    for (const { name, rows: labels, columns, values } of matrices) {
      for (const [row, cells] of values.entries())
        for (const [column, value] of cells.entries())
          yield [id, `${usagePrefix}${name}`, step, epoch, labels[row], columns[column], value, null, null, null];
    }
  }
}

function* matrixRows(
  origin: readonly CsvCell[],
  tasks: readonly string[],
  { values, directed, lower, upper }: RelatednessMatrix,
  seeds: number | undefined = undefined,
): Generator<readonly CsvCell[]> {
  const intervals = lower && upper && seeds !== undefined ? { lower, upper, seeds } : undefined;
  for (const [row, cells] of values.entries()) {
    for (const [column, value] of cells.entries()) {
      if (!directed && column < row) continue;
      const ends = (intervals && intervalAt(intervals, { row, column })) ?? [null, null];
      yield [...origin, tasks[row] ?? null, tasks[column] ?? null, value, seeds ?? null, ...ends];
    }
  }
}

export const agreementHeader = ['run', 'moment', 'measure', 'other', 'spearman'] as const;

/** How far every two measures agree, by their names, each pair once. */
export function agreementRows(
  id: string,
  { measures, moment, matrix: { values } }: Agreements,
): readonly (readonly CsvCell[])[] {
  return measures.flatMap((measure, row) =>
    measures.slice(row).map((other, after) => [id, moment, measure, other, values[row][row + after]]),
  );
}
