import * as tf from '@tensorflow/tfjs-core';
import { ExperimentError } from '../../experiment/problem';
import type { DenseLayer, Pass } from '../layers';
import { bankProduct, memberInitialiser, take, type Members } from '../bank';
import type { ParameterSpec } from '../parameters';
import type { ProbeSpec, SharingInput, TaskMembers } from './architecture';

/**
 * The width that all streams feed in.
 * @throws ExperimentError where they differ: shared layers take inputs of one width.
 */
export function commonWidth(inputs: readonly SharingInput[]): number {
  const first = inputs[0];
  const other = inputs.find(({ width }) => width !== first.width);
  if (other) {
    throw new ExperimentError([
      {
        code: 'input-widths-differ',
        severity: 'error',
        message:
          `Task "${first.name}" feeds ${first.width} values into the shared encoder, task "${other.name}" ` +
          `${other.width}. Give both a private \`encoder\` whose last layers have the same width.`,
        path: ['tasks', other.name],
      },
    ]);
  }
  return first.width;
}

export function taskMembers(inputs: readonly SharingInput[]): TaskMembers {
  const starts = inputs.map((_, stream) => inputs.slice(0, stream).reduce((sum, { tasks }) => sum + tasks.length, 0));
  return {
    names: inputs.flatMap(({ tasks }) => tasks),
    of: (stream) => ({ start: starts[stream], count: inputs[stream].tasks.length }),
  };
}

/** `count` labels: `expert 1`, `expert 2`… */
export function numbered(word: string, count: number): string[] {
  return Array.from({ length: count }, (_, position) => `${word} ${position + 1}`);
}

/** One dense layer per member: from the inputs to scores, as of gates. */
export function scoreLayer(name: string, inputs: number, units: number): DenseLayer {
  return { weights: `${name}/weights`, bias: `${name}/bias`, inputs, units };
}

/** @param range Initial weights lie in -range to range; as Glorot has it where absent. */
export function scoreParameters(
  layer: DenseLayer,
  seeds: readonly string[],
  shared: boolean,
  range?: number,
): ParameterSpec[] {
  const { weights, bias, inputs, units } = layer;
  const initialise = memberInitialiser(weights, seeds, 'linear', inputs, units);
  const factor = range === undefined ? 1 : range / Math.sqrt(6 / (inputs + units));
  return [
    {
      name: weights,
      shape: [seeds.length, inputs, units],
      decays: true,
      shared,
      initialise: (seed) => initialise(seed).map((value) => value * factor),
    },
    {
      name: bias,
      shape: [seeds.length, 1, units],
      decays: false,
      shared,
      initialise: () => new Float32Array(seeds.length * units),
    },
  ];
}

/** Softmax over the last axis of the members' scores: members x rows x units. */
export function softGates(
  layer: DenseLayer,
  pass: Pass,
  input: tf.Tensor2D | tf.Tensor3D,
  members?: Members,
): tf.Tensor3D {
  return softmaxLast(bankProduct(layer, pass, input, members));
}

/** Softmax over the last axis, in two dimensions: what every engine has. */
export function softmaxLast<Tensor extends tf.Tensor>(scores: Tensor): Tensor {
  const width = scores.shape[scores.rank - 1];
  const flat = tf.reshape(scores, [scores.size / width, width]);
  return tf.reshape(tf.softmax(flat), scores.shape) as Tensor;
}

/**
 * Experts that all tasks read, without what is not kept: at every row an expert belongs to the tasks in proportion to
 * their gate values, as what it learns there comes from them in this proportion. All of them where all is kept.
 * @param gates tasks x rows x experts, of all tasks.
 * @param values experts x rows x units.
 */
export function keepShares({ kept }: Pass, gates: tf.Tensor3D, values: tf.Tensor3D): tf.Tensor3D {
  if (!kept) return values;
  const [tasks, rows, experts] = gates.shape;
  const flat = tf.reshape(gates, [tasks, rows * experts]);
  const staying = tf.matMul(tf.reshape(kept, [1, tasks]), flat);
  // An expert that nobody reads has nothing to keep.
  const shares = tf.div(staying, tf.maximum(tf.sum(flat, 0, true), tf.scalar(1e-30)));
  const perRow = tf.transpose(tf.reshape(shares, [rows, experts]));
  return tf.mul<tf.Tensor3D>(values, tf.reshape(perRow, [experts, rows, 1]));
}

/** What belongs to the members one by one, without what is not kept: members x ... . */
export function keepOwn<Tensor extends tf.Tensor>({ kept }: Pass, values: Tensor, members?: Members): Tensor {
  if (!kept) return values;
  const own = take(kept, members);
  return tf.mul<Tensor>(values, tf.reshape(own, [own.shape[0], ...values.shape.slice(1).map(() => 1)]));
}

/** The probe of a gate over experts. */
export function gateProbe(name: string, title: string, rows: readonly string[], columns: readonly string[]): ProbeSpec {
  return { name, title, rows, columns, perRow: true, shows: 'use' };
}

/** Half the sum of squares. */
export function halfSquares(values: tf.Tensor): tf.Scalar {
  return tf.mul(tf.sum(tf.square(values)), tf.scalar(0.5));
}

export function total(values: readonly tf.Tensor[]): tf.Scalar {
  return values.reduce<tf.Tensor>((sum, value) => tf.add(sum, value), tf.scalar(0)) as tf.Scalar;
}
