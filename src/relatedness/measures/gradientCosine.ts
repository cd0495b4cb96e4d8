import type { RelatednessMeasure } from '../measure';
import { cosines } from './cosine';
import { gramianCost } from './gradientCost';
import { angle } from './words';

/** Cosine of the angle between two tasks' gradients at the shared parameters: `G_ij / sqrt(G_ii G_jj)`. */
export const gradientCosine: RelatednessMeasure<'gradient-cosine'> = {
  name: 'gradient-cosine',
  title: 'Gradient cosine',
  summary: 'How far two tasks pull the shared parameters the same way: 1 together, 0 unrelated, −1 in conflict.',
  details:
    'The cosine of the angle between the gradients $g_i$, $g_j$ of two task losses at the shared parameters, ' +
    '$\\cos(g_i, g_j) = \\frac{g_i^\\top g_j}{\\lVert g_i \\rVert \\lVert g_j \\rVert}$, in $[-1, 1]$, symmetric. ' +
    'Measured every `every` steps and averaged over each epoch; a negative value means that a step for one task undoes the other.',
  source:
    'Du et al., Adapting Auxiliary Losses Using Gradient Similarity, 2018; Yu et al., Gradient Surgery for Multi-Task Learning, 2020',
  moment: 'training',
  needs: 'gramian',
  range: [-1, 1],
  directed: false,
  higherIsCloser: true,
  neutral: 0,
  ends: { low: 'in conflict', middle: 'unrelated', high: 'pull together' },
  say: (value, from, to) =>
    `${from} and ${to} pull the shared parameters ${value > 0 ? 'the same way' : value < 0 ? 'against each other' : 'in unrelated ways'}, as at an angle of ${angle(value)}`,
  cost: gramianCost,
  fromGramian: (gramian, present) => cosines(gramian, present.length, (task) => present[task]),
};
