import { decimalsFor } from '../figures/numbers';
import { hasPairs } from '../relatedness/pairs';
import type { RelatednessMatrix } from '../runs/events';
import type { RunNetwork } from '../runs/record';
import { whyEmpty, type Measured } from './nothingMeasured';
import { title } from './results';
import { renderTable } from './tables';
import { shorten } from './terminal';

/** Up to so many tasks the whole matrix is shown, above them the closest and the least close pairs. */
const matrixTasks = 12;
const pairsShown = 8;

/** What a matrix is of, beside its tasks. */
interface MatrixOrigin {
  /** Whose tasks these are, where there are several networks. */
  readonly network?: Pick<RunNetwork, 'number'> | undefined;
  /** How many, where it is a mean over seeds. */
  readonly seeds?: number | undefined;
}

/** A relatedness matrix of a run for reading in a terminal, from a row's task to a column's. */
export function renderRelatedness(
  run: Measured,
  matrix: RelatednessMatrix,
  { network, seeds }: MatrixOrigin = {},
): string {
  const tasks = run.tasks.map(({ name }) => name);
  if (tasks.length < 2) return '';
  const where = network === undefined ? [] : [`within network ${network.number}`];
  const over = matrix.lower === undefined || seeds === undefined ? [] : [overText(tasks, seeds)];
  const heading = title([`Relatedness: ${matrix.measure}`, ...where, ...over, ...readingHints(matrix)].join(', '));
  if (!hasPairs(matrix.values)) return `${heading}\n${whyEmpty(matrix.measure, run)}`;
  const body = tasks.length <= matrixTasks ? renderMatrix(tasks, tasks, matrix) : renderPairs(tasks, matrix);
  return `${heading}\n${body}`;
}

function overText(tasks: readonly string[], seeds: number): string {
  return `mean over ${seeds} seeds${tasks.length > matrixTasks ? '' : ' ± half of its 95 % interval'}`;
}

/** What is not as for a cosine. */
function readingHints({ directed, higherIsCloser }: RelatednessMatrix): string[] {
  return [...(directed ? ["from a row's task to a column's"] : []), ...(higherIsCloser ? [] : ['lower is closer'])];
}

/** A whole matrix, its names shortened. */
export function renderMatrix(
  rows: readonly string[],
  columns: readonly string[],
  { values, lower, upper }: Pick<RelatednessMatrix, 'values' | 'lower' | 'upper'>,
): string {
  const format = formatterOf(values);
  const margin = (task: number, to: number) => {
    const [low, high] = [lower?.[task]?.[to] ?? null, upper?.[task]?.[to] ?? null];
    return low === null || high === null || task === to ? '' : ` ±${format((high - low) / 2)}`;
  };
  const lines = values.map((row, place) => [
    shorten(rows[place], 24),
    ...row.map((value, to) => `${format(value)}${margin(place, to)}`),
  ]);
  return renderTable(['', ...columns.map((name) => shorten(name, 10))], lines, 1);
}

interface Pair {
  readonly from: string;
  readonly to: string;
  readonly value: number;
  /** Ends of its interval, over replicates. */
  readonly ends: readonly (number | null)[];
}

function renderPairs(tasks: readonly string[], matrix: RelatednessMatrix): string {
  const { values, directed, higherIsCloser, lower, upper } = matrix;
  const pairs: Pair[] = [];
  values.forEach((row, from) => {
    row.forEach((value, to) => {
      if (value !== null && (directed ? from !== to : from < to)) {
        const ends = lower && upper ? [lower[from][to], upper[from][to]] : [];
        pairs.push({ from: tasks[from], to: tasks[to], value, ends });
      }
    });
  });
  const format = formatterOf(values);
  const sign = higherIsCloser ? -1 : 1;
  pairs.sort((a, b) => sign * (a.value - b.value));
  const table = (part: readonly Pair[]) =>
    renderTable(
      [directed ? 'from' : 'task', directed ? 'to' : 'and', 'value', ...(lower ? ['95 % interval'] : [])],
      part.map(({ from, to, value, ends }) => [
        shorten(from, 28),
        shorten(to, 28),
        format(value),
        ...(lower ? [ends.map(format).join(' to ')] : []),
      ]),
      2,
    );
  return [
    'Closest pairs',
    table(pairs.slice(0, pairsShown)),
    'Least close pairs',
    table(pairs.slice(-pairsShown).reverse()),
  ].join('\n');
}

/** Values of one matrix with the same digits after the point, as their intervals have them. */
function formatterOf(values: RelatednessMatrix['values']): (value: number | null) => string {
  const digits = digitsFor(values);
  return (value) => {
    if (value === null) return '-';
    // What is less than its last digit is 0, not a number with other digits.
    const text = digits > mostDigits ? value.toExponential(1).replace('+', '') : value.toFixed(digits);
    return Number(text) === 0 ? text.replace('-', '').replace(/^0\.0e.*$/, '0') : text;
  };
}

/** More than these are not counted by a reader: powers of ten are written instead. */
const mostDigits = 5;

/**
 * Two digits, fewer where values are large; where all values between tasks are small, as those of TAG are, so many that two
 * of every other value count.
 */
function digitsFor(values: RelatednessMatrix['values']): number {
  const between = values.flatMap((row, from) =>
    row.filter((value, to) => from !== to && value !== null && value !== 0),
  );
  const sizes = between.map((value) => Math.abs(value!)).sort((one, other) => one - other);
  const largest = sizes.at(-1) ?? 0;
  if (largest >= 1e6) return mostDigits + 1;
  if (largest >= 10) return largest >= 100 ? 0 : 1;
  return largest >= 0.1 ? 2 : Math.max(2, decimalsFor(sizes[Math.floor(sizes.length / 2)] ?? 0) - 1);
}
