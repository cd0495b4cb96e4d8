import { eigen, type Eigen } from '../../common/linear/eigen';
import { dot } from '../../common/linear/matrix';

/** Directions whose eigenvalue is a smaller share of the largest are left out: they are rounding. */
const smallestShare = 1e-12;

/** The eigenvalues and vectors of XᵀX that are not rounding, for X given by its columns. */
export interface Spectrum extends Eigen {
  /** How many there are. */
  readonly rank: number;
}

export function spectrumOf(columns: readonly Float64Array[]): Spectrum {
  const count = columns.length;
  const scatter = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) scatter[i * count + j] = scatter[j * count + i] = dot(columns[i], columns[j]);
  }
  const { values, vectors } = eigen(scatter, count);
  let rank = 0;
  while (rank < count && values[rank] > smallestShare * values[0] && values[rank] > 0) rank++;
  return { values, vectors, rank };
}

/** `v_kᵀ vector` for each eigenvector of the spectrum. */
export function coordinates({ vectors, rank }: Spectrum, vector: ArrayLike<number>): Float64Array {
  const count = vector.length;
  return Float64Array.from({ length: rank }, (_, k) => dot(vector, vectors.subarray(k * count, (k + 1) * count)));
}
