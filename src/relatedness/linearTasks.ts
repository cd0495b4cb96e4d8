import { cholesky, solveTriangles, type Cholesky } from '../common/linear/cholesky';
import { eigen } from '../common/linear/eigen';
import { dot, gramianOf, multiply, type Matrix } from '../common/linear/matrix';

/** Rows of a linear regression. An intercept is a column of ones, or centred data. */
export interface LinearTask {
  /** n times d by rows. */
  readonly inputs: ArrayLike<number>;
  /** n */
  readonly targets: ArrayLike<number>;
}

/**
 * Mean-regularised ridge regression: the minimum of `Σ_t |X_t w_t - y_t|² / n_t + λ Σ_t |w_t - w̄|² + μ T |w̄|²` with
 * the mean w̄ of the weights (Evgeniou and Pontil, Regularized Multi-Task Learning, 2004). With λ = μ every task is
 * solved by itself; with a large λ all have the same weights.
 * @param width d
 * @param spread λ, at least 0.
 * @param mean μ, at least 0.
 * @returns T rows of d
 * @throws RangeError where a task has no row, or not d inputs to each target
 */
export function meanRegularised(
  tasks: readonly LinearTask[],
  width: number,
  spread: number,
  mean: number,
): Float64Array[] {
  const count = tasks.length;
  const coupling = new Float64Array(count * count).fill((mean - spread) / count);
  for (let task = 0; task < count; task++) coupling[task * count + task] += spread;
  return coupledRidge(
    tasks.map((task) => momentsOf(task, width)),
    coupling,
    width,
  );
}

export interface TaskRelationships {
  /** T rows of d. */
  readonly weights: readonly Float64Array[];
  /** Ω, T x T by rows: positive definite with trace 1. */
  readonly covariance: Matrix;
  /** The objective after each round; it never rises. */
  readonly objective: readonly number[];
}

/** Keeps Ω positive definite. */
const leastVariance = 1e-6;
const rounds = 200;

/**
 * Multi-task relationship learning: the minimum over W and Ω with trace 1 of
 * `Σ_t |X_t w_t - y_t|² / n_t + λ₁ |W|² + λ₂ tr(W Ω⁻¹ Wᵀ)`, by turns: W for a given Ω, then
 * `Ω = (WᵀW + ε I)^½ / tr` (Zhang and Yeung, A Convex Formulation for Learning Task Relationships in Multi-Task
 * Learning, 2010; with ε as in Argyriou et al., Convex Multi-Task Feature Learning, 2008). Convex in both together.
 * @param width d
 * @param ridge λ₁, at least 0.
 * @param relation λ₂, above 0.
 */
export function taskRelationships(
  tasks: readonly LinearTask[],
  width: number,
  ridge: number,
  relation: number,
): TaskRelationships {
  const count = tasks.length;
  const moments = tasks.map((task) => momentsOf(task, width));
  const objective: number[] = [];
  let weights: Float64Array[] = [];
  let { covariance, precision } = relationOf(tasks.map(() => new Float64Array(width)));
  for (let round = 0; round < rounds; round++) {
    const coupling = precision.map((entry, cell) => relation * entry + (cell % (count + 1) === 0 ? ridge : 0));
    weights = coupledRidge(moments, coupling, width);
    ({ covariance, precision } = relationOf(weights));
    objective.push(objectiveOf(moments, weights, ridge, relation, precision));
    const [before, now] = objective.slice(-2);
    if (now !== undefined && before - now <= 1e-9 * Math.abs(now)) break;
  }
  return { weights, covariance, objective };
}

/** `(WᵀW + ε I)^½ / tr`, and its inverse. */
function relationOf(weights: readonly Float64Array[]): { readonly covariance: Matrix; readonly precision: Matrix } {
  const count = weights.length;
  const { values, vectors } = eigen(gramianOf(weights), count);
  const roots = values.map((value) => Math.sqrt(Math.max(0, value) + leastVariance));
  const trace = roots.reduce((sum, root) => sum + root, 0);
  const covariance = new Float64Array(count * count);
  const precision = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      for (let k = 0; k < count; k++) {
        const product = vectors[k * count + i] * vectors[k * count + j];
        covariance[i * count + j] += (product * roots[k]) / trace;
        precision[i * count + j] += (product * trace) / roots[k];
      }
    }
  }
  return { covariance, precision };
}

function objectiveOf(
  moments: readonly Moments[],
  weights: readonly Float64Array[],
  ridge: number,
  relation: number,
  precision: Matrix,
): number {
  const count = weights.length;
  const fit = moments.reduce((sum, { second, first, square }, task) => {
    const own = weights[task];
    return sum + dot(own, multiply(second, own)) - 2 * dot(own, first) + square;
  }, 0);
  const products = gramianOf(weights);
  let [lengths, related] = [0, 0];
  for (let i = 0; i < count; i++) {
    lengths += products[i * count + i];
    related += leastVariance * precision[i * count + i];
    for (let j = 0; j < count; j++) related += precision[i * count + j] * products[i * count + j];
  }
  return fit + ridge * lengths + relation * related;
}

/** All that the squared error of a task depends on. */
interface Moments {
  /** XᵀX / n, d x d. */
  readonly second: Matrix;
  /** Xᵀy / n */
  readonly first: Float64Array;
  /** yᵀy / n */
  readonly square: number;
}

function momentsOf({ inputs, targets }: LinearTask, width: number): Moments {
  const rows = targets.length;
  if (rows === 0 || inputs.length !== rows * width) {
    throw new RangeError(`A task has ${inputs.length} inputs for ${rows} targets. Give ${width} for each.`);
  }
  const second = new Float64Array(width * width);
  const first = new Float64Array(width);
  let square = 0;
  for (let row = 0; row < rows; row++) {
    square += targets[row] ** 2 / rows;
    for (let i = 0; i < width; i++) {
      const value = inputs[row * width + i] / rows;
      first[i] += value * targets[row];
      for (let j = 0; j < width; j++) second[i * width + j] += value * inputs[row * width + j];
    }
  }
  return { second, first, square };
}

/**
 * Solves `S_t w_t + Σ_s K_ts w_s = b_t` for all tasks together by conjugate gradients, with the blocks of single tasks
 * as preconditioner; S are the second moments, b the first ones.
 * @param coupling K, T x T by rows, positive semidefinite.
 */
function coupledRidge(moments: readonly Moments[], coupling: Matrix, width: number): Float64Array[] {
  const count = moments.length;
  const blocks = moments.map(({ second }, task) => blockOf(second, coupling[task * count + task], width));
  const split = (all: Float64Array) => moments.map((_, task) => all.subarray(task * width, (task + 1) * width));
  const weights = new Float64Array(count * width);
  const residual = Float64Array.from(moments.flatMap(({ first }) => [...first]));
  const precondition = () =>
    Float64Array.from(split(residual).flatMap((own, task) => [...solveTriangles(blocks[task], own)]));
  const smallest = 1e-26 * dot(residual, residual);
  let direction = precondition();
  let slope = dot(residual, direction);
  for (let round = 0; round < 20 * count * width && dot(residual, residual) > smallest; round++) {
    const image = applied(moments, coupling, split(direction), width);
    const step = slope / dot(direction, image);
    for (let k = 0; k < weights.length; k++) {
      weights[k] += step * direction[k];
      residual[k] -= step * image[k];
    }
    const next = precondition();
    const nextSlope = dot(residual, next);
    direction = next.map((entry, k) => entry + (nextSlope / slope) * direction[k]);
    slope = nextSlope;
  }
  return split(weights).map((own) => Float64Array.from(own));
}

/** A little more on the diagonal keeps inputs that depend on each other from stopping the factorisation. */
function blockOf(second: Matrix, strength: number, width: number): Cholesky {
  const block = Float64Array.from(second);
  let most = 0;
  for (let k = 0; k < width; k++) most = Math.max(most, second[k * width + k]);
  for (let k = 0; k < width; k++) block[k * width + k] += strength + 1e-8 * most || 1;
  return cholesky(block, width, 0);
}

function applied(
  moments: readonly Moments[],
  coupling: Matrix,
  parts: readonly Float64Array[],
  width: number,
): Float64Array {
  const count = moments.length;
  const result = new Float64Array(count * width);
  moments.forEach(({ second }, task) => {
    const own = multiply(second, parts[task]);
    for (let other = 0; other < count; other++) {
      const strength = coupling[task * count + other];
      if (strength !== 0) for (let k = 0; k < width; k++) own[k] += strength * parts[other][k];
    }
    result.set(own, task * width);
  });
  return result;
}
