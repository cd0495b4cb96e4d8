import { dot } from '../../common/linear/matrix';
import type { TrainedMeasureOf } from '../measure';
import { leastRows, pearson } from '../statistics/correlation';
import { ranks } from '../statistics/ranks';
import { pairCount, symmetricMatrix } from './matrix';
import { centred, sameRows, type Representations } from './representation';
import { correlated, correlation } from './words';

/** All pairs of more rows would not fit into memory. */
const mostRows = 256;
/** Multiplications that take as long as one comparison of a sort. */
const comparison = 20;

/** Spearman's correlation of the dissimilarities of all pairs of rows, `1 - Pearson(x_r, x_s)`. */
export const rsa: TrainedMeasureOf<'rsa', Representations, 'representations'> = {
  name: 'rsa',
  title: 'Representation similarity analysis',
  summary:
    'Whether two tasks find the same rows alike: 1 if so, 0 unrelated, −1 if what is alike for one differs most for the other.',
  details:
    'The Spearman correlation over pairs of rows $r < s$ of the dissimilarities $1 - \\rho(x_r, x_s)$ of two tasks, with $\\rho$ the Pearson correlation over the width of a representation whose columns are centred; in $[-1, 1]$, symmetric. ' +
    `Of more than ${mostRows} rows, ${mostRows} at even distances are compared. ` +
    'Representations of width 1, fewer than three rows, or one that is the same for all rows or not finite, have no value.',
  source:
    'Dwivedi and Roig, Representation Similarity Analysis for Efficient Task Taxonomy and Transfer Learning, 2019',
  moment: 'trained',
  needs: 'representations',
  takes: { rows: leastRows },
  range: [-1, 1],
  directed: false,
  higherIsCloser: true,
  neutral: 0,
  ends: correlated,
  say: correlation((from, to) => `what ${from} and ${to} find alike among the rows`, 'a rank correlation'),
  cost: {
    formula: `$T m^2 d / 2$ and $T$ sorts of $m^2 / 2$ numbers, $m = \\min(n, ${mostRows})$`,
    multiplications: ({ tasks, rows, features }) => {
      const pairs = pairCount(Math.min(rows, mostRows));
      return tasks * pairs * (features + comparison * Math.log2(pairs + 1)) + pairCount(tasks) * pairs;
    },
  },
  measure({ representations }) {
    sameRows(representations);
    const orders = representations.map((one) => {
      const columns = centred(one);
      const dissimilarities = columns && dissimilaritiesOf(columns, one.rows);
      return dissimilarities && ranks(dissimilarities);
    });
    return symmetricMatrix(orders.length, (one, other) => {
      const [first, second] = [orders[one], orders[other]];
      return first && second ? pearson(first, second) : null;
    });
  },
};

/** Of all pairs of the rows that are compared. */
function dissimilaritiesOf(columns: readonly Float64Array[], rows: number): Float64Array | undefined {
  if (columns.length < 2) return undefined;
  const count = Math.min(rows, mostRows);
  const units = Array.from({ length: count }, (_, row) => {
    const place = Math.floor((row * rows) / count);
    return standardised(Float64Array.from(columns, (column) => column[place]));
  });
  const result = new Float64Array(pairCount(count));
  let at = 0;
  for (let one = 0; one < count; one++) {
    for (let other = 0; other < one; other++) result[at++] = 1 - dot(units[one], units[other]);
  }
  return result;
}

/** Mean 0 and length 1; zero where all numbers are the same. */
function standardised(row: Float64Array): Float64Array {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  const moved = row.map((value) => value - mean);
  const length = Math.sqrt(dot(moved, moved));
  return length > 0 ? moved.map((value) => value / length) : moved;
}
