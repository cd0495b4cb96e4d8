import type { ColumnType } from './preprocessing';

/** Rows as columns, as read or generated and before any preprocessing. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
}

export type Column = NumericColumn | TextColumn;

export interface NumericColumn {
  readonly kind: 'numeric';
  readonly name: string;
  /** One value per row; NaN where missing. Booleans are 0 and 1, dates and times days since 1970. */
  readonly values: Float64Array;
  /** How a value is written as text. */
  readonly meaning: 'number' | 'boolean' | 'date';
}

export interface TextColumn {
  readonly kind: 'text';
  readonly name: string;
  /** The different values, none of them missing, in the order of their code units. */
  readonly levels: readonly string[];
  /** Per row the position in `levels`; -1 where missing. */
  readonly codes: Int32Array;
}

/** A column's values as a set of levels, whatever its kind. */
export interface Levels {
  /** Different values as text; in numeric order where all are numbers, else in the order of code units. */
  readonly levels: readonly string[];
  /** Per row the position in `levels`; -1 where missing. */
  readonly codes: Int32Array;
}

/** What a column's values are. */
export function typeOf(column: Column): ColumnType {
  return column.kind === 'text' ? 'text' : column.meaning;
}

const millisecondsPerDay = 86_400_000;
const known = new WeakMap<Column, Levels>();

/** A column's values as levels; computed once per column. */
export function levelsOf(column: Column): Levels {
  const found = known.get(column);
  if (found) return found;
  const levels = column.kind === 'text' ? orderedText(column) : numericLevels(column);
  known.set(column, levels);
  return levels;
}

/** The text of a number as tables write it. */
function textOf(value: number, meaning: NumericColumn['meaning']): string {
  if (meaning === 'boolean') return value === 0 ? 'false' : 'true';
  if (meaning === 'number') return String(value);
  const iso = new Date(Math.round(value * millisecondsPerDay)).toISOString();
  return Number.isInteger(value) ? iso.slice(0, 10) : iso;
}

function numericLevels({ values, meaning }: NumericColumn): Levels {
  const different = new Float64Array(new Set(values.filter((value) => !Number.isNaN(value)))).sort();
  const positions = new Map<number, number>();
  different.forEach((value, position) => positions.set(value, position));
  const codes = Int32Array.from(values, (value) => (Number.isNaN(value) ? -1 : positions.get(value)!));
  return { levels: Array.from(different, (value) => textOf(value, meaning)), codes };
}

function orderedText({ levels, codes }: TextColumn): Levels {
  if (levels.length === 0 || !levels.every(isNumberText)) return { levels, codes };
  const order = levels.map((_, position) => position).sort((a, b) => Number(levels[a]) - Number(levels[b]));
  const place = new Int32Array(levels.length);
  order.forEach((from, to) => (place[from] = to));
  return { levels: order.map((from) => levels[from]), codes: codes.map((code) => (code < 0 ? -1 : place[code])) };
}

/** Whether a text reads as a finite number. */
export function isNumberText(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

/**
 * The position of the level that a value of the experiment file means, or -1. Values compare as text, as numbers where
 * both are numbers, and without regard to case for true and false.
 */
export function positionOfLevel(levels: readonly string[], value: string | number | boolean): number {
  const text = String(value);
  const exact = levels.indexOf(text);
  if (exact >= 0) return exact;
  if (typeof value === 'boolean') return levels.findIndex((level) => level.toLowerCase() === text);
  return isNumberText(text)
    ? levels.findIndex((level) => isNumberText(level) && Number(level) === Number(text))
    : levels.findIndex((level) => level === text.trim());
}

/** The first row, from 1, whose text is no number. */
export interface NotNumeric {
  readonly row: number;
  readonly text: string;
}

/** A column's values as numbers, or the first that is none. */
export function numbersOf(column: Column): Float64Array | NotNumeric {
  if (column.kind === 'numeric') return column.values;
  const { levels, codes } = column;
  const numbers = levels.map((level) => (isNumberText(level) ? Number(level) : NaN));
  const row = codes.findIndex((code) => code >= 0 && Number.isNaN(numbers[code]));
  if (row >= 0) return { row: row + 1, text: levels[codes[row]] };
  return Float64Array.from(codes, (code) => (code < 0 ? NaN : numbers[code]));
}

/** Whether a row has no value. */
export function isMissing(column: Column, row: number): boolean {
  return column.kind === 'numeric' ? Number.isNaN(column.values[row]) : column.codes[row] < 0;
}

/** Rows without a value. */
export function countMissing(column: Column): number {
  let count = 0;
  if (column.kind === 'numeric') for (const value of column.values) count += Number.isNaN(value) ? 1 : 0;
  else for (const code of column.codes) count += code < 0 ? 1 : 0;
  return count;
}

/** A numeric column made here rather than read. */
export function numericColumn(name: string, values: Float64Array): NumericColumn {
  return { kind: 'numeric', name, values, meaning: 'number' };
}

/** A text column from plain strings; null where missing. */
export function textColumn(name: string, values: readonly (string | null)[]): TextColumn {
  const levels = [...new Set(values.filter((value) => value !== null))].sort();
  const positions = new Map(levels.map((level, position) => [level, position]));
  return {
    kind: 'text',
    name,
    levels,
    codes: Int32Array.from(values, (value) => (value === null ? -1 : positions.get(value)!)),
  };
}
