import { sameLength } from './matrix';

/** What a layer makes of rows: n rows of d numbers, in one array by rows. */
export interface Representation {
  readonly values: ArrayLike<number>;
  /** n */
  readonly rows: number;
  /** d */
  readonly columns: number;
}

export interface Representations {
  /** T: what each task makes of the same rows. */
  readonly representations: readonly Representation[];
}

/**
 * The columns of a representation, each with mean 0; undefined where a number is not finite.
 * @throws RangeError where the values are not n times d
 */
export function centred({ values, rows, columns }: Representation): Float64Array[] | undefined {
  if (values.length !== rows * columns) {
    throw new RangeError(`A representation of ${rows} rows and ${columns} columns has ${values.length} values.`);
  }
  const result: Float64Array[] = [];
  for (let column = 0; column < columns; column++) {
    const own = new Float64Array(rows);
    for (let row = 0, at = column; row < rows; row++, at += columns) {
      if (!Number.isFinite(values[at])) return undefined;
      own[row] = values[at];
    }
    result.push(centre(own));
  }
  return result;
}

/** Less its mean. A column that varies by no more than rounding becomes 0: what is left of a constant is no direction. */
export function centre(column: Float64Array): Float64Array {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const moved = column.map((value) => value - mean);
  const varies = moved.some((value) => Math.abs(value) > 1e-12 * Math.abs(mean));
  return varies ? moved : moved.fill(0);
}

/** @throws RangeError where the tasks have not the same rows */
export function sameRows(representations: readonly Representation[]): void {
  sameLength(
    representations.map(({ rows }) => ({ length: rows })),
    'rows',
  );
}
