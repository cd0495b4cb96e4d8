import { intervalAt } from '../../src/figures/intervals';
import type { TrainingMoment } from '../../src/figures/moments';
import { epochOf, momentAtEnd, momentWords } from '../../src/figures/moments';
import type { RelatednessMatrix } from '../../src/runs/events';
import type { RunState } from '../../src/runs/state';
import type { CsvCell } from '../shared/csv';
import type { Agreements } from './agreements';
import { usagePrefix } from './matrixModel';

export const relatednessHeader = [
  ...['run', 'measure', 'step', 'epoch', 'moment', 'row', 'column', 'value'],
  // Of means over replicates: over how many seeds, and their 95 % intervals.
  ...['seeds', 'lower', 'upper'],
] as const;

/** Rows at most, about. */
const rowLimit = 600_000;

/**
 * Every cell of the matrices, one a row, from a row's task to a column's task; of a measure that has no direction each
 * pair once. Pairs never seen together have an empty value. Those of the epochs come first; of many epochs of many tasks
 * every second, third… and the last. The matrices that the run ends with follow: means over the whole run, and what was
 * measured of the trained model; then means over the replicates, with their intervals. None of these is of an epoch. Last
 * is how tasks use what they share, its matrices named after `usage/`.
 */
export function* relatednessRows(id: string, state: RunState): Generator<readonly CsvCell[]> {
  const { tasks, usage, relatedness, replicated, ending } = state;
  const stride = Math.max(1, Math.ceil((relatedness.length * tasks.length * tasks.length) / rowLimit));
  const names = tasks.map(({ name }) => name);
  const origin = (measure: string, step: number, moment: TrainingMoment) =>
    [id, measure, step, epochOf(moment) ?? null, momentWords(moment)] as const;
  for (const [position, { step, epoch, matrices }] of relatedness.entries()) {
    if ((relatedness.length - 1 - position) % stride !== 0) continue;
    for (const matrix of matrices)
      yield* matrixRows(origin(matrix.measure, step, { of: 'epoch', epoch }), names, matrix);
  }
  for (const matrix of ending?.relatedness ?? []) {
    yield* matrixRows(origin(matrix.measure, state.step, momentAtEnd(matrix.measure)), names, matrix);
  }
  const seeds = replicated?.seeds.length ?? 0;
  for (const matrix of replicated?.matrices ?? []) {
    yield* matrixRows(origin(matrix.measure, state.step, { of: 'seeds', seeds }), names, matrix, seeds);
  }
  for (const { step, epoch, matrices } of usage) {
    for (const { name, rows: labels, columns, values } of matrices) {
      const from = origin(`${usagePrefix}${name}`, step, { of: 'epoch', epoch });
      for (const [row, cells] of values.entries())
        for (const [column, value] of cells.entries())
          yield [...from, labels[row], columns[column], value, null, null, null];
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
