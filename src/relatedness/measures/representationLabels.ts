import type { MeasureCost, RelatednessValues } from '../measure';
import { leastRows } from '../statistics/correlation';
import { checkLabels, type TaskValues } from './labels';
import { directedMatrix, sameLength } from './matrix';
import { sameRows, type Representation, type Representations } from './representation';

/** What each task makes of rows, and every task's labels of the same rows. */
export interface RepresentationsAndLabels extends Representations {
  /** T */
  readonly labels: readonly TaskValues[];
}

/** Of a measure that makes one spectrum of each representation, and looks at it once for each labelled column. */
export const spectrumCost: MeasureCost = {
  formula: '$T n d^2 + 30 \\, T d^3 + T^2 n d$; where labels are missing, the first two for each pair',
  multiplications: ({ tasks, rows, features }) =>
    tasks * rows * features ** 2 + 30 * tasks * features ** 3 + tasks * tasks * rows * features,
};

/** A representation at labelled rows, with their labels. */
export interface Labelled {
  readonly kind: TaskValues['kind'];
  /** d arrays, one number per row. */
  readonly columns: readonly Float64Array[];
  readonly labels: Float64Array;
}

/**
 * A directed matrix from each task's representation to each task's labels. Null where the representation is not
 * finite, or where fewer than three rows have a label or all the same one.
 * @param prepare Made of the columns once for all targets that have the same labelled rows.
 */
export function representationMatrix<Prepared>(
  { representations, labels }: RepresentationsAndLabels,
  prepare: (columns: readonly Float64Array[]) => Prepared,
  score: (labelled: Labelled, prepared: Prepared) => number | null,
): RelatednessValues {
  sameRows(representations);
  sameLength([representations, labels], 'representations or labels');
  checkLabels(labels);
  const targets = labels.map(({ kind, values }) => ({ kind, values, rows: labelledRows(values) }));
  // By source, so that only one is held at a time.
  const sources = representations.map((source) => {
    const prepared = new Map<string, { columns: readonly Float64Array[]; prepared: Prepared } | undefined>();
    return targets.map(({ kind, values, rows }) => {
      sameLength([values, { length: source.rows }], 'rows');
      const chosen = Float64Array.from(rows, (row) => values[row]);
      if (chosen.length < leastRows || chosen.every((value) => value === chosen[0])) return null;
      const key = rows.length === source.rows ? 'all' : rows.join();
      if (!prepared.has(key)) {
        const columns = columnsAt(source, rows);
        prepared.set(key, columns && { columns, prepared: prepare(columns) });
      }
      const own = prepared.get(key);
      return own ? score({ kind, columns: own.columns, labels: chosen }, own.prepared) : null;
    });
  });
  return directedMatrix(labels.length, (from, to) => sources[from][to]);
}

function labelledRows(values: ArrayLike<number>): number[] {
  const rows: number[] = [];
  for (let row = 0; row < values.length; row++) if (!Number.isNaN(values[row])) rows.push(row);
  return rows;
}

/** Undefined where a number is not finite. */
function columnsAt({ values, columns }: Representation, rows: readonly number[]): Float64Array[] | undefined {
  const result = Array.from({ length: columns }, (_, column) =>
    Float64Array.from(rows, (row) => values[row * columns + column]),
  );
  return result.every((column) => column.every(Number.isFinite)) ? result : undefined;
}
