import * as tf from '@tensorflow/tfjs-core';
import type { TaskInfo } from '../data/taskSet';

/**
 * The loss of every row and head: rows x heads.
 * @param outputs rows x heads x outputs: predictions, or logits.
 * @param targets rows x heads: numbers, 0 or 1, or class indices.
 */
export function rowLosses(
  loss: TaskInfo['loss'],
  kind: TaskInfo['kind'],
  outputs: tf.Tensor3D,
  targets: tf.Tensor2D,
): tf.Tensor2D {
  if (loss === 'cross-entropy') {
    return kind === 'multiclass'
      ? softmaxCrossEntropy(outputs, targets)
      : sigmoidCrossEntropy(single(outputs), targets);
  }
  const error = tf.sub<tf.Tensor2D>(single(outputs), targets);
  switch (loss) {
    case 'squared-error':
      return tf.square(error);
    case 'absolute-error':
      return tf.abs(error);
    case 'huber':
      return huber(error);
  }
}

/** Sums of the losses and of the mask over the rows: one number per head each. */
export function maskedSums(losses: tf.Tensor2D, mask: tf.Tensor2D): { sums: tf.Tensor1D; counts: tf.Tensor1D } {
  return { sums: tf.sum(tf.mul(losses, mask), 0), counts: tf.sum(mask, 0) };
}

/** The mean loss per head over the rows with a label; 0 where there is none. */
export function maskedMeans(sums: tf.Tensor1D, counts: tf.Tensor1D): tf.Tensor1D {
  return tf.div(sums, tf.maximum(counts, tf.scalar(1)));
}

/** `log(1 + exp(z)) - z y`, which neither overflows nor loses digits for logits z far from 0. */
function sigmoidCrossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor2D {
  return tf.sub(tf.softplus(logits), tf.mul(logits, targets));
}

/** `-log softmax(z)[y]`, by the logarithm of the sum of exponentials of z less its maximum. */
function softmaxCrossEntropy(logits: tf.Tensor3D, targets: tf.Tensor2D): tf.Tensor2D {
  const truth = tf.oneHot(tf.cast(targets, 'int32'), logits.shape[2]);
  const logProbabilities = tf.logSoftmax(logits);
  return tf.neg(tf.sum(tf.mul(logProbabilities, tf.cast(truth, 'float32')), 2));
}

/** Half the square up to an error of 1, linear beyond (Huber, 1964). */
function huber(error: tf.Tensor2D): tf.Tensor2D {
  const size = tf.abs(error);
  const quadratic = tf.minimum(size, tf.scalar(1));
  const linear = tf.sub(size, quadratic);
  return tf.add(tf.mul(tf.square(quadratic), tf.scalar(0.5)), linear);
}

function single(outputs: tf.Tensor3D): tf.Tensor2D {
  const [rows, heads] = outputs.shape;
  return tf.reshape(outputs, [rows, heads]);
}
