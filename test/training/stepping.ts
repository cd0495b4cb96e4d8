import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../../src/common/random';
import type { SplitRows, TaskSet } from '../../src/data/taskSet';
import type { Batch, Model } from '../../src/model/model';

/** A task set with random rows: half of the inputs' worth of signal in every target, and some labels missing. */
export function withRows(taskSet: TaskSet, rows: { readonly train: number; readonly validation: number }): TaskSet {
  const splits = (stream: number) => ({
    train: randomRows(taskSet, stream, rows.train, 1),
    validation: randomRows(taskSet, stream, rows.validation, 2),
    test: randomRows(taskSet, stream, 0, 3),
  });
  return { ...taskSet, streams: taskSet.streams.map((stream, at) => ({ ...stream, splits: splits(at) })) };
}

function randomRows({ streams, tasks }: TaskSet, stream: number, rows: number, seed: number): SplitRows {
  const random = createRandom(seed, `rows of ${stream}`);
  const { inputWidth, tasks: members } = streams[stream];
  const numeric = Float32Array.from({ length: rows * inputWidth }, () => random.normal());
  const target = (cell: number) => {
    const { kind, outputs } = tasks[members[cell % members.length]];
    const signal = numeric[Math.floor(cell / members.length) * inputWidth] + 0.5 * random.normal();
    if (kind === 'regression') return signal;
    return Math.min(Math.max(0, Math.floor(signal + 1)), (kind === 'binary' ? 2 : outputs) - 1);
  };
  const cells = { length: rows * members.length };
  return {
    rows,
    numeric,
    codes: new Uint16Array(),
    targets: Float32Array.from(cells, (_, cell) => target(cell)),
    mask: Float32Array.from(cells, () => (random.uniform() < 0.8 ? 1 : 0)),
  };
}

/** All training rows of every stream, as a step takes them. */
export function allRows({ taskSet }: Model): Uint32Array[] {
  return taskSet.streams.map(({ splits }) => Uint32Array.from({ length: splits.train.rows }, (_, row) => row));
}

/** All rows of a split as eager batches. */
export function eagerBatches({ taskSet }: Model, split: 'train' | 'validation'): Batch[] {
  return taskSet.streams.map(({ splits, inputWidth, tasks }) => {
    const { rows, numeric, targets, mask } = splits[split];
    return {
      x: tf.tensor2d(numeric, [rows, inputWidth]),
      y: tf.tensor2d(targets, [rows, tasks.length]),
      mask: tf.tensor2d(mask, [rows, tasks.length]),
    };
  });
}
