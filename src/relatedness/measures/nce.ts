import type { TrainedMeasureOf } from '../measure';
import { checkLabels, classKinds, countClasses, occurring, type TaskValues } from './labels';
import { directedMatrix, sameLength } from './matrix';
import { plain } from './words';

export interface Classes {
  /** T */
  readonly labels: readonly TaskValues[];
  /** T: the classes that each task's model predicts. The labels themselves, if not given. */
  readonly sources?: readonly TaskValues[];
}

/** `-H(Y | Z)`. */
export const nce: TrainedMeasureOf<'nce', Classes, 'labels'> = {
  name: 'nce',
  title: 'Negative conditional entropy',
  summary: "How much of a column's labels is known when a row's are: 0 all.",
  details:
    "$-H(Y | Z) = \\sum_{y, z} \\hat P(y, z) \\log \\hat P(y | z)$ with the classes $z$ of the row's task and $y$ of the column's on the rows that have both, in nats; in $(-\\infty, 0]$, never below minus the logarithm of the column's number of classes, directed from the row to the column. " +
    'It needs no model. Tasks that predict numbers have no values; nor has a column whose labels are all the same, or a pair without common rows.',
  source: 'Tran et al., Transferability and Hardness of Supervised Classification Tasks, 2019',
  moment: 'trained',
  needs: 'labels',
  takes: { from: classKinds, to: classKinds },
  range: [-Infinity, 0],
  directed: true,
  higherIsCloser: true,
  ends: { low: 'tells little', high: 'tells all' },
  say(value, from, to) {
    const bits = plain(Math.abs(value) / Math.LN2);
    const [unit, stay] = bits === '1' ? ['bit', 'stays'] : ['bits', 'stay'];
    return `with the label of ${from} known, ${bits} ${unit} of the label of ${to} ${stay} unknown`;
  },
  cost: { formula: '$T^2 n$ countings', multiplications: ({ tasks, rows }) => tasks * tasks * rows },
  measure({ labels, sources = labels }) {
    sameLength([labels, sources], 'sources or labels');
    checkLabels([...labels, ...sources]);
    return directedMatrix(labels.length, (from, to) => {
      if (sources[from].kind === 'regression' || labels[to].kind === 'regression') return null;
      return negativeConditionalEntropy(sources[from].values, labels[to].values);
    });
  },
};

function negativeConditionalEntropy(source: ArrayLike<number>, labels: ArrayLike<number>): number | null {
  const { count, first, second, pairs } = countClasses(source, labels);
  if (occurring(second) < 2) return null;
  let sum = 0;
  pairs.forEach((times, pair) => {
    if (times > 0) sum += times * Math.log(times / first[Math.floor(pair / second.length)]);
  });
  return Math.min(0, sum / count);
}
