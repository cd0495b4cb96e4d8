import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { createRandom } from '../../src/common/random';

/** How many different values each column of census-income.test.gz has. */
const levels = [
  ...[91, 9, 52, 47, 17, 894, 3, 7, 24, 15, 5, 10, 2, 3, 6, 8, 123, 111, 1140, 6, 6, 51, 37, 8, 64741, 10, 9, 10, 3, 4],
  ...[7, 5, 43, 43, 43, 5, 3, 3, 3, 53, 2, 2],
];

/** Columns that count or measure something; the others name one of their levels. */
export const numericColumns: readonly number[] = [0, 5, 16, 17, 18, 24, 30, 39];

const [ageColumn, maritalColumn, weightColumn, incomeColumn] = [0, 7, 24, 41];

const rowCount = 99_762;

/**
 * A table of the shape of census-income.test.gz, by chance: as many rows, columns, levels and missing values, with most
 * rows at the first level of a column, as there.
 * @param file Where it is written, if it is not there yet.
 */
export function writeCensusLike(file: string): void {
  if (existsSync(file)) return;
  const random = createRandom(4, 'census');
  const lines = Array.from({ length: rowCount }, () =>
    levels.map((count, column) => valueOf(column, Math.floor(count * random.uniform() ** skewOf(column)))).join(', '),
  );
  mkdirSync(path.dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, gzipSync(`${lines.join('.\n')}.\n`));
  renameSync(unfinished, file);
}

/** How much more often small levels are drawn than large ones. */
function skewOf(column: number): number {
  return column === ageColumn || column === weightColumn ? 1 : 4;
}

function valueOf(column: number, level: number): string {
  if (column === weightColumn) return (38 + level / 10).toFixed(2);
  if (numericColumns.includes(column)) return String(level);
  if (column === incomeColumn) return level === 0 ? '- 50000' : '50000+';
  if (column === maritalColumn && level === 0) return 'Never married';
  return level === 3 ? '?' : `Some value of column ${column}, ${level}`.replace(',', '');
}
