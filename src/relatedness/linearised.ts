import { cholesky, solve } from '../common/linear/cholesky';
import { dot, type Matrix } from '../common/linear/matrix';

/** Rows of a task as a trained network sees them. */
export interface LinearisedRows {
  /** n times p by rows: the gradient of the output with respect to the shared parameters, at random projected to p. */
  readonly features: ArrayLike<number>;
  /** n outputs of the network: a number, or the logit of the positive class. */
  readonly outputs: ArrayLike<number>;
  /** n labels: a number, or 0 and 1. */
  readonly labels: ArrayLike<number>;
}

export interface LinearisedTask {
  readonly kind: 'regression' | 'binary';
  /** What is fitted. */
  readonly train: LinearisedRows;
  /** What the loss is estimated on. */
  readonly validation: LinearisedRows;
}

/**
 * Where a network would go if it were trained on some tasks only, to first order about where it is: the step `w`
 * (of p numbers) of least `sum over tasks of mean loss(y, f + gᵀw) + ridge |w|²`, by Newton's method.
 * @param width p
 */
export function fitStep(tasks: readonly LinearisedTask[], width: number, ridge: number): Float64Array {
  let step = new Float64Array(width);
  let value = objective(tasks, step, ridge);
  for (let round = 0; round < 50; round++) {
    const { gradient, curvature } = derivatives(tasks, step, ridge);
    const direction = newtonDirection(curvature, gradient, width);
    let next: Float64Array = step;
    let nextValue = value;
    // The squared error is at its minimum after one whole step; the log loss is convex, so a shorter one descends.
    for (let share = 1; share > 1e-6; share /= 2) {
      const tried = step.map((entry, k) => entry - share * direction[k]);
      const triedValue = objective(tasks, tried, ridge);
      if (triedValue >= nextValue) continue;
      [next, nextValue] = [tried, triedValue];
      break;
    }
    const gained = value - nextValue;
    [step, value] = [Float64Array.from(next), nextValue];
    if (gained <= 1e-12 * (1 + Math.abs(value))) break;
  }
  return step;
}

/** The mean loss of a task after a step. */
export function lossAfter({ kind }: Pick<LinearisedTask, 'kind'>, rows: LinearisedRows, step: Float64Array): number {
  const count = rows.labels.length;
  let sum = 0;
  for (let row = 0; row < count; row++) sum += loss(kind, outputAfter(rows, row, step), rows.labels[row]);
  return sum / count;
}

function objective(tasks: readonly LinearisedTask[], step: Float64Array, ridge: number): number {
  return tasks.reduce((sum, task) => sum + lossAfter(task, task.train, step), ridge * dot(step, step));
}

function loss(kind: LinearisedTask['kind'], output: number, label: number): number {
  if (kind === 'regression') return (output - label) ** 2;
  const margin = label > 0.5 ? output : -output;
  // log(1 + exp(-margin)), whatever the margin.
  return Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
}

function outputAfter({ features, outputs }: LinearisedRows, row: number, step: Float64Array): number {
  let output = outputs[row];
  for (let k = 0, at = row * step.length; k < step.length; k++, at++) output += features[at] * step[k];
  return output;
}

function derivatives(tasks: readonly LinearisedTask[], step: Float64Array, ridge: number) {
  const width = step.length;
  const gradient = step.map((entry) => 2 * ridge * entry);
  const curvature = new Float64Array(width * width);
  for (let k = 0; k < width; k++) curvature[k * width + k] = 2 * ridge;
  for (const { kind, train } of tasks) {
    const count = train.labels.length;
    for (let row = 0; row < count; row++) {
      const output = outputAfter(train, row, step);
      const chance = kind === 'binary' ? 1 / (1 + Math.exp(-output)) : 0;
      const slope = (kind === 'binary' ? chance - train.labels[row] : 2 * (output - train.labels[row])) / count;
      const bend = (kind === 'binary' ? chance * (1 - chance) : 2) / count;
      addRow(train.features, row * width, slope, bend, gradient, curvature);
    }
  }
  return { gradient, curvature };
}

/** Adds `slope * g` and the lower triangle of `bend * g gᵀ`. */
function addRow(
  features: ArrayLike<number>,
  start: number,
  slope: number,
  bend: number,
  gradient: Float64Array,
  curvature: Matrix,
): void {
  const width = gradient.length;
  for (let i = 0; i < width; i++) {
    const value = features[start + i];
    gradient[i] += slope * value;
    const scaled = bend * value;
    for (let j = 0, at = i * width; j <= i; j++, at++) curvature[at] += scaled * features[start + j];
  }
}

/** Solves on a diagonal of 1, as the factorisation wants it. */
function newtonDirection(curvature: Matrix, gradient: Float64Array, width: number): Float64Array {
  const scale = Float64Array.from({ length: width }, (_, k) => Math.sqrt(curvature[k * width + k]) || 1);
  const scaled = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      scaled[i * width + j] = scaled[j * width + i] = curvature[i * width + j] / scale[i] / scale[j];
    }
    scaled[i * width + i] = 1 + 1e-10;
  }
  const right = gradient.map((entry, k) => entry / scale[k]);
  return solve(cholesky(scaled, width), scaled, right).map((entry, k) => entry / scale[k]);
}
