import { dot, multiply, type Matrix } from '../../common/linear/matrix';

/** Gradients as directions and lengths. */
export interface Directions {
  /** Length of each gradient. */
  readonly norms: Float64Array;
  /** Cosines between them, 1 on the diagonal; rows and columns of zero gradients are 0. */
  readonly cosines: Matrix;
}

/**
 * Takes lengths and directions of the gradients behind a Gramian apart. The solvers work on the directions, so that
 * gradients of 1e-15 beside gradients of 1e15 lose nothing.
 */
export function directions(gramian: Matrix, count: number): Directions {
  const norms = new Float64Array(count);
  for (let i = 0; i < count; i++) norms[i] = Math.sqrt(Math.max(0, gramian[i * count + i]));
  const cosines = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    if (norms[i] === 0) continue;
    cosines[i * count + i] = 1;
    for (let j = 0; j < i; j++) {
      if (norms[j] === 0) continue;
      const cosine = Math.max(-1, Math.min(1, gramian[i * count + j] / norms[i] / norms[j]));
      cosines[i * count + j] = cosines[j * count + i] = cosine;
    }
  }
  return { norms, cosines };
}

/** The length of the combination of gradients that `weights` makes. */
export function combinedNorm(gramian: Matrix, weights: ArrayLike<number>): number {
  return Math.sqrt(Math.max(0, dot(weights, multiply(gramian, weights))));
}
