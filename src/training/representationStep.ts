import * as tf from '@tensorflow/tfjs-core';
import type { Pass } from '../model/layers';
import { enterHeads } from '../model/heads';
import { represent, taskSums, type Batch, type Model } from '../model/model';
import { maskedMeans } from '../model/losses';
import { jacobians, rowsOf } from '../program';
import { batchOf, trainingInputs, type Step } from './steps';

export const representationStepName = 'measure gradients at the representation';

/**
 * Looks at a batch without training: `losses` and `counts` as `trainStep` gives them, and as `gramian` the inner products
 * of the gradients of the task losses at what the heads read: rows x width, the same for all tasks. Only the heads are
 * gone back through.
 * @param rows Rows of the batch of the only stream.
 */
export function representationStep(model: Model, rows: readonly number[]): Step {
  return {
    name: representationStepName,
    inputs: trainingInputs(model, rows),
    state: model.parameters.map(({ name, shape }) => ({ name, shape })),
    step: (inputs, state) => {
      const pass = { parameters: state, masks: inputs };
      const batch = batchOf(inputs, 0);
      const read = represent(model, pass, 0, batch.x) as tf.Tensor2D;
      const gramian = gramianAt(model, pass, batch, read);
      return { outputs: { ...lossesFrom(model, pass, batch, read), gramian } };
    },
  };
}

function gramianAt(model: Model, pass: Pass, batch: Batch, read: tf.Tensor2D): tf.Tensor2D {
  const tasks = model.order.length;
  const losses = (value: tf.Tensor) => lossesFrom(model, pass, batch, value as tf.Tensor2D).losses;
  const [found] = jacobians(losses, tasks, [read]);
  if (!found) return tf.zeros([tasks, tasks]);
  const gradients = tf.reshape(rowsOf(found, read.shape, tasks), [tasks, -1]);
  return tf.matMul<tf.Tensor2D>(gradients, gradients, false, true);
}

function lossesFrom(model: Model, pass: Pass, batch: Batch, read: tf.Tensor2D) {
  const entered = model.groups.map((group) => enterHeads(group, pass, read));
  const { sums, counts } = taskSums(model, pass, entered, [batch]);
  return { losses: maskedMeans(sums, counts), counts };
}
