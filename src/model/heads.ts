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
}

/** Groups of alike tasks, by stream, and within one in the order of their first task. */
export function headGroups(
  { tasks }: TaskSet,
  { layers, activation, dropout }: Head,
  inputs: readonly number[],
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

/** The first layer of all heads, before its activation: rows x (heads * units). */
export function enterHeads(group: HeadGroup, pass: Pass, representation: tf.Tensor2D): tf.Tensor2D {
  const { weights, bias } = headNames(group, 0);
  const product = tf.matMul(representation, pass.parameters[weights]);
  return tf.add<tf.Tensor2D>(product, pass.parameters[bias]);
}

/** The first layer of one head alone, without its bias: rows x units. Its gradient is what that head sends back. */
export function enterHead(group: HeadGroup, pass: Pass, representation: tf.Tensor2D, head: number): tf.Tensor2D {
  const weights = tf.transpose(pass.parameters[headNames(group, 0).weights] as tf.Tensor2D);
  const own = tf.slice(weights, [head * group.units[0], 0], [group.units[0], -1]);
  return tf.matMul(representation, own, false, true);
}

/** From the first layer's output to the heads' outputs: rows x heads x outputs. */
export function finishHeads(group: HeadGroup, pass: Pass, entered: tf.Tensor2D): tf.Tensor3D {
  const heads = group.tasks.length;
  const rows = entered.shape[0];
  if (group.units.length === 1) return tf.reshape(entered, [rows, heads, group.outputs]);
  const first = activated(group, pass, 0, entered);
  let hidden = tf.transpose<tf.Tensor3D>(tf.reshape(first, [rows, heads, group.units[0]]), [1, 0, 2]);
  for (let layer = 1; layer < group.units.length; layer++) {
    const { weights, bias } = headNames(group, layer);
    const product = tf.matMul(hidden, pass.parameters[weights]);
    const output = tf.add<tf.Tensor3D>(product, pass.parameters[bias]);
    hidden = layer === group.units.length - 1 ? output : activated(group, pass, layer, output);
  }
  return tf.transpose<tf.Tensor3D>(hidden, [1, 0, 2]);
}

function activated<Tensor extends tf.Tensor>(group: HeadGroup, pass: Pass, layer: number, output: Tensor): Tensor {
  return dropOut(pass, maskName(group.name, layer, ''), activate(group.activation, output));
}

/** The group's columns of a rows x (tasks of the stream) tensor. */
export function groupColumns({ columns }: HeadGroup, values: tf.Tensor2D): tf.Tensor2D {
  const runs: { start: number; length: number }[] = [];
  for (const column of columns) {
    const last = runs.at(-1);
    if (last && last.start + last.length === column) last.length++;
    else runs.push({ start: column, length: 1 });
  }
  if (runs.length === 1 && runs[0].length === values.shape[1]) return values;
  const slices = runs.map(({ start, length }) => tf.slice(values, [0, start], [-1, length]));
  return slices.length === 1 ? slices[0] : tf.concat(slices, 1);
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
