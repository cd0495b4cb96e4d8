import type { Matrix } from './matrix';

/** A lower triangle with `matrix = triangle * transpose`, of the rows before `rank`; those after depend on them. */
export interface Cholesky {
  readonly triangle: Matrix;
  readonly count: number;
  /** The first row that is a combination of those before it; `count` where there is none. */
  readonly rank: number;
}

/**
 * Factors a symmetric matrix with a diagonal of about 1.
 * @param tolerance a pivot of this or less (for cosines: the squared sine of the angle to the rows before) counts as 0
 */
export function cholesky(matrix: Matrix, count: number, tolerance = 1e-12): Cholesky {
  const triangle = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    const row = i * count;
    for (let j = 0; j <= i; j++) {
      let value = matrix[row + j];
      for (let k = 0; k < j; k++) value -= triangle[row + k] * triangle[j * count + k];
      if (j < i) triangle[row + j] = value / triangle[j * count + j];
      else if (value > tolerance * matrix[row + i]) triangle[row + i] = Math.sqrt(value);
      else return { triangle, count, rank: i };
    }
  }
  return { triangle, count, rank: count };
}

/** Solves for the rows before `size` (at most the rank). */
export function solveTriangles({ triangle, count }: Cholesky, right: ArrayLike<number>, size = count): Float64Array {
  const result = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let value = right[i];
    for (let k = 0; k < i; k++) value -= triangle[i * count + k] * result[k];
    result[i] = value / triangle[i * count + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    let value = result[i];
    for (let k = i + 1; k < size; k++) value -= triangle[k * count + i] * result[k];
    result[i] = value / triangle[i * count + i];
  }
  return result;
}

/** Solves `matrix * x = right` with one step of refinement; `factor` is of full rank. */
export function solve(factor: Cholesky, matrix: Matrix, right: ArrayLike<number>): Float64Array {
  const { count } = factor;
  const result = solveTriangles(factor, right);
  const residual = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let value = right[i];
    for (let j = 0; j < count; j++) value -= matrix[i * count + j] * result[j];
    residual[i] = value;
  }
  const correction = solveTriangles(factor, residual);
  for (let i = 0; i < count; i++) result[i] += correction[i];
  return result;
}
