import type { MeasureSentence, RelatednessValues } from '../../src/relatedness';
import { oneLine, shorten, wrap } from '../../src/figures/labels';
import { exactValue, shortValue } from '../../src/figures/numbers';
import type { Intervals } from '../../src/figures/intervals';
import { intervalWords } from './cellMarks';

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** What of a matrix is needed to say a cell in words. */
export interface ReadMatrix {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly values: RelatednessValues;
  /** Whether a cell goes from its row to its column, and the way back is another cell. */
  readonly directed: boolean;
  /** What a cell without a value means. */
  readonly absent: string;
  /** Where it is a mean over replicates. */
  readonly intervals?: Intervals;
  /** What a value says of its row and column, in a sentence. */
  readonly say?: MeasureSentence;
}

/** The value of a cell, or what its absence means. */
export function cellValueWords({ values, absent, intervals }: ReadMatrix, cell: Cell): string {
  const value = values[cell.row]?.[cell.column] ?? null;
  if (value === null) return absent;
  const interval = intervalWords(intervals, cell);
  return interval === '' ? exactValue(value) : `${shortValue(Number(value.toPrecision(3)))}, ${interval}`;
}

const turned = ({ row, column }: Cell): Cell => ({ row: column, column: row });

/** What the value of a cell says, as a sentence; empty where it has none. */
export function cellSentence({ rows, columns, values, say }: ReadMatrix, { row, column }: Cell): string {
  const value = values[row]?.[column] ?? null;
  if (value === null || say === undefined || !Number.isFinite(value)) return '';
  const sentence = say(value, shorten(rows[row], 40), shorten(columns[column], 40));
  return `${sentence[0].toUpperCase()}${sentence.slice(1)}.`;
}

/** What is said of a cell: both names, the value, and what its absence means. */
export function cellText(matrix: ReadMatrix, cell: Cell): string {
  const [row, column] = [shorten(matrix.rows[cell.row], 80), shorten(matrix.columns[cell.column], 80)];
  const value = cellValueWords(matrix, cell);
  if (!matrix.directed) return `${row} and ${column}: ${value}`;
  if (cell.row === cell.column) return `${row} to itself: ${value}`;
  return `from ${row} to ${column}: ${value}, and back: ${cellValueWords(matrix, turned(cell))}`;
}

/** The same as the lines of a tooltip. */
export function cellLines(matrix: ReadMatrix, cell: Cell): { readonly title: string[]; readonly body: string[] } {
  const [row, column] = [matrix.rows[cell.row], matrix.columns[cell.column]];
  const value = cellValueWords(matrix, cell);
  const said = cellSentence(matrix, cell);
  const sentence = said === '' ? [] : wrap(said, 60);
  const isOwn = cell.row === cell.column && row === column;
  if (isOwn) return { title: wrap(row, 60), body: [matrix.directed ? `to itself: ${value}` : value, ...sentence] };
  if (!matrix.directed)
    return { title: [...wrap(row, 60), ...wrap(`× ${oneLine(column)}`, 60)], body: [value, ...sentence] };
  return {
    title: [...wrap(`from ${oneLine(row)}`, 60), ...wrap(`to ${oneLine(column)}`, 60)],
    body: [value, `and back: ${cellValueWords(matrix, turned(cell))}`, ...sentence],
  };
}
