import type { RelatednessMeasure } from '../measure';
import { gradientCosine } from './gradientCosine';
import { gramianCost } from './gradientCost';
import { percent } from './words';

/** 1 where the gradients of two tasks have a negative inner product, 0 where not: its mean over steps is a rate. */
export const conflictRate: RelatednessMeasure<'conflict-rate'> = {
  name: 'conflict-rate',
  title: 'Conflict rate',
  summary: 'How often two tasks pull the shared parameters apart: the share of measured steps with a negative cosine.',
  details:
    'The share of measured steps at which $g_i^\\top g_j < 0$, for the gradients of two task losses at the shared parameters; in $[0, 1]$, symmetric, lower is closer. ' +
    'Gradients of unrelated tasks conflict at about half of the steps. Steps at which a task has no gradient do not count.',
  source: 'Yu et al., Gradient Surgery for Multi-Task Learning, 2020',
  moment: 'training',
  needs: 'gramian',
  range: [0, 1],
  directed: false,
  higherIsCloser: false,
  neutral: 0.5,
  ends: { low: 'never in conflict', middle: 'as by chance', high: 'always in conflict' },
  say: (value, from, to) =>
    `the gradients of ${from} and ${to} were opposed in ${percent(value)} of the measured steps`,
  cost: gramianCost,
  fromGramian: (gramian, present) =>
    gradientCosine
      .fromGramian(gramian, present)
      .map((row) => row.map((cosine) => (cosine === null ? null : cosine < 0 ? 1 : 0))),
};
