import type { Inputs } from '../experiment/dataSchema';
import type { NumericPreprocessing } from './preprocessing';

type Scale = Inputs['numeric']['scale'];

/** How a numeric column becomes an input. */
export type NumericFit = Pick<NumericPreprocessing, 'shift' | 'divisor' | 'fill' | 'training'>;

/** Numbers of one table with the rows to fit on. Columns of several tables are fitted together as parts of one. */
export interface NumericPart {
  /** NaN where missing. */
  readonly values: Float64Array;
  readonly trainRows: Uint32Array;
}

/** Mean and deviation (of the population) of the training rows' numbers. Two passes, in float64. */
export function momentsOf(parts: readonly NumericPart[]) {
  let count = 0;
  let sum = 0;
  let minimum = Infinity;
  let maximum = -Infinity;
  for (const { values, trainRows } of parts) {
    for (const row of trainRows) {
      const value = values[row];
      if (Number.isNaN(value)) continue;
      count++;
      sum += value;
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
    }
  }
  const mean = count === 0 ? 0 : sum / count;
  let squares = 0;
  for (const { values, trainRows } of parts) {
    for (const row of trainRows) {
      const value = values[row];
      if (!Number.isNaN(value)) squares += (value - mean) ** 2;
    }
  }
  return { count, mean, deviation: count === 0 ? 0 : Math.sqrt(squares / count), minimum, maximum };
}

/** Fits the scaling of a column on its training rows. */
export function fitNumeric(parts: readonly NumericPart[], scale: Scale): NumericFit {
  const { count, mean, deviation, minimum, maximum } = momentsOf(parts);
  const constant = count === 0 || minimum === maximum;
  const rows = parts.reduce((sum, { trainRows }) => sum + trainRows.length, 0);
  const range = count === 0 ? { minimum: 0, maximum: 0 } : { minimum, maximum };
  const common = { fill: mean, training: { mean, deviation, ...range, missing: rows - count } };
  switch (scale) {
    case 'standard':
      return { shift: mean, divisor: constant ? 1 : deviation, ...common };
    case 'min-max':
      return { shift: range.minimum, divisor: constant ? 1 : maximum - minimum, ...common };
    case 'none':
      return { shift: 0, divisor: 1, ...common };
  }
}

/** Writes a column, scaled, to every `width`-th place of `target` from `offset` on. */
export function writeNumeric(
  values: Float64Array,
  rows: Uint32Array,
  { shift, divisor, fill }: Pick<NumericPreprocessing, 'shift' | 'divisor' | 'fill'>,
  target: Float32Array,
  offset: number,
  width: number,
): void {
  let place = offset;
  for (const row of rows) {
    const value = values[row];
    target[place] = ((Number.isNaN(value) ? fill : value) - shift) / divisor;
    place += width;
  }
}

/** Writes 1 where a value is missing, 0 elsewhere. */
export function writeFlags(
  values: Float64Array,
  rows: Uint32Array,
  target: Float32Array,
  offset: number,
  width: number,
): void {
  let place = offset;
  for (const row of rows) {
    target[place] = Number.isNaN(values[row]) ? 1 : 0;
    place += width;
  }
}

/** Numbers beyond this do not survive scaling in float32. */
const largest = 1e30;

/** The first row, from 1, whose number is infinite or too large to compute with; 0 where there is none. */
export function firstUnusable(values: Float64Array): number {
  return values.findIndex((value) => Math.abs(value) > largest) + 1;
}
