import { eigen } from '../../common/linear/eigen';
import { dot, type Matrix } from '../../common/linear/matrix';

/**
 * The shortest least-squares solution of `cosines * x = right`. Where the gradients are linearly dependent (or nearly:
 * eigenvalues below 1e-12 of the largest), the directions that they do not span are left out.
 */
export function solveLeastSquares(cosines: Matrix, count: number, right: ArrayLike<number>): Float64Array {
  const { values, vectors } = eigen(cosines, count);
  const result = new Float64Array(count);
  for (let k = 0; k < count && values[k] > 1e-12 * values[0]; k++) {
    const vector = vectors.subarray(k * count, (k + 1) * count);
    const share = dot(vector, right) / values[k];
    for (let i = 0; i < count; i++) result[i] += share * vector[i];
  }
  return result;
}
