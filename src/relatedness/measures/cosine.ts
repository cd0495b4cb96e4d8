import type { Matrix } from '../../common/linear/matrix';
import type { RelatednessValues } from '../measure';
import { symmetricMatrix, within } from './matrix';

/**
 * Cosines by a Gramian; null with a vector that is zero or not finite, or that is not `present`.
 * @param gramian Inner products, row-major.
 */
export function cosines(
  gramian: ArrayLike<number>,
  count: number,
  present: (vector: number) => boolean = () => true,
): RelatednessValues {
  const norms = lengths(gramian, count);
  const known = (vector: number) => present(vector) && norms[vector] > 0 && Number.isFinite(norms[vector]);
  return symmetricMatrix(count, (one, other) => {
    if (!known(one) || !known(other)) return null;
    return one === other ? 1 : within([-1, 1], gramian[one * count + other] / (norms[one] * norms[other]));
  });
}

/** Lengths of the vectors behind a Gramian. */
export function lengths(gramian: ArrayLike<number>, count: number): Matrix {
  return Float64Array.from({ length: count }, (_, vector) => Math.sqrt(gramian[vector * count + vector]));
}
