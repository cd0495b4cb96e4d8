import * as tf from '@tensorflow/tfjs-core';
import { take } from './bank';
import { groupColumns, headNames, type HeadGroup } from './heads';
import type { Pass } from './layers';
import type { Model } from './model';

/**
 * A forward pass from which contributions of tasks are taken out. The sharing architecture does so behind `pass.kept`; where
 * alike heads have a part of their first layer in common, the same holds for them: their own part is their task's,
 * the common part belongs to all that read it in equal parts.
 * @param kept One number per task, stream after stream and within one in the order of its columns: 1, or 0 for what is out.
 */
export function takeOut(model: Model, pass: Pass, kept: tf.Tensor1D): Pass {
  const groups = model.groups.filter(({ common }) => common !== undefined);
  const keptOf = new Map(groups.map((group) => [group, ofGroup(model, group, kept)]));
  const parameters = { ...pass.parameters };
  for (const [group, own] of keptOf) {
    const { weights, bias } = headNames(group, 0);
    const perHead = (rows: number, name: string) => [
      rows,
      group.tasks.length,
      parameters[name].size / rows / group.tasks.length,
    ];
    for (const [name, rows] of [
      [weights, group.inputs],
      [bias, 1],
    ] as const) {
      const apart = tf.reshape(parameters[name], perHead(rows, name));
      parameters[name] = tf.reshape(tf.mul(apart, tf.reshape(own, [1, -1, 1])), parameters[name].shape);
    }
  }
  for (const common of new Set(groups.map((group) => group.common!))) {
    const readers = groups.filter((group) => group.common === common).map((group) => keptOf.get(group)!);
    const share = tf.mean(tf.concat1d(readers));
    for (const name of [`${common}/weights`, `${common}/bias`]) parameters[name] = tf.mul(parameters[name], share);
  }
  return { ...pass, parameters, kept };
}

/** The entries of a group's tasks. */
function ofGroup({ taskSet: { streams } }: Model, group: HeadGroup, kept: tf.Tensor1D): tf.Tensor1D {
  const start = streams.slice(0, group.stream).reduce((sum, { tasks }) => sum + tasks.length, 0);
  const count = streams[group.stream].tasks.length;
  const ofStream = tf.reshape<tf.Rank.R2>(take(kept, { start, count }), [1, count]);
  return tf.reshape<tf.Rank.R1>(groupColumns(group, ofStream), [-1]);
}
