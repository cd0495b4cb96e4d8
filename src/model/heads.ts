import * as tf from '@tensorflow/tfjs-core';
import type { TaskInfo, TaskSet } from '../data/taskSet';
import type { Activation, Head, TaskKind } from '../experiment/schema';
import { activate, dropOut, maskName, type MaskSpec, type Pass } from './layers';
import { uniformInitialiser, type ParameterSpec } from './parameters';

/**
 * The heads of tasks that are alike: same stream, kind, loss and output width. Their parameters are stacked, so that
 * all heads of a group cost a few products, be it one head or a hundred.
 */
export interface HeadGroup {
  readonly name: string;
  /** Position in TaskSet.streams. */
  readonly stream: number;
  readonly kind: TaskKind;
  readonly loss: TaskInfo['loss'];
  /** Outputs of each head. */
  readonly outputs: number;
  /** Positions in TaskSet.tasks. */
  readonly tasks: readonly number[];
  /** Columns in the stream's targets and masks, in the order of `tasks`. */
  readonly columns: readonly number[];
  /** Width of the representation that the heads read. */
  readonly inputs: number;
  /** Units of each layer of a head, its output layer included. */
  readonly units: readonly number[];
  readonly activation: Activation;
  readonly dropout: number;
  /** What tells each task's initial values apart. */
  readonly seeds: readonly string[];
  /** Where the first layers have a part in common: its name. Groups alike but for their streams have the same. */
  readonly common?: string;
}

/**
 * Groups of alike tasks, by stream, and within one in the order of their first task.
 * @param inputs Width of what the heads of each stream read.
 * @param common Whether alike heads have a part of their first layer in common.
 */
export function headGroups(
  { tasks }: TaskSet,
  { layers, activation, dropout }: Head,
  inputs: readonly number[],
  common: boolean,
): HeadGroup[] {
  const groups = new Map<string, number[]>();
  tasks.forEach(({ stream, kind, loss, outputs }, task) => {
    const key = [stream, kind, loss, outputs].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), task]);
  });
  const byStream = [...groups.values()].sort(([first], [other]) => tasks[first].stream - tasks[other].stream);
  return byStream.map((members, position) => {
    const { stream, kind, loss, outputs } = tasks[members[0]];
    return {
      name: `heads/${position}`,
      stream,
      kind,
      loss,
      outputs,
      tasks: members,
      columns: members.map((task) => tasks[task].column),
      inputs: inputs[stream],
      units: [...layers, outputs],
      activation,
      dropout,
      seeds: members.map((task) => tasks[task].name),
      ...(common && { common: ['shared', 'heads', kind, loss, outputs].join('/') }),
    };
  });
}

/** Names of a group's parameters at one layer. */
export function headNames(group: HeadGroup, layer: number): { weights: string; bias: string } {
  return { weights: `${group.name}/${layer}/weights`, bias: `${group.name}/${layer}/bias` };
}

/**
 * Layer 0 has weights of shape [inputs, heads * units] and biases [heads * units], head after head; the layers behind
 * it have weights [heads, inputs, units] and biases [heads, 1, units].
 *
 * A single output starts at 0, so that what a head sends back to the shared layers comes from its data and not from
 * random weights: with random ones the gradients of closely related regressions are nearly orthogonal for many epochs.
 * Outputs of several classes start as Glorot has it, which generalised better to an unseen speaker.
 */
export function headParameters(group: HeadGroup): ParameterSpec[] {
  const heads = group.tasks.length;
  return group.units.flatMap((units, layer) => {
    const { weights, bias } = headNames(group, layer);
    const inputs = layer === 0 ? group.inputs : group.units[layer - 1];
    const last = layer === group.units.length - 1;
    const initialisers = group.seeds.map((task) =>
      last && units === 1
        ? () => new Float32Array(inputs)
        : uniformInitialiser(`head/${layer}/${task}`, last ? 'linear' : group.activation, inputs, units),
    );
    const stack = (seed: number) => {
      const matrices = initialisers.map((initialise) => initialise(seed));
      return layer === 0 ? besideEachOther(matrices, inputs, units) : oneAfterTheOther(matrices);
    };
    const size = heads * units;
    return [
      {
        name: weights,
        shared: false,
        shape: layer === 0 ? [inputs, size] : [heads, inputs, units],
        decays: true,
        initialise: stack,
      },
      {
        name: bias,
        shared: false,
        shape: layer === 0 ? [size] : [heads, 1, units],
        decays: false,
        initialise: () => new Float32Array(size),
      },
    ];
  });
}

export function headMasks(group: HeadGroup, rows: number): MaskSpec[] {
  if (group.dropout === 0) return [];
  return group.units.slice(0, -1).map((units, layer) => ({
    name: maskName(group.name, layer, ''),
    shape: layer === 0 ? [rows, group.tasks.length * units] : [group.tasks.length, rows, units],
    rate: group.dropout,
  }));
}

/**
 * The part of the first layer that alike heads of all groups have in common. It starts at 0, as do single outputs: the
 * heads' own parts have the initial values.
 */
export function commonHeadParameters(groups: readonly HeadGroup[]): ParameterSpec[] {
  const names = new Map(
    groups.flatMap(({ common, inputs, units }) => (common ? [[common, { inputs, units: units[0] }]] : [])),
  );
  return [...names].flatMap(([common, { inputs, units }]): ParameterSpec[] => [
    {
      name: `${common}/weights`,
      shared: true,
      shape: [inputs, units],
      decays: false,
      initialise: () => new Float32Array(inputs * units),
    },
    {
      name: `${common}/bias`,
      shared: true,
      shape: [units],
      decays: false,
      initialise: () => new Float32Array(units),
    },
  ]);
}

/**
 * The first layer of all heads, before its activation: rows x (heads * units).
 * @param representation rows x inputs, which all read, or tasks of the stream x rows x inputs.
 */
export function enterHeads(group: HeadGroup, pass: Pass, representation: tf.Tensor2D | tf.Tensor3D): tf.Tensor2D {
  const heads = group.tasks.length;
  const width = group.units[0];
  const { weights, bias } = firstLayer(group, pass);
  if (representation.rank === 2) {
    return tf.add<tf.Tensor2D>(tf.matMul(representation, weights), bias);
  }
  const own = groupEntries(group, representation as tf.Tensor3D, 0);
  const stacked = tf.transpose(tf.reshape(weights, [group.inputs, heads, width]), [1, 0, 2]);
  const products = tf.transpose(tf.matMul<tf.Tensor3D>(own, stacked as tf.Tensor3D), [1, 0, 2]);
  return tf.add<tf.Tensor2D>(tf.reshape(products, [own.shape[1], heads * width]), bias);
}

function firstLayer(group: HeadGroup, pass: Pass): { weights: tf.Tensor2D; bias: tf.Tensor1D } {
  const names = headNames(group, 0);
  const weights = pass.parameters[names.weights] as tf.Tensor2D;
  const bias = pass.parameters[names.bias] as tf.Tensor1D;
  if (!group.common) return { weights, bias };
  const heads = group.tasks.length;
  const common = pass.parameters[`${group.common}/weights`] as tf.Tensor2D;
  const commonBias = pass.parameters[`${group.common}/bias`] as tf.Tensor1D;
  return {
    weights: addToEach(weights, common, heads),
    bias: tf.reshape<tf.Rank.R1>(addToEach(tf.reshape(bias, [1, -1]), tf.reshape(commonBias, [1, -1]), heads), [-1]),
  };
}

/** Heads beside each other, rows x (heads * units), each with the same rows x units added. */
function addToEach(values: tf.Tensor2D, common: tf.Tensor2D, heads: number): tf.Tensor2D {
  const [rows, units] = common.shape;
  const sum = tf.add(tf.reshape(values, [rows, heads, units]), tf.reshape(common, [rows, 1, units]));
  return tf.reshape<tf.Rank.R2>(sum, [rows, heads * units]);
}

/** From the first layer's output to the heads' outputs: rows x heads x outputs. */
export function finishHeads(group: HeadGroup, pass: Pass, entered: tf.Tensor2D): tf.Tensor3D {
  if (group.units.length === 1) return tf.reshape(entered, [entered.shape[0], group.tasks.length, group.outputs]);
  const { weights, bias } = headNames(group, group.units.length - 1);
  const product = tf.matMul(hiddenOfHeads(group, pass, entered), pass.parameters[weights]);
  return tf.transpose<tf.Tensor3D>(tf.add<tf.Tensor3D>(product, pass.parameters[bias]), [1, 0, 2]);
}

/** What the last layers of heads with several read: heads x rows x units. */
function hiddenOfHeads(group: HeadGroup, pass: Pass, entered: tf.Tensor2D): tf.Tensor3D {
  const heads = group.tasks.length;
  const first = activated(group, pass, 0, entered);
  let hidden = tf.transpose<tf.Tensor3D>(tf.reshape(first, [entered.shape[0], heads, group.units[0]]), [1, 0, 2]);
  for (let layer = 1; layer < group.units.length - 1; layer++) {
    const { weights, bias } = headNames(group, layer);
    const product = tf.matMul(hidden, pass.parameters[weights]);
    hidden = activated(group, pass, layer, tf.add<tf.Tensor3D>(product, pass.parameters[bias]));
  }
  return hidden;
}

/**
 * What the last layer of each head reads, and what comes out.
 * @param representation rows x inputs, which all read, or tasks of the stream x rows x inputs.
 * @returns `outputs`: rows x heads x outputs; `read`: rows x heads x width, or rows x width where all read the same.
 */
export function inspectHeads(
  group: HeadGroup,
  pass: Pass,
  representation: tf.Tensor2D | tf.Tensor3D,
): { readonly outputs: tf.Tensor3D; readonly read: tf.Tensor2D | tf.Tensor3D } {
  const entered = enterHeads(group, pass, representation);
  const outputs = finishHeads(group, pass, entered);
  if (group.units.length > 1) return { outputs, read: tf.transpose(hiddenOfHeads(group, pass, entered), [1, 0, 2]) };
  if (representation.rank === 2) return { outputs, read: representation };
  return { outputs, read: tf.transpose(groupEntries(group, representation as tf.Tensor3D, 0), [1, 0, 2]) };
}

function activated<Tensor extends tf.Tensor>(group: HeadGroup, pass: Pass, layer: number, output: Tensor): Tensor {
  return dropOut(pass, maskName(group.name, layer, ''), activate(group.activation, output));
}

/** The group's columns of a rows x (tasks of the stream) tensor. */
export function groupColumns(group: HeadGroup, values: tf.Tensor2D): tf.Tensor2D {
  return groupEntries(group, values, 1);
}

/** The group's entries along an axis that has one per task of the stream. */
function groupEntries<Tensor extends tf.Tensor>({ columns }: HeadGroup, values: Tensor, axis: number): Tensor {
  const runs: { start: number; length: number }[] = [];
  for (const column of columns) {
    const last = runs.at(-1);
    if (last && last.start + last.length === column) last.length++;
    else runs.push({ start: column, length: 1 });
  }
  if (runs.length === 1 && runs[0].length === values.shape[axis]) return values;
  const along = (other: number, own: number) => values.shape.map((_, position) => (position === axis ? own : other));
  const slices = runs.map(({ start, length }) => tf.slice(values, along(0, start), along(-1, length)));
  return slices.length === 1 ? slices[0] : tf.concat(slices, axis);
}

function besideEachOther(matrices: readonly Float32Array[], rows: number, columns: number): Float32Array {
  const width = matrices.length * columns;
  const result = new Float32Array(rows * width);
  matrices.forEach((matrix, position) => {
    for (let row = 0; row < rows; row++) {
      result.set(matrix.subarray(row * columns, (row + 1) * columns), row * width + position * columns);
    }
  });
  return result;
}

function oneAfterTheOther(matrices: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(matrices.length * matrices[0].length);
  matrices.forEach((matrix, position) => result.set(matrix, position * matrix.length));
  return result;
}
