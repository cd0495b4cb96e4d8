import * as tf from '@tensorflow/tfjs-core';
import { finishHeads, groupColumns, type HeadGroup } from './heads';
import type { Pass } from './layers';
import { enterGroups, type Batch, type Model } from './model';

/**
 * One number per task that says what its head answers to the one row of its stream, in the order of `model.order`: a
 * prediction, the logit of the positive class, or of several classes the margin of the label's,
 * `log(p / (1 - p))` with its probability p (Park et al., TRAK, 2023). The cross-entropy is `log(1 + exp(-margin))`.
 */
export function rowAnswers(model: Model, pass: Pass, batches: readonly Batch[]): tf.Tensor1D {
  const entered = enterGroups(model, pass, batches);
  const answers = model.groups.map((group, position) => {
    const outputs = finishHeads(group, pass, entered[position]);
    if (group.kind !== 'multiclass') return tf.reshape<tf.Rank.R1>(outputs, [-1]);
    return margins(group, outputs, groupColumns(group, batches[group.stream].y));
  });
  return answers.length === 1 ? answers[0] : tf.concat1d(answers);
}

/** @param outputs 1 x heads x classes. @param labels 1 x heads. */
function margins({ outputs: classes }: HeadGroup, outputs: tf.Tensor3D, labels: tf.Tensor2D): tf.Tensor1D {
  const truth = tf.cast(tf.oneHot(tf.cast(labels, 'int32'), classes), 'float32');
  const rest = tf.sub(tf.scalar(1), truth);
  // The logarithm of the sum of exponentials of the others: any of them less its log-softmax among them.
  const others = tf.sub(outputs, tf.mul(truth, tf.scalar(1e4)));
  const total = tf.mul(tf.sub(others, tf.logSoftmax(others)), tf.mul(rest, tf.scalar(1 / (classes - 1))));
  return tf.reshape<tf.Rank.R1>(tf.sum(tf.sub(tf.mul(outputs, truth), total), 2), [-1]);
}
