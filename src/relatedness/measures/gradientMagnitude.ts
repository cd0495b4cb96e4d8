import type { RelatednessMeasure } from '../measure';
import { lengths } from './cosine';
import { gramianCost } from './gradientCost';
import { symmetricMatrix } from './matrix';
import { plain } from './words';

/** `2 |g_i| |g_j| / (|g_i|^2 + |g_j|^2)`. */
export const gradientMagnitude: RelatednessMeasure<'gradient-magnitude'> = {
  name: 'gradient-magnitude',
  title: 'Gradient magnitude similarity',
  summary: 'How alike two tasks are in how hard they pull the shared parameters: 1 alike, near 0 where one dominates.',
  details:
    '$\\frac{2 \\lVert g_i \\rVert \\lVert g_j \\rVert}{\\lVert g_i \\rVert^2 + \\lVert g_j \\rVert^2}$ of the gradients of two task losses at the shared parameters, in $[0, 1]$, symmetric. ' +
    'It says nothing of directions: tasks in full conflict that pull equally hard have 1. Two tasks without a gradient have no value; one beside a task that has one has 0.',
  source: 'Yu et al., Gradient Surgery for Multi-Task Learning, 2020',
  moment: 'training',
  needs: 'gramian',
  range: [0, 1],
  directed: false,
  higherIsCloser: true,
  ends: { low: 'one dominates', high: 'equally strong' },
  say: (value, from, to) =>
    value > 0
      ? `of the gradients of ${from} and ${to} one is ${plain((1 + Math.sqrt(Math.max(0, 1 - value ** 2))) / value)} times as long as the other`
      : `of the gradients of ${from} and ${to} one is as good as nothing against the other`,
  cost: gramianCost,
  fromGramian(gramian, present) {
    const norms = lengths(gramian, present.length);
    return symmetricMatrix(present.length, (one, other) => {
      const larger = Math.max(norms[one], norms[other]);
      if (!present[one] || !present[other] || !(larger > 0 && larger < Infinity)) return null;
      // By their ratio, so that squares of large or small numbers do not leave the range of floating point.
      const ratio = Math.min(norms[one], norms[other]) / larger;
      return (2 * ratio) / (1 + ratio * ratio);
    });
  },
};
