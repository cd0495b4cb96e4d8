import { cholesky, solve } from '../../common/linear/cholesky';
import { dot, multiply, submatrix, sum, type Matrix } from '../../common/linear/matrix';
import { combinedNorm } from './directions';
import { minimumNorm } from './minimumNorm';

/**
 * CAGrad's inner problem: weights w on the simplex that minimise `<g_w, g_0> + radius |g_w|`, where `g_w` is the
 * weighted sum of the gradients and `g_0` their mean. Its dual: the step within `radius` of `g_0` whose worst task
 * gains most.
 *
 * For a given `tau = |g_w| / radius` the minimum is the shortest point in the hull of `g_t + tau g_0`. `|g_w| / tau`
 * falls as tau grows, so tau is bracketed; on the right set of tasks it has a closed form, which ends the search.
 * @param gramian T x T by rows
 * @returns the weights; undefined where a convex combination of the gradients is zero, for then every step within the
 *   radius that gains nothing for the worst task is as good as another
 */
export function conflictAverseWeights(gramian: Matrix, count: number, radius: number): Float64Array | undefined {
  const shortest = minimumNorm(gramian, count);
  const least = combinedNorm(gramian, shortest);
  let reach = 0;
  let longest = 0;
  for (let t = 0; t < count; t++) {
    const norm = Math.sqrt(Math.max(0, gramian[t * count + t]));
    reach += shortest[t] * norm;
    longest = Math.max(longest, norm);
  }
  if (least <= 1e-7 * reach) return undefined;
  const mean = multiply(gramian, new Float64Array(count).fill(1 / count));
  const problem = { gramian, count, radius, mean, meanSquare: sum(mean) / count };
  return search(problem, least / radius, (longest / radius) * (1 + 1e-9));
}

interface Problem {
  readonly gramian: Matrix;
  readonly count: number;
  readonly radius: number;
  /** `<g_t, g_0>` of each task, and `|g_0|^2`. */
  readonly mean: Float64Array;
  readonly meanSquare: number;
}

function search(problem: Problem, least: number, most: number): Float64Array {
  let [low, high] = [least, most];
  let tau = low;
  let weights = new Float64Array(problem.count);
  for (let iteration = 0; iteration < 100 && high > low * (1 + 1e-15); iteration++) {
    weights = Float64Array.from(minimumNorm(shifted(problem, tau), problem.count));
    const face = onFace(problem, weights);
    if (face && isOptimal(problem, face)) return face.weights;
    if (combinedNorm(problem.gramian, weights) > problem.radius * tau) low = tau;
    else high = tau;
    tau = face && face.tau > low && face.tau < high ? face.tau : Math.sqrt(low) * Math.sqrt(high);
  }
  return weights;
}

/** Inner products of the `g_t + tau g_0`. */
function shifted({ gramian, count, mean, meanSquare }: Problem, tau: number): Matrix {
  const result = new Float64Array(count * count);
  const square = tau * tau * meanSquare;
  for (let i = 0, at = 0; i < count; i++) {
    for (let j = 0; j < count; j++, at++) result[at] = gramian[at] + tau * (mean[i] + mean[j]) + square;
  }
  return result;
}

interface Face {
  readonly weights: Float64Array<ArrayBuffer>;
  readonly support: readonly number[];
  readonly tau: number;
}

/**
 * The minimum over the affine hull of the tasks that have weight: `w = -tau p + nu q` with `G p = <g, g_0>`,
 * `G q = 1`, and `|g_w|^2 = 1 / sum(q) + tau^2 kappa = radius^2 tau^2`.
 */
function onFace({ gramian, count, radius, mean }: Problem, weights: Float64Array): Face | undefined {
  const support = [...weights.keys()].filter((task) => weights[task] > 0);
  const norms = support.map((task) => Math.sqrt(gramian[task * count + task]));
  const size = support.length;
  const matrix = submatrix(gramian, count, support);
  for (let i = 0, at = 0; i < size; i++) {
    for (let j = 0; j < size; j++, at++) matrix[at] = i === j ? 1 : matrix[at] / norms[i] / norms[j];
  }
  const factor = cholesky(matrix, size, 1e-13);
  if (factor.rank < size) return undefined;
  const solved = (right: readonly number[]) =>
    solve(
      factor,
      matrix,
      right.map((value, at) => value / norms[at]),
    ).map((value, at) => value / norms[at]);
  const p = solved(support.map((task) => mean[task]));
  const q = solved(support.map(() => 1));
  const total = sum(q);
  const slope = p.map((value, at) => (q[at] * sum(p)) / total - value);
  const kappa = -dot(
    slope,
    support.map((task) => mean[task]),
  );
  const square = 1 / total / (radius * radius - kappa);
  if (!(square > 0)) return undefined;
  const tau = Math.sqrt(square);
  const result = new Float64Array(count);
  support.forEach((task, at) => (result[task] = q[at] / total + tau * slope[at]));
  return { weights: result, support, tau };
}

/** Whether no weight is negative and no other task would lower the objective. */
function isOptimal({ gramian, count, radius, mean }: Problem, { weights, support }: Face): boolean {
  if (support.some((task) => weights[task] < 0)) return false;
  const products = multiply(gramian, weights);
  const norm = Math.sqrt(Math.max(0, dot(weights, products)));
  const slopes = products.map((product, task) => mean[task] + (radius / norm) * product);
  const level = dot(weights, slopes);
  return slopes.every((slope, task) => {
    const size = Math.sqrt(gramian[task * count + task]);
    return slope >= level - 1e-12 * radius * (size + norm);
  });
}
