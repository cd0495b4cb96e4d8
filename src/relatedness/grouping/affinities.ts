import type { Matrix } from '../../common/linear/matrix';
import { meanOfKnown } from '../../common/numbers';
import type { RelatednessValues } from '../measure';

/** What groupings look at: higher is closer, and every pair has a value. */
export interface Affinities {
  /** T */
  readonly count: number;
  /** T x T by rows, from the row to the column; 0 on the diagonal. */
  readonly pairs: Matrix;
  /** Per task the value on the diagonal; null where it has none. */
  readonly alone: readonly (number | null)[];
  /** How many ordered pairs had no value and were filled in. */
  readonly filled: number;
}

/**
 * Turns a matrix so that higher is closer. A pair without a value gets the mean of what others do for the same task,
 * or the mean of all pairs where nothing is known of it.
 * @throws RangeError where no pair of different tasks has a value
 */
export function affinitiesOf(values: RelatednessValues, higherIsCloser: boolean): Affinities {
  const count = values.length;
  const sign = higherIsCloser ? 1 : -1;
  const columns = values.map((_, to) => meanOfKnown(values.map((row, from) => (from === to ? null : row[to]))));
  const overall = meanOfKnown(columns);
  if (overall === null && count > 1) throw new RangeError('No two tasks have a value.');
  const pairs = new Float64Array(count * count);
  let filled = 0;
  for (let from = 0; from < count; from++) {
    for (let to = 0; to < count; to++) {
      if (from === to) continue;
      const value = values[from][to];
      if (value === null) filled++;
      pairs[from * count + to] = sign * (value ?? columns[to] ?? overall ?? 0);
    }
  }
  const alone = values.map((row, task) => (row[task] === null ? null : sign * row[task]));
  return { count, pairs, alone, filled };
}

/** The means of the two directions: symmetric, 0 on the diagonal. */
export function symmetricPairs({ count, pairs }: Affinities): Matrix {
  return pairs.map((value, cell) => (value + pairs[(cell % count) * count + Math.floor(cell / count)]) / 2);
}
