import { cholesky, solve } from './cholesky';
import { directions, dot, multiply, type Matrix } from './matrix';
import { minimumNorm } from './minimumNorm';

/**
 * Weights `a > 0` with `(G a)_t = a_t^(-power)`: for power 1 Nash's bargaining solution, for `1 / alpha` the
 * alpha-fair one. They are the minimum of the convex `a' G a / 2 - sum of a^(1 - power) / (1 - power)`, found by damped
 * Newton steps of the logarithms of the weights, to about 1e-12.
 *
 * The equation has no solution where some convex combination of the gradients is zero, for then no direction lowers
 * every loss; the result are the weights of that combination, whose step is none.
 * @param gramian T x T by rows, without zero gradients
 */
export function fairWeights(gramian: Matrix, count: number, power: number): Float64Array {
  const { norms, cosines } = directions(gramian, count);
  const stationary = minimumNorm(cosines, count);
  if (dot(stationary, multiply(cosines, stationary)) < 1e-12) {
    return normalised(stationary.map((weight, task) => weight / norms[task]));
  }
  // In lengths b_t = a_t |g_t| the equation is (C b)_t = k_t b_t^(-power) with k_t = |g_t|^(power - 1).
  const scales = norms.map((norm) => (power - 1) * Math.log(norm));
  const logs = scales.map((scale) => scale / (power + 1));
  newton(logs, { cosines, count, power, scales });
  return logs.map((log, task) => Math.exp(log) / norms[task]);
}

function normalised(values: Float64Array): Float64Array {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}

interface Equation {
  readonly cosines: Matrix;
  readonly count: number;
  readonly power: number;
  /** Logarithms of k. */
  readonly scales: Float64Array;
}

/** Logarithms of the lengths to those of the solution, in place. */
function newton(logs: Float64Array, equation: Equation): void {
  const { count, power, scales } = equation;
  let state = evaluate(logs, equation);
  for (let iteration = 0; iteration < 200 && state.error > 1e-14; iteration++) {
    const step = newtonStep(state, equation);
    if (!step) return;
    const longest = step.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    let fraction = Math.min(1, 3 / longest);
    let next = state;
    const trial = new Float64Array(count);
    for (; fraction > 1e-10; fraction /= 2) {
      for (let t = 0; t < count; t++) trial[t] = logs[t] + fraction * step[t];
      next = evaluate(trial, equation);
      if (next.error < state.error || decreases(state, next, logs, trial, power, scales)) break;
    }
    if (fraction <= 1e-10) return;
    logs.set(trial);
    state = next;
  }
}

interface Evaluation {
  readonly lengths: Float64Array;
  /** `b * (C b)` and `k * b^(1 - power)`, which should be equal. */
  readonly gains: Float64Array;
  readonly wanted: Float64Array;
  /** The largest relative difference of the two. */
  readonly error: number;
}

function evaluate(logs: Float64Array, { cosines, power, scales }: Equation): Evaluation {
  const lengths = logs.map(Math.exp);
  const products = multiply(cosines, lengths);
  const gains = lengths.map((length, t) => length * products[t]);
  const wanted = logs.map((log, t) => Math.exp(scales[t] + (1 - power) * log));
  let error = 0;
  for (let t = 0; t < lengths.length; t++) error = Math.max(error, Math.abs(gains[t] - wanted[t]) / wanted[t]);
  return { lengths, gains, wanted, error };
}

/** Whether the convex function falls from one point to the other. */
function decreases(
  from: Evaluation,
  to: Evaluation,
  fromLogs: Float64Array,
  toLogs: Float64Array,
  power: number,
  scales: Float64Array,
): boolean {
  const value = ({ gains, wanted }: Evaluation, logs: Float64Array) => {
    let total = 0;
    for (let t = 0; t < gains.length; t++) {
      total += gains[t] / 2 - (power === 1 ? logs[t] * Math.exp(scales[t]) : wanted[t] / (1 - power));
    }
    return total;
  };
  return value(to, toLogs) < value(from, fromLogs);
}

/** The step of the logarithms: `(B C B + power K) s = wanted - gains`, scaled to a diagonal of 1. */
function newtonStep({ lengths, gains, wanted }: Evaluation, { cosines, count, power }: Equation) {
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
