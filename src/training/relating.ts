import * as tf from '@tensorflow/tfjs-core';
import type { Pass } from '../model/layers';
import { taskLosses, type Batch, type Model } from '../model/model';
import { sizeOf } from '../model/parameters';
import type { StepNeed } from '../relatedness';
import { sharedNames, taskGramian } from './gramian';
import { gradientRows, gramianOf, taskGradients, type TaskGradients } from './taskGradients';
import type { Look } from './weigher';

/**
 * In the order of `model.order`: `gramian` (tasks x tasks), and where it is needed `gradients` (tasks x shared parameters) and `lookahead` (tasks x
 * tasks: the losses of all after a step of the shared parameters for one). Only while a step is traced.
 * @param learningRate Of the steps that are tried.
 */
export function relatingOutputs(
  model: Model,
  pass: Pass,
  batches: readonly Batch[],
  needs: readonly StepNeed[],
  learningRate: tf.Tensor,
): Record<string, tf.Tensor> {
  if (needs.length === 0) return {};
  if (needs.every((need) => need === 'gramian')) return { gramian: taskGramian(model, pass, batches) };
  const gradients = taskGradients(model, pass, batches, sharedNames(model));
  return {
    gramian: gramianOf(model, gradients),
    ...(needs.includes('gradients') && { gradients: besideEachOther(model, gradients) }),
    ...(needs.includes('lookahead') && { lookahead: lookahead(model, pass, batches, gradients, learningRate) }),
  };
}

/** One gradient per task: tasks x P, parameter beside parameter. */
export function besideEachOther(model: Model, gradients: readonly TaskGradients[]): tf.Tensor2D {
  const rows = gradients.map((ofParameter) => gradientRows(model, ofParameter));
  return rows.length === 1 ? rows[0] : tf.concat2d(rows, 1);
}

/** The losses of all tasks on the same batch after a plain gradient step for each. */
function lookahead(
  model: Model,
  pass: Pass,
  batches: readonly Batch[],
  gradients: readonly TaskGradients[],
  learningRate: tf.Tensor,
): tf.Tensor2D {
  const steps = gradients.map((ofParameter) => ({
    name: ofParameter.name,
    shape: ofParameter.shape,
    rows: tf.mul<tf.Tensor2D>(gradientRows(model, ofParameter), learningRate),
  }));
  const after = model.order.map((_, task) => {
    const stepped = steps.map(({ name, shape, rows }) => {
      const step = tf.reshape(tf.slice(rows, [task, 0], [1, sizeOf(shape)]), [...shape]);
      return [name, tf.sub(pass.parameters[name], step)] as const;
    });
    const parameters = { ...pass.parameters, ...Object.fromEntries(stepped) };
    return taskLosses(model, { ...pass, parameters }, batches).losses;
  });
  return tf.stack(after) as tf.Tensor2D;
}

/**
 * Whether what is measured takes a call of its own: where a method weighs by gradients at the shared parameters, its
 * steps give the Gramian there, but nothing else.
 */
export function relatesApart(look: Look | undefined, needs: readonly StepNeed[]): boolean {
  if (!look || look.needs === 'losses' || look.at === 'representation') return false;
  return needs.some((need) => need !== 'gramian');
}
