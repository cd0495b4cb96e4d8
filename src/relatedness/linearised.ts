import { cholesky, solve } from '../common/linear/cholesky';
import { dot, type Matrix } from '../common/linear/matrix';

/** Rows of a task as a trained network sees them. */
export interface LinearisedRows {
  /** n times p by rows: the gradient of the output with respect to the shared parameters, at random projected to p. */
  readonly features: ArrayLike<number>;
  /** n numbers that a step adds to: of the network, or of a constant answer; a number, or the logit of the positive class. */
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

/** The mean loss of a task on the rows that are fitted, as a function of a step. */
export interface TaskObjective {
  value(step: Float64Array): number;
  addGradient(step: Float64Array, gradient: Float64Array): void;
  /** Adds the lower triangle of its second derivatives. */
  addCurvature(step: Float64Array, curvature: Matrix): void;
}

/** @param width p */
export function taskObjective({ kind, train }: LinearisedTask, width: number): TaskObjective {
  return kind === 'regression' ? squaredError(train, width) : logLoss(train, width);
}

/** A round that gains less, relative to the value, is the last. */
const enough = 1e-12;

/**
 * Where a network would go if it were trained on some tasks only, to first order about where it is: the step `w`
 * (of p numbers) of least `sum over tasks of mean loss(y, f + gᵀw) + ridge |w|²`, by Newton's method, whose second
 * derivatives are found anew where those at hand no longer bring it on fast.
 * @param width p
 */
export function fitStep(tasks: readonly TaskObjective[], width: number, ridge: number): Float64Array {
  const valueAt = (step: Float64Array) => tasks.reduce((sum, task) => sum + task.value(step), ridge * dot(step, step));
  let step = new Float64Array(width);
  let value = valueAt(step);
  let direct: ((gradient: Float64Array) => Float64Array) | undefined;
  let before = Infinity;
  for (let round = 0; round < 200; round++) {
    const gradient = step.map((entry) => 2 * ridge * entry);
    for (const task of tasks) task.addGradient(step, gradient);
    direct ??= newtonDirections(tasks, step, ridge);
    const direction = direct(gradient);
    const expected = dot(gradient, direction);
    if (expected <= enough * (1 + Math.abs(value))) break;
    const found = descend(step, direction, value, valueAt);
    if (!found) break;
    [step, value] = [found.step, found.value];
    if (expected > before / 5) direct = undefined;
    before = expected;
  }
  return step;
}

/** The squared error is at its minimum after one whole step; the log loss is convex, so a shorter one descends. */
function descend(
  from: Float64Array,
  direction: Float64Array,
  highest: number,
  valueAt: (step: Float64Array) => number,
): { readonly step: Float64Array<ArrayBuffer>; readonly value: number } | undefined {
  for (let share = 1; share > 1e-6; share /= 2) {
    const step = Float64Array.from(from, (entry, k) => entry - share * direction[k]);
    const value = valueAt(step);
    if (value < highest) return { step, value };
  }
  return undefined;
}

/** The mean loss of a task after a step. */
export function lossAfter({ kind }: Pick<LinearisedTask, 'kind'>, rows: LinearisedRows, step: Float64Array): number {
  const count = rows.labels.length;
  let sum = 0;
  for (let row = 0; row < count; row++) sum += loss(kind, outputAfter(rows, row, step), rows.labels[row]);
  return sum / count;
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

/** A quadratic function: its derivatives at 0 say all of it, whatever the number of rows. */
function squaredError(train: LinearisedRows, width: number): TaskObjective {
  const slope = new Float64Array(width);
  const bend = new Float64Array(width * width);
  const count = train.labels.length;
  let constant = 0;
  for (let row = 0; row < count; row++) {
    const error = train.outputs[row] - train.labels[row];
    constant += error ** 2 / count;
    addRow(train.features, row * width, (2 * error) / count, slope);
    addSquare(train.features, row * width, 2 / count, width, bend);
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) bend[j * width + i] = bend[i * width + j];
  /** Row i of the second derivatives times the step. */
  const bent = (step: Float64Array, i: number) => {
    let sum = 0;
    for (let j = 0, at = i * width; j < width; j++, at++) sum += bend[at] * step[j];
    return sum;
  };
  return {
    value: (step) => step.reduce((sum, entry, i) => sum + entry * (slope[i] + bent(step, i) / 2), constant),
    addGradient(step, gradient) {
      for (let i = 0; i < width; i++) gradient[i] += slope[i] + bent(step, i);
    },
    addCurvature(_, curvature) {
      for (let cell = 0; cell < bend.length; cell++) curvature[cell] += bend[cell];
    },
  };
}

function logLoss(train: LinearisedRows, width: number): TaskObjective {
  const count = train.labels.length;
  const chanceAt = (step: Float64Array, row: number) => 1 / (1 + Math.exp(-outputAfter(train, row, step)));
  const addCurvature = (step: Float64Array, curvature: Matrix) => {
    for (let row = 0; row < count; row++) {
      const chance = chanceAt(step, row);
      addSquare(train.features, row * width, (chance * (1 - chance)) / count, width, curvature);
    }
  };
  // Every set of tasks begins where there is no step.
  const atStart = new Float64Array(width * width);
  addCurvature(new Float64Array(width), atStart);
  return {
    value: (step) => lossAfter({ kind: 'binary' }, train, step),
    addGradient(step, gradient) {
      for (let row = 0; row < count; row++) {
        addRow(train.features, row * width, (chanceAt(step, row) - train.labels[row]) / count, gradient);
      }
    },
    addCurvature(step, curvature) {
      if (step.some((entry) => entry !== 0)) addCurvature(step, curvature);
      else for (let cell = 0; cell < atStart.length; cell++) curvature[cell] += atStart[cell];
    },
  };
}

/** Adds `slope * g`. */
function addRow(features: ArrayLike<number>, start: number, slope: number, gradient: Float64Array): void {
  for (let i = 0; i < gradient.length; i++) gradient[i] += slope * features[start + i];
}

/** Adds the lower triangle of `bend * g gᵀ`. */
function addSquare(features: ArrayLike<number>, start: number, bend: number, width: number, curvature: Matrix): void {
  for (let i = 0; i < width; i++) {
    const scaled = bend * features[start + i];
    for (let j = 0, at = i * width; j <= i; j++, at++) curvature[at] += scaled * features[start + j];
  }
}

/** From gradients to the steps that Newton's method goes back by. Solved on a diagonal of 1, as the factorisation wants it. */
function newtonDirections(tasks: readonly TaskObjective[], step: Float64Array, ridge: number) {
  const width = step.length;
  const curvature = new Float64Array(width * width);
  for (const task of tasks) task.addCurvature(step, curvature);
  for (let k = 0; k < width; k++) curvature[k * width + k] += 2 * ridge;
  const scale = Float64Array.from({ length: width }, (_, k) => Math.sqrt(curvature[k * width + k]) || 1);
  const scaled = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      scaled[i * width + j] = scaled[j * width + i] = curvature[i * width + j] / scale[i] / scale[j];
    }
    scaled[i * width + i] = 1 + 1e-10;
  }
  const factor = cholesky(scaled, width);
  return (gradient: Float64Array): Float64Array => {
    const right = gradient.map((entry, k) => entry / scale[k]);
    return solve(factor, scaled, right).map((entry, k) => entry / scale[k]);
  };
}
