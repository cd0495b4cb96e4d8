import { z } from 'zod';
import { words } from '../common/schemaMeta';
import type { WeightingMethod } from './method';
import { amongPresent } from './presence';
import { eigen } from '../common/linear/eigen';
import { sum, type Matrix } from '../common/linear/matrix';

type Scale = z.output<typeof options>['scale'];

const options = z.strictObject({
  scale: words({
    min: 'The smallest, which guarantees convergence.',
    median: 'The median (the lower one of two).',
    rmse: 'The root of the mean of the eigenvalues.',
  })
    .default('min')
    .meta({ description: 'The singular value that all others are set to.' }),
});

/** `w = sqrt(lambda) G^(-1/2) 1`, over the eigenvalues that are not zero. */
export const alignedMtl: WeightingMethod<'aligned-mtl', typeof options, null, 'gramian'> = {
  name: 'aligned-mtl',
  title: 'Aligned-MTL',
  summary: 'Makes the gradients orthogonal and equally long by the least change of all of them, and adds them up.',
  details:
    '$w = \\sqrt{\\lambda} V \\Lambda^{-1/2} V^\\top 1$ with the eigenvalues $\\Lambda$ and eigenvectors $V$ of the Gramian: all singular values of the matrix of gradients are set to one, $\\sqrt{\\lambda}$. ' +
    'Directions of eigenvalues below $10^{-15} T$ of the largest are left out. Weights can be negative. The gradients are summed, as in the code of the authors and LibMTL; TorchJD takes their mean.',
  source: 'Senushkin et al., Independent Component Alignment for Multi-Task Learning, 2023',
  options,
  needs: 'gramian',
  appliesTo: 'shared',
  orderMatters: false,
  weights: 'any',
  conflict: 'possible',
  initialise: () => null,
  weigh: ({ present, gramian, options: { scale }, state }) => ({
    weights: amongPresent({ present, gramian }, (inner, count) => aligned(inner, count, scale)),
    state,
  }),
};

function aligned(gramian: Matrix, count: number, scale: Scale): Float64Array {
  const { values, vectors } = eigen(gramian, count);
  const kept = values.filter((value) => value > 1e-15 * count * values[0]);
  const target = Math.sqrt(common(kept, scale));
  const weights = new Float64Array(count);
  kept.forEach((value, k) => {
    const vector = vectors.subarray(k * count, (k + 1) * count);
    const total = sum(vector);
    // Gradients that cancel add up to nothing, not to rounding.
    const factor = Math.abs(total) > 1e-10 * count ? (target / Math.sqrt(value)) * total : 0;
    for (let t = 0; t < count; t++) weights[t] += factor * vector[t];
  });
  return weights;
}

/** @param values descending */
function common(values: Float64Array, scale: Scale): number {
  switch (scale) {
    case 'min':
      return values[values.length - 1];
    case 'median':
      return values[Math.floor(values.length / 2)];
    case 'rmse':
      return sum(values) / values.length;
  }
}
