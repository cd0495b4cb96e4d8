import * as tf from '@tensorflow/tfjs-core';
import type { Pass } from '../model/layers';
import { taskLosses, type Batch, type Model } from '../model/model';
import { jacobians, rowsOf, type Jacobian } from '../program';

/** The gradients of all task losses at one parameter: the entries of the Jacobian are the tasks of `model.order`. */
export interface TaskGradients extends Jacobian {
  readonly name: string;
  /** Of the parameter. */
  readonly shape: readonly number[];
}

/**
 * Gradients of every task's loss, only while a step is traced. What a task has to itself comes as a diagonal.
 * @param names Of parameters; those on which no loss depends are left out.
 */
export function taskGradients(
  model: Model,
  pass: Pass,
  batches: readonly Batch[],
  names: readonly string[],
): TaskGradients[] {
  return gradientsPerTask(model, pass, names, (replaced) => taskLosses(model, replaced, batches).losses);
}

/** The same of another number per task, in the order of `model.order`. */
export function gradientsPerTask(
  model: Model,
  pass: Pass,
  names: readonly string[],
  numbers: (pass: Pass) => tf.Tensor1D,
): TaskGradients[] {
  const vector = (...values: tf.Tensor[]) => {
    const replaced = Object.fromEntries(names.map((name, position) => [name, values[position]]));
    return numbers({ ...pass, parameters: { ...pass.parameters, ...replaced } });
  };
  const values = names.map((name) => pass.parameters[name]);
  const found = jacobians(vector, model.order.length, values);
  return names.flatMap((name, position) => {
    const jacobian = found[position];
    return jacobian ? [{ ...jacobian, name, shape: values[position].shape }] : [];
  });
}

/** The gradients of every task at a parameter, one after the other: tasks x size of the parameter. */
export function gradientRows(model: Model, gradients: TaskGradients): tf.Tensor2D {
  const tasks = model.order.length;
  return tf.reshape<tf.Rank.R2>(rowsOf(gradients, gradients.shape, tasks), [tasks, -1]);
}

/** Inner products of the tasks' gradients: tasks x tasks. */
export function gramianOf(model: Model, gradients: readonly TaskGradients[]): tf.Tensor2D {
  return gradients
    .map((ofParameter) => gradientRows(model, ofParameter))
    .map((rows) => tf.matMul<tf.Tensor2D>(rows, rows, false, true))
    .reduce((sum, product) => tf.add<tf.Tensor2D>(sum, product));
}
