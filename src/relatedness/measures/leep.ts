import type { TrainedMeasureOf } from '../measure';
import { checkLabels, classCount, classKinds, occurring, type TaskValues } from './labels';
import { directedMatrix, sameLength } from './matrix';
import type { Representation } from './representation';
import { percent } from './words';

export interface SourcePredictions {
  /**
   * T: for the same n rows, the probabilities that each task's model gives its classes (two for a binary task);
   * null for a task that predicts a number.
   */
  readonly probabilities: readonly (Representation | null)[];
  /** T */
  readonly labels: readonly TaskValues[];
}

/** The mean of `log Σ_z P(y | z) p(z | x)` with `P(y | z)` estimated from the same rows. */
export const leep: TrainedMeasureOf<'leep', SourcePredictions, 'probabilities and labels'> = {
  name: 'leep',
  title: 'LEEP',
  summary: "How well a column's labels can be told from the classes that a row's model predicts: 0 entirely.",
  details:
    "$\\frac{1}{n} \\sum_x \\log \\sum_z \\hat P(y | z) \\, p(z | x)$: the row's model gives probabilities $p(z | x)$ to its own classes $z$, $\\hat P(y | z)$ is how the column's labels are divided among them on the same rows, and the result is the mean log-likelihood of the column's labels. In $(-\\infty, 0]$, directed from the row to the column. " +
    'Values of different columns do not compare: a column with more classes has lower ones. Tasks that predict numbers have no values; nor has a column whose labels are all the same.',
  source: 'Nguyen et al., LEEP: A New Measure to Evaluate Transferability of Learned Representations, 2020',
  moment: 'trained',
  needs: 'probabilities and labels',
  takes: { from: classKinds, to: classKinds },
  range: [-Infinity, 0],
  directed: true,
  higherIsCloser: true,
  ends: { low: 'tells little', high: 'tells all' },
  say: (value, from, to) =>
    `by the classes that the model of ${from} predicts, the right label of ${to} has a probability of ${percent(Math.exp(value))} (geometric mean)`,
  cost: {
    formula: '$2 T^2 n d$ with $d$ classes, beside a forward pass',
    multiplications: ({ tasks, rows, features }) => 2 * tasks * tasks * rows * features,
  },
  measure({ probabilities, labels }) {
    sameLength([probabilities, labels], 'sources or labels');
    checkLabels(labels);
    return directedMatrix(labels.length, (from, to) => {
      const source = probabilities[from];
      return source === null || labels[to].kind === 'regression' ? null : logLikelihood(source, labels[to].values);
    });
  },
};

function logLikelihood(source: Representation, labels: ArrayLike<number>): number | null {
  sameLength([labels, { length: source.rows }], 'rows');
  const { rows, columns, values } = source;
  const classes = classCount(labels);
  // Sums of p(z | x) by class and z, and by z alone.
  const joint = new Float64Array(classes * columns);
  const totals = new Float64Array(columns);
  const counts = new Float64Array(classes);
  for (let row = 0; row < rows; row++) {
    if (Number.isNaN(labels[row])) continue;
    counts[labels[row]]++;
    for (let z = 0; z < columns; z++) {
      joint[labels[row] * columns + z] += values[row * columns + z];
      totals[z] += values[row * columns + z];
    }
  }
  if (occurring(counts) < 2) return null;
  const conditional = joint.map((sum, cell) => (sum === 0 ? 0 : sum / totals[cell % columns]));
  let [sum, count] = [0, 0];
  for (let row = 0; row < rows; row++) {
    if (Number.isNaN(labels[row])) continue;
    let likelihood = 0;
    for (let z = 0; z < columns; z++) likelihood += conditional[labels[row] * columns + z] * values[row * columns + z];
    sum += Math.log(likelihood);
    count++;
  }
  return Math.min(0, sum / count);
}
