import { dot } from '../../common/linear/matrix';
import type { TrainedMeasureOf } from '../measure';
import { leastRows } from '../statistics/correlation';
import { representationMatrix, spectrumCost, type RepresentationsAndLabels } from './representationLabels';
import { coordinates, spectrumOf, type Spectrum } from './spectrum';
import { plain } from './words';

/** The largest log evidence per row of a Bayesian linear model from a representation to labels. */
export const logMe: TrainedMeasureOf<'logme', RepresentationsAndLabels, 'representations and labels'> = {
  name: 'logme',
  title: 'LogME',
  summary: "How well a row's representation explains a column's labels linearly, without being fitted too closely.",
  details:
    "$\\max_{\\alpha, \\beta} \\frac{1}{n} \\log p(y | F, \\alpha, \\beta)$: the evidence per row of the model $y = F w + \\epsilon$ with $w \\sim N(0, \\alpha^{-1} I)$ and $\\epsilon \\sim N(0, \\beta^{-1} I)$, where $F$ is what the row's task makes of the rows and $y$ are the column's labels. Classes are taken one against the rest, and averaged. In $(-\\infty, \\infty)$, directed from the row to the column. " +
    'It is no share: labels of another scale have other values, so compare within a column. Fewer than three labelled rows, labels that are all the same, or a representation that is not finite, have no value.',
  source: 'You et al., LogME: Practical Assessment of Pre-trained Models for Transfer Learning, 2021',
  moment: 'trained',
  needs: 'representations and labels',
  takes: { rows: leastRows },
  range: [-Infinity, Infinity],
  directed: true,
  higherIsCloser: true,
  ends: { low: 'explains little', high: 'explains more' },
  say: (value, from, to) =>
    `what ${from} makes of a row explains the label of ${to} with a log evidence of ${plain(value)} nats a row, to be compared within the column of ${to} only`,
  cost: spectrumCost,
  measure: (input) =>
    representationMatrix(input, spectrumOf, ({ kind, columns, labels }, spectrum) => {
      if (kind === 'regression') return evidence(columns, spectrum, labels);
      const classes = [...new Set(labels)];
      const each = classes.map((one) =>
        evidence(
          columns,
          spectrum,
          labels.map((label) => (label === one ? 1 : 0)),
        ),
      );
      return each.reduce((total, value) => total + value, 0) / each.length;
    }),
};

/** Keeps the precisions finite where the labels are fitted exactly, or not at all; as in the authors' program. */
const least = 1e-5;

/** By the fixed point of `α = γ / |m|²` and `β = (n - γ) / |y - F m|²` (MacKay), in the basis of the spectrum. */
function evidence(columns: readonly Float64Array[], spectrum: Spectrum, labels: Float64Array): number {
  const rows = labels.length;
  const squares = spectrum.values.subarray(0, spectrum.rank);
  const projections = coordinates(
    spectrum,
    columns.map((column) => dot(column, labels)),
  );
  // (u_kᵀ y)² with the left singular vectors u_k.
  const explained = projections.map((value, k) => value ** 2 / squares[k]);
  const unexplained = Math.max(0, dot(labels, labels) - explained.reduce((total, value) => total + value, 0));
  let [alpha, beta, weights, residual] = [1, 1, 0, 0];
  for (let round = 0; round < 1000; round++) {
    const ratio = alpha / beta;
    let used = 0;
    weights = 0;
    residual = unexplained;
    for (let k = 0; k < squares.length; k++) {
      used += squares[k] / (squares[k] + ratio);
      weights += (squares[k] * explained[k]) / (squares[k] + ratio) ** 2;
      residual += explained[k] / (1 + squares[k] / ratio) ** 2;
    }
    alpha = used / (weights + least);
    beta = (rows - used) / (residual + least);
    if (Math.abs(alpha / beta / ratio - 1) < 1e-9) break;
  }
  const width = columns.length;
  let determinant = (width - squares.length) * Math.log(alpha);
  for (const square of squares) determinant += Math.log(alpha + beta * square);
  const log = width * Math.log(alpha) + rows * Math.log(beta / (2 * Math.PI)) - determinant;
  return (log - beta * residual - alpha * weights) / 2 / rows;
}
