import { cholesky, solve } from '../../common/linear/cholesky';
import { dot, multiply, sum, type Matrix } from '../../common/linear/matrix';
import { directions } from './directions';
import { minimumNorm } from './minimumNorm';

/**
 * Weights `a > 0` with `(G a)_t = a_t^(-power)`: for power 1 Nash's bargaining solution, for `1 / alpha` the
 * alpha-fair one; to about 1e-12.
 *
 * In lengths along the directions, `b_t = a_t |g_t|`, it is `(C b)_t = k_t b_t^(-power)` with the cosines C and
 * `k_t = |g_t|^(power - 1)`: the minimum of the convex `b' C b / 2 - sum of k b^(1 - power) / (1 - power)`. Its Newton
 * steps are taken of the logarithms of b and kept short; far from the minimum every such step is of about the length
 * of one, whatever the scales.
 *
 * The equation has no solution where some convex combination of the gradients is zero, for then no direction lowers
 * every loss; the result are the weights of that combination, whose step is none.
 * @param gramian T x T by rows, without zero gradients
 */
export function fairWeights(gramian: Matrix, count: number, power: number): Float64Array {
  const { norms, cosines } = directions(gramian, count);
  const stationary = minimumNorm(cosines, count);
  if (dot(stationary, multiply(cosines, stationary)) < 1e-13) {
    const weights = stationary.map((weight, task) => weight / norms[task]);
    const total = sum(weights);
    return weights.map((weight) => weight / total);
  }
  // Where lengths differ by so much that float64 does not hold the equation, that of a power nearer to 1 is taken.
  for (let nearer = power, trial = 0; ; nearer = trial < 6 ? (nearer + 1) / 2 : 1, trial++) {
    const scales = norms.map((norm) => (nearer - 1) * Math.log(norm));
    const { logs, error } = newton({ cosines, power: nearer, scales });
    if (error < 1e-3 || nearer === 1) return logs.map((log, task) => Math.exp(log) / norms[task]);
  }
}

interface Equation {
  readonly cosines: Matrix;
  readonly power: number;
  /** Logarithms of k. */
  readonly scales: Float64Array;
}

interface Solution {
  /** Logarithms of the lengths. */
  readonly logs: Float64Array;
  readonly error: number;
}

/** Starts from the solution for orthogonal gradients. */
function newton(equation: Equation): Solution {
  const { scales, power } = equation;
  let logs = scales.map((scale) => scale / (power + 1));
  let best: Solution = { logs, error: Infinity };
  let trust = 2;
  for (let iteration = 0, since = 0; iteration < 300 && trust > 0.01; iteration++, since++) {
    const state = evaluate(logs, equation);
    if (state.error < best.error) {
      best = { logs, error: state.error };
      since = 0;
    }
    if (best.error <= 1e-14 || (best.error < 1e-6 && since > 2)) break;
    if (since > 20) [trust, since] = [trust / 2, 0];
    const step = newtonStep(state, equation);
    if (!step) break;
    const longest = step.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const fraction = Math.min(1, trust / longest);
    logs = logs.map((log, t) => log + fraction * step[t]);
  }
  return best;
}

interface Evaluation {
  readonly lengths: Float64Array;
  /** `b * (C b)` and `k * b^(1 - power)`, which should be equal. */
  readonly gains: Float64Array;
  readonly wanted: Float64Array;
  /** The largest relative difference of the two, beyond what rounding makes. */
  readonly error: number;
}

function evaluate(logs: Float64Array, { cosines, power, scales }: Equation): Evaluation {
  const lengths = logs.map(Math.exp);
  const products = multiply(cosines, lengths);
  const gains = lengths.map((length, t) => length * products[t]);
  const wanted = logs.map((log, t) => Math.exp(scales[t] + (1 - power) * log));
  const reach = 1e-14 * sum(lengths);
  let error = 0;
  for (let t = 0; t < lengths.length; t++) {
    const rounding = reach * lengths[t];
    error = Math.max(error, (Math.abs(gains[t] - wanted[t]) - rounding) / wanted[t]);
  }
  return { lengths, gains, wanted, error };
}

/** The step of the logarithms: `(B C B + power K) s = wanted - gains`, scaled to a diagonal of 1. */
function newtonStep({ lengths, gains, wanted }: Evaluation, { cosines, power }: Equation) {
  const count = lengths.length;
  const diagonal = lengths.map((length, t) => Math.sqrt(length * length + power * wanted[t]));
  const matrix = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    const own = lengths[i] / diagonal[i];
    for (let j = 0; j < count; j++) matrix[i * count + j] = own * cosines[i * count + j] * (lengths[j] / diagonal[j]);
    matrix[i * count + i] = 1;
  }
  const factor = cholesky(matrix, count, 1e-16);
  if (factor.rank < count) return undefined;
  const right = wanted.map((value, t) => (value - gains[t]) / diagonal[t]);
  return solve(factor, matrix, right).map((value, t) => value / diagonal[t]);
}
