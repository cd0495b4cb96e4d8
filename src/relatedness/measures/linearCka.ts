import { dot, sum } from '../../common/linear/matrix';
import type { MeasureCost, MeasureSentence, RelatednessValues, TrainedMeasureOf } from '../measure';
import { leastRows } from '../statistics/correlation';
import { cosines } from './cosine';
import { panelsOf, squaredCrossNorm, type Panels } from './crossProduct';
import { pairCount } from './matrix';
import { centred, sameRows, type Representations } from './representation';
import { correlated, plain } from './words';

const cost: MeasureCost = {
  formula: '$\\frac{1}{2} T (T + 1) n d^2$, with memory for $T n d$ numbers',
  multiplications: ({ tasks, rows, features }) => (pairCount(tasks) + tasks) * rows * features * features,
};

/** Of fewer rows there is no unbiased estimate. */
const leastDebiased = 4;

const alignment: MeasureSentence = (value, from, to) =>
  `what ${from} and ${to} make of the same rows is alike to ${plain(value)}: 1 but for rotation and scale, 0 not at all`;

/** `|XᵀY|² / (|XᵀX| |YᵀY|)`, with the columns centred. */
export const linearCka: TrainedMeasureOf<'linear-cka', Representations, 'representations'> = {
  name: 'linear-cka',
  title: 'Linear CKA',
  summary:
    'How alike two tasks represent the same rows, whatever the rotation and scale: 1 alike, 0 nothing in common.',
  details:
    'Centred kernel alignment $\\frac{\\lVert X^\\top Y \\rVert_F^2}{\\lVert X^\\top X \\rVert_F \\lVert Y^\\top Y \\rVert_F}$ of what two tasks make of the same $n$ rows ($X$ is $n \\times d_i$, $Y$ is $n \\times d_j$, columns centred); in $[0, 1]$, symmetric. ' +
    'With few rows for its width it is too high even for unrelated representations: see debiased CKA. Fewer than three rows, or a representation that is the same for all rows or not finite, have no value.',
  source: 'Kornblith et al., Similarity of Neural Network Representations Revisited, 2019',
  moment: 'trained',
  needs: 'representations',
  takes: { rows: leastRows },
  range: [0, 1],
  directed: false,
  higherIsCloser: true,
  neutral: 0,
  ends: { low: 'unrelated', middle: 'unrelated', high: 'alike' },
  say: alignment,
  cost,
  measure: ({ representations }) =>
    alignments(
      representations,
      leastRows,
      (columns) => ({ panels: panelsOf(columns) }),
      ({ panels }, other) => squaredCrossNorm(panels, other.panels),
    ),
};

/** The same with estimates of the norms that do not grow with the width of the representations. */
export const debiasedCka: TrainedMeasureOf<'debiased-cka', Representations, 'representations'> = {
  name: 'debiased-cka',
  title: 'Debiased linear CKA',
  summary: 'Linear CKA, mended for few rows and wide representations: about 0 where there is nothing in common.',
  details:
    'Linear CKA with every $\\lVert X^\\top Y \\rVert_F^2$ replaced by $\\lVert X^\\top Y \\rVert_F^2 - \\frac{n}{n - 2} \\sum_r \\lVert x_r \\rVert^2 \\lVert y_r \\rVert^2 + \\frac{\\lVert X \\rVert_F^2 \\lVert Y \\rVert_F^2}{(n - 1)(n - 2)}$, the unbiased estimate (up to a factor) of the dependence of two representations; in $[-1, 1]$, symmetric. ' +
    'Fewer than four rows, or a representation that is the same for all rows or not finite, have no value.',
  source:
    'Song et al., Feature Selection via Dependence Maximization, 2012; Kornblith et al., Similarity of Neural Network Representations Revisited, 2019',
  moment: 'trained',
  needs: 'representations',
  takes: { rows: leastDebiased },
  range: [-1, 1],
  directed: false,
  higherIsCloser: true,
  neutral: 0,
  ends: correlated,
  say: alignment,
  cost,
  measure({ representations }) {
    const [{ rows } = { rows: 0 }] = representations;
    return alignments(
      representations,
      leastDebiased,
      (columns) => ({ panels: panelsOf(columns), lengths: squaredLengths(columns) }),
      (one, other) =>
        squaredCrossNorm(one.panels, other.panels) -
        (rows / (rows - 2)) * dot(one.lengths, other.lengths) +
        (sum(one.lengths) * sum(other.lengths)) / ((rows - 1) * (rows - 2)),
    );
  },
};

/**
 * Null where there are fewer rows than the least.
 * @param prepare Made of the centred columns of each task once.
 */
function alignments<Prepared extends { readonly panels: Panels }>(
  representations: Representations['representations'],
  least: number,
  prepare: (columns: readonly Float64Array[]) => Prepared,
  inner: (one: Prepared, other: Prepared) => number,
): RelatednessValues {
  sameRows(representations);
  const parts = representations.map((representation) => {
    const columns = centred(representation);
    return columns && representation.rows >= least ? prepare(columns) : undefined;
  });
  const count = parts.length;
  const products = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const [one, other] = [parts[i], parts[j]];
      products[i * count + j] = products[j * count + i] = one && other ? inner(one, other) : NaN;
    }
  }
  return cosines(products, count);
}

/** Of the rows of a representation. */
function squaredLengths(columns: readonly Float64Array[]): Float64Array {
  const result = new Float64Array(columns.length === 0 ? 0 : columns[0].length);
  for (const column of columns) for (let row = 0; row < result.length; row++) result[row] += column[row] ** 2;
  return result;
}
