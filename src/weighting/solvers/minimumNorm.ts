import { cholesky, solve, solveTriangles } from '../../common/linear/cholesky';
import { dot, multiply, submatrix, sum, type Matrix } from '../../common/linear/matrix';
import { directions } from './directions';

/** The point as it stands, in lengths along the directions: `length[i] = weight[i] * norm[i]`. */
interface Point {
  readonly support: readonly number[];
  /** One per task; 0 outside the support. */
  readonly lengths: Float64Array;
}

/**
 * The shortest vector in the convex hull of the gradients: weights on the simplex that minimise `w' G w` (Wolfe,
 * Finding the nearest point in a polytope, 1976). Exact up to rounding: `|d|^2 - <g_i, d>` is at most about 1e-14 of
 * `|g_i|` times the lengths summed.
 * @param gramian T x T by rows
 */
export function minimumNorm(gramian: Matrix, count: number): Float64Array {
  const { norms, cosines } = directions(gramian, count);
  const smallest = norms.reduce((least, norm) => Math.min(least, norm), Infinity);
  if (smallest === 0) return spread(norms);
  // Lengths are counted in the smallest norm; a weight of 1 on task i is then a length of 1 / shares[i].
  const shares = norms.map((norm) => smallest / norm);
  const first = norms.indexOf(smallest);
  let point: Point = { support: [first], lengths: new Float64Array(count) };
  point.lengths[first] = 1;
  let best = { point, violation: Infinity };
  for (let iteration = 0, since = 0; iteration < 20 * count + 20 && since < 2 * count; iteration++, since++) {
    const { entering, violation } = mostViolating(point, cosines, shares);
    if (violation < best.violation) {
      best = { point, violation };
      since = 0;
    }
    if (entering === -1) break;
    point = project({ ...point, support: [...point.support, entering] }, cosines, shares);
  }
  ({ point } = best);
  const weights = point.lengths.map((length, task) => length * shares[task]);
  const total = sum(weights);
  return weights.map((weight) => weight / total);
}

/** A zero gradient is the shortest there is; several share the weight. */
function spread(norms: Float64Array): Float64Array {
  const zeros = norms.reduce((count, norm) => count + (norm === 0 ? 1 : 0), 0);
  return norms.map((norm) => (norm === 0 ? 1 / zeros : 0));
}

/** The task that the point falls short for most, if any, and by how much of the lengths summed. */
function mostViolating({ support, lengths }: Point, cosines: Matrix, shares: Float64Array) {
  const count = shares.length;
  const products = multiply(cosines, lengths);
  const reach = sum(lengths);
  const square = dot(lengths, products);
  // A square that rounding could have made is none.
  const level = square > 4e-16 * count * reach * reach ? square : 0;
  let worst = -2e-15 * count * reach;
  let entering = -1;
  for (let i = 0; i < count; i++) {
    const violation = products[i] - level * shares[i];
    if (violation >= worst || support.includes(i)) continue;
    worst = violation;
    entering = i;
  }
  return { entering, violation: -worst / reach };
}

/** Moves to the shortest point of the affine hull of the support, dropping tasks whose weight would be negative. */
function project(from: Point, cosines: Matrix, shares: Float64Array): Point {
  let { support, lengths } = from;
  while (support.length > 0) {
    const target = shortestAffine(support, cosines, shares);
    if (!target) return { support, lengths };
    let fraction = 1;
    support.forEach((task, at) => {
      if (target[at] <= 0) fraction = Math.min(fraction, lengths[task] / (lengths[task] - target[at]));
    });
    const moved = new Float64Array(lengths.length);
    support.forEach((task, at) => {
      const length = lengths[task] + fraction * (target[at] - lengths[task]);
      // What stops the move is gone, whatever rounding says.
      const stops = target[at] <= 0 && lengths[task] <= fraction * (lengths[task] - target[at]) * (1 + 1e-12);
      moved[task] = stops || !(length > 0) ? 0 : length;
    });
    const complete = target.every((length) => length > 0);
    [lengths, support] = [moved, support.filter((task) => moved[task] > 0)];
    if (complete) break;
  }
  return { support, lengths };
}

/** Lengths of the shortest point of the affine hull; undefined where the points do not span one. */
function shortestAffine(support: readonly number[], cosines: Matrix, shares: Float64Array): Float64Array | undefined {
  const size = support.length;
  const matrix = submatrix(cosines, shares.length, support);
  const right = Float64Array.from(support, (task) => shares[task]);
  const factor = cholesky(matrix, size);
  let result = new Float64Array(size);
  if (factor.rank === size) {
    result = Float64Array.from(solve(factor, matrix, right));
  } else {
    // Dependent directions: the hull contains the origin.
    const { rank } = factor;
    const combination = solveTriangles(factor, matrix.subarray(rank * size, rank * size + rank), rank);
    for (let i = 0; i < rank; i++) result[i] = -combination[i];
    result[rank] = 1;
  }
  const total = dot(result, right);
  const most = result.reduce((largest, value, at) => Math.max(largest, Math.abs(value * right[at])), 0);
  return Math.abs(total) > 1e-12 * most ? result.map((value) => value / total) : undefined;
}
