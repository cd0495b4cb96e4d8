import { cholesky, solve } from '../../common/linear/cholesky';
import { multiply, submatrix, sum, type Matrix } from '../../common/linear/matrix';
import { directions } from './directions';

/**
 * Projects `sum over t of preference[t] * g_t` onto the dual cone of the gradients: the nearest vector that no gradient
 * opposes. Weights `v >= preference` that minimise `v' G v` (Quinton and Rey, Jacobian Descent, 2024, proposition 1);
 * an active-set method after Lawson and Hanson (Solving Least Squares Problems, 1974), exact up to rounding.
 * @param gramian T x T by rows
 */
export function projectOntoDualCone(gramian: Matrix, count: number, preference: ArrayLike<number>): Float64Array {
  const { norms, cosines } = directions(gramian, count);
  const wanted = norms.map((norm, task) => norm * preference[task]);
  const extra = leastSquaresIncrease(cosines, count, wanted);
  return norms.map((norm, task) => preference[task] + (norm > 0 ? extra[task] / norm : 0));
}

/** Lengths `x >= 0` that minimise `|U'(x + wanted)|^2`, where `U U'` are the cosines. */
function leastSquaresIncrease(cosines: Matrix, count: number, wanted: Float64Array): Float64Array {
  const opposite = multiply(cosines, wanted).map((value) => -value);
  const tolerance = 1e-15 * count * sum(wanted.map(Math.abs));
  let lengths = new Float64Array(count);
  let support: readonly number[] = [];
  let before = -1;
  for (let iteration = 0; iteration < 30 * count + 30; iteration++) {
    const products = multiply(cosines, lengths);
    const entering = mostOpposed(opposite, products, support, tolerance);
    if (entering === -1 || entering === before) break;
    const next = restore([...support, entering], lengths, cosines, opposite);
    // A task that leaves as soon as it enters depends on the others; only rounding made it look opposed.
    if (!next || !next.support.includes(entering)) break;
    before = next.support.length <= support.length ? -1 : entering;
    ({ support, lengths } = next);
  }
  return lengths;
}

function mostOpposed(
  opposite: Float64Array,
  products: Float64Array,
  support: readonly number[],
  tolerance: number,
): number {
  let most = tolerance;
  let entering = -1;
  for (let i = 0; i < opposite.length; i++) {
    const slope = opposite[i] - products[i];
    if (slope <= most || support.includes(i)) continue;
    most = slope;
    entering = i;
  }
  return entering;
}

interface Active {
  readonly support: readonly number[];
  readonly lengths: Float64Array<ArrayBuffer>;
}

function restore(
  tasks: readonly number[],
  from: Float64Array<ArrayBuffer>,
  cosines: Matrix,
  opposite: Float64Array,
): Active | undefined {
  let support = tasks;
  let lengths = from;
  while (support.length > 0) {
    const matrix = submatrix(cosines, opposite.length, support);
    const factor = cholesky(matrix, support.length);
    if (factor.rank < support.length) return undefined;
    const right = support.map((task) => opposite[task]);
    const target = solve(factor, matrix, right);
    let fraction = 1;
    let stopping = -1;
    support.forEach((task, at) => {
      if (target[at] > 0) return;
      const reached = lengths[task] / (lengths[task] - target[at]);
      if (lengths[task] > 0 && reached >= fraction) return;
      fraction = lengths[task] > 0 ? reached : 0;
      stopping = task;
    });
    const moved = new Float64Array(lengths.length);
    support.forEach((task, at) => (moved[task] = lengths[task] + fraction * (target[at] - lengths[task])));
    if (stopping === -1) return { support, lengths: moved };
    moved[stopping] = 0;
    lengths = moved.map((length) => Math.max(0, length));
    support = support.filter((task) => lengths[task] > 0);
  }
  return { support, lengths };
}
