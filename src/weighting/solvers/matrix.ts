/** A square matrix by rows, `matrix[row * count + column]`. */
export type Matrix = Float64Array;

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

/** The rows and columns of `matrix` that `chosen` names, in its order. */
export function submatrix(matrix: Matrix, count: number, chosen: readonly number[]): Matrix {
  const size = chosen.length;
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = chosen[i] * count;
    for (let j = 0; j < size; j++) result[i * size + j] = matrix[row + chosen[j]];
  }
  return result;
}

/** `matrix * vector`. */
export function multiply(matrix: Matrix, vector: ArrayLike<number>): Float64Array {
  const count = vector.length;
  const result = new Float64Array(count);
  for (let i = 0, at = 0; i < count; i++) {
    let sum = 0;
    for (let j = 0; j < count; j++, at++) sum += matrix[at] * vector[j];
    result[i] = sum;
  }
  return result;
}

export function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i] * other[i];
  return sum;
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** The length of the combination of gradients that `weights` makes. */
export function combinedNorm(gramian: Matrix, weights: ArrayLike<number>): number {
  return Math.sqrt(Math.max(0, dot(weights, multiply(gramian, weights))));
}
