import type { Path } from '../experiment/problem';
import type { ColumnSummary, TableSummary } from '../experiment/tableSummary';
import { countMissing, levelsOf } from './table';
import type { Column, Table } from './table';

const mostLevels = 100;
/** A numeric column with more different values than this is an amount rather than a code. */
const mostNumericLevels = 30;

/** What the editor's completions and hovers need of a table. */
export function summarise(table: Table, path: Path): TableSummary {
  return { path, rows: table.rows, columns: table.columns.map(summariseColumn) };
}

function summariseColumn(column: Column): ColumnSummary {
  const { name, kind } = column;
  return { name, kind, missing: countMissing(column), levels: hasFewLevels(column) ? frequentLevels(column) : [] };
}

function hasFewLevels(column: Column): boolean {
  if (column.kind === 'text') return true;
  const different = new Set<number>();
  for (const value of column.values) {
    if (!Number.isNaN(value)) different.add(value);
    if (different.size > mostNumericLevels) return false;
  }
  return true;
}

function frequentLevels(column: Column): string[] {
  const { levels, codes } = levelsOf(column);
  const counts = new Uint32Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]++;
  const order = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b);
  return order.slice(0, mostLevels).map((code) => levels[code]);
}
