import type { Matrix } from './matrix';

export interface Eigen {
  /** Descending. */
  readonly values: Float64Array;
  /** `vectors[k * count + i]`: coordinate i of the unit eigenvector of value k. */
  readonly vectors: Matrix;
}

/**
 * Eigenvalues and vectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations,
 * section 8.5). An entry counts as gone when it is small beside its own two diagonal entries, so small eigenvalues of
 * graded matrices keep their relative accuracy.
 */
export function eigen(matrix: Matrix, count: number): Eigen {
  const work = Float64Array.from(matrix);
  const vectors = new Float64Array(count * count);
  for (let i = 0; i < count; i++) vectors[i * count + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotated = false;
    for (let p = 0; p < count; p++) {
      for (let q = p + 1; q < count; q++) {
        const off = work[p * count + q];
        const scale = Math.sqrt(Math.abs(work[p * count + p])) * Math.sqrt(Math.abs(work[q * count + q]));
        if (off === 0 || Math.abs(off) <= 1e-16 * scale) continue;
        rotated = true;
        rotate(work, vectors, count, p, q);
      }
    }
    if (!rotated) break;
  }
  return sorted(work, vectors, count);
}

function rotate(work: Matrix, vectors: Matrix, count: number, p: number, q: number): void {
  const off = work[p * count + q];
  const theta = (work[q * count + q] - work[p * count + p]) / (2 * off);
  const tangent =
    Math.abs(theta) > 1e150 ? 0.5 / theta : Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  work[p * count + p] -= tangent * off;
  work[q * count + q] += tangent * off;
  work[p * count + q] = work[q * count + p] = 0;
  for (let k = 0; k < count; k++) {
    const [vp, vq] = [vectors[p * count + k], vectors[q * count + k]];
    vectors[p * count + k] = cosine * vp - sine * vq;
    vectors[q * count + k] = sine * vp + cosine * vq;
    if (k === p || k === q) continue;
    const [kp, kq] = [work[k * count + p], work[k * count + q]];
    work[k * count + p] = work[p * count + k] = cosine * kp - sine * kq;
    work[k * count + q] = work[q * count + k] = sine * kp + cosine * kq;
  }
}

function sorted(work: Matrix, vectors: Matrix, count: number): Eigen {
  const order = Array.from({ length: count }, (_, index) => index);
  order.sort((one, other) => work[other * count + other] - work[one * count + one]);
  const result = { values: new Float64Array(count), vectors: new Float64Array(count * count) };
  order.forEach((from, to) => {
    result.values[to] = work[from * count + from];
    result.vectors.set(vectors.subarray(from * count, (from + 1) * count), to * count);
  });
  return result;
}
