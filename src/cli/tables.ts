import Table from 'cli-table3';
import { clean, paint } from './terminal';

const borders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/**
 * A table without lines, columns two spaces apart. Cells are cleaned of what a terminal would take for an order.
 * @param leftAligned How many of the first columns are text; the others are figures, aligned to the right.
 */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  leftAligned: number,
): string {
  const table = new Table({
    head: head.map((title) => paint(process.stdout, 'bold', clean(title))),
    chars: borders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    colAligns: head.map((_, column) => (column < leftAligned ? 'left' : 'right')),
  });
  for (const row of rows) table.push(row.map(clean));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
