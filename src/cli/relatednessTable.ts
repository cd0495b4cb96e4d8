import type { RelatednessMatrix } from '../runs/events';
import { title } from './results';
import { renderTable } from './tables';
import { shorten } from './terminal';

/** Up to so many tasks the whole matrix is shown, above them the closest and the least close pairs. */
const matrixTasks = 12;
const pairsShown = 8;

/** A relatedness matrix for reading in a terminal, from a row's task to a column's. */
export function renderRelatedness(tasks: readonly string[], matrix: RelatednessMatrix): string {
  const heading = title(`Relatedness: ${matrix.measure}`);
  if (tasks.length < 2) return '';
  const body = tasks.length <= matrixTasks ? renderMatrix(tasks, matrix) : renderPairs(tasks, matrix);
  return `${heading}\n${body}`;
}

function renderMatrix(tasks: readonly string[], { values }: RelatednessMatrix): string {
  const columns = tasks.map((name) => shorten(name, 10));
  const rows = values.map((row, task) => [shorten(tasks[task], 24), ...row.map(formatValue)]);
  return renderTable(['', ...columns], rows, 1);
}

interface Pair {
  readonly from: string;
  readonly to: string;
  readonly value: number;
}

function renderPairs(tasks: readonly string[], { values, directed, higherIsCloser }: RelatednessMatrix): string {
  const pairs: Pair[] = [];
  values.forEach((row, from) => {
    row.forEach((value, to) => {
      if (value !== null && (directed ? from !== to : from < to)) {
        pairs.push({ from: tasks[from], to: tasks[to], value });
      }
    });
  });
  const sign = higherIsCloser ? -1 : 1;
  pairs.sort((a, b) => sign * (a.value - b.value));
  const table = (part: readonly Pair[]) =>
    renderTable(
      [directed ? 'from' : 'task', directed ? 'to' : 'and', 'value'],
      part.map(({ from, to, value }) => [shorten(from, 28), shorten(to, 28), formatValue(value)]),
      2,
    );
  if (pairs.length === 0) return 'No two tasks were observed together.';
  return [
    'Closest pairs',
    table(pairs.slice(0, pairsShown)),
    'Least close pairs',
    table(pairs.slice(-pairsShown).reverse()),
  ].join('\n');
}

function formatValue(value: number | null): string {
  return value === null ? '-' : value.toFixed(2).replace('-0.00', '0.00');
}
