import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../experiment/schema';
import { activate, dropOut, maskName, type DenseLayer, type MaskSpec, type Pass, type StackSettings } from './layers';
import { uniformInitialiser, type ParameterSpec } from './parameters';

/** Some of a bank's members: from the first, so many. */
export interface Members {
  readonly start: number;
  readonly count: number;
}

/**
 * Dense stacks of equal shape side by side, such as the experts of a mixture or one encoder per task: weights
 * [members, inputs, units] and biases [members, 1, units] per layer, so that a layer of all members is one product.
 */
export interface DenseBank {
  readonly name: string;
  readonly inputs: number;
  /** Width of what comes out of a member. */
  readonly units: number;
  readonly layers: readonly DenseLayer[];
  readonly activation: Activation;
  readonly dropout: number;
  readonly shared: boolean;
  readonly members: number;
  /** What tells each member's initial values apart. */
  readonly seeds: readonly string[];
}

/** @param seeds One per member; members with equal seeds start alike. */
export function denseBank(
  name: string,
  seeds: readonly string[],
  inputs: number,
  settings: StackSettings,
  shared: boolean,
): DenseBank {
  const layers = settings.layers.map((units, position) => ({
    weights: `${name}/${position}/weights`,
    bias: `${name}/${position}/bias`,
    inputs: position === 0 ? inputs : settings.layers[position - 1],
    units,
  }));
  const { activation, dropout } = settings;
  const units = layers.at(-1)?.units ?? inputs;
  return { name, inputs, units, layers, activation, dropout, shared, members: seeds.length, seeds };
}

export function bankParameters({ name, layers, activation, shared, members, seeds }: DenseBank): ParameterSpec[] {
  return layers.flatMap(({ weights, bias, inputs, units }, layer): ParameterSpec[] => [
    {
      name: weights,
      shape: [members, inputs, units],
      decays: true,
      shared,
      initialise: memberInitialiser(`${name}/${layer}`, seeds, activation, inputs, units),
    },
    {
      name: bias,
      shape: [members, 1, units],
      decays: false,
      shared,
      initialise: () => new Float32Array(members * units),
    },
  ]);
}

/** An initialiser of one `inputs x units` matrix per seed, one after the other. */
export function memberInitialiser(
  stream: string,
  seeds: readonly string[],
  activation: Activation,
  inputs: number,
  units: number,
) {
  const members = seeds.map((member) => uniformInitialiser(`${stream}/${member}`, activation, inputs, units));
  return (seed: number): Float32Array => {
    const values = new Float32Array(members.length * inputs * units);
    members.forEach((initialise, member) => values.set(initialise(seed), member * inputs * units));
    return values;
  };
}

/** Masks for `count` members at work on a batch. */
export function bankMasks({ name, layers, dropout }: DenseBank, use: string, count: number, rows: number): MaskSpec[] {
  if (dropout === 0) return [];
  return layers.map(({ units }, position) => ({
    name: maskName(name, position, use),
    shape: [count, rows, units],
    rate: dropout,
  }));
}

/**
 * A bank of at least one layer.
 * @param input rows x inputs for all members, or members x rows x inputs: each its own.
 * @param members Those at work; all where absent.
 * @returns members x rows x units.
 */
export function applyBank(
  bank: DenseBank,
  pass: Pass,
  use: string,
  input: tf.Tensor2D | tf.Tensor3D,
  members?: Members,
): tf.Tensor3D {
  const first = bankLayer(bank, 0, pass, use, input, members);
  return bank.layers
    .slice(1)
    .reduce((hidden, _, position) => bankLayer(bank, position + 1, pass, use, hidden, members), first);
}

/** One layer of a bank with its activation and dropout: members x rows x units. */
export function bankLayer(
  bank: DenseBank,
  layer: number,
  pass: Pass,
  use: string,
  input: tf.Tensor2D | tf.Tensor3D,
  members?: Members,
): tf.Tensor3D {
  const output = activate(bank.activation, bankProduct(bank.layers[layer], pass, input, members));
  return dropOut(pass, maskName(bank.name, layer, use), output);
}

/** `input · weights + bias` of each member: members x rows x units. */
export function bankProduct(
  layer: DenseLayer,
  pass: Pass,
  input: tf.Tensor2D | tf.Tensor3D,
  members?: Members,
): tf.Tensor3D {
  const weights = take(pass.parameters[layer.weights] as tf.Tensor3D, members);
  const bias = take(pass.parameters[layer.bias] as tf.Tensor3D, members);
  const product = input.rank === 2 ? commonProduct(input as tf.Tensor2D, weights) : ownProduct(input, weights);
  const output = tf.add<tf.Tensor3D>(product, bias);
  return pass.tap ? pass.tap(layer, input, output) : output;
}

/** One product for all members: their matrices lie beside each other. */
function commonProduct(input: tf.Tensor2D, weights: tf.Tensor3D): tf.Tensor3D {
  const [members, inputs, units] = weights.shape;
  const rows = input.shape[0];
  const beside = tf.reshape(tf.transpose(weights, [1, 0, 2]), [inputs, members * units]);
  const product = tf.reshape(tf.matMul<tf.Tensor2D>(input, beside), [rows, members, units]);
  return tf.transpose<tf.Tensor3D>(product as tf.Tensor3D, [1, 0, 2]);
}

/** Where there are several members per input, as with the experts of each task, they follow each other. */
function ownProduct(input: tf.Tensor, weights: tf.Tensor3D): tf.Tensor3D {
  const [members, inputs, units] = weights.shape;
  const [own, rows] = input.shape;
  if (own === members) return tf.matMul<tf.Tensor3D>(input, weights);
  const each = members / own;
  const beside = tf.reshape(tf.transpose(tf.reshape(weights, [own, each, inputs, units]), [0, 2, 1, 3]), [
    own,
    inputs,
    each * units,
  ]);
  const product = tf.reshape(tf.matMul(input, beside), [own, rows, each, units]);
  return tf.reshape(tf.transpose(product, [0, 2, 1, 3]), [members, rows, units]);
}

/** The members' part of a tensor that has one entry per member. */
export function take<Tensor extends tf.Tensor>(values: Tensor, members?: Members): Tensor {
  if (!members || (members.start === 0 && members.count === values.shape[0])) return values;
  const rest = values.shape.slice(1);
  return tf.slice(values, [members.start, ...rest.map(() => 0)], [members.count, ...rest]);
}

/** `matrix · values` over the first axis: [to, from] and [from, ...] give [to, ...]. */
export function mixMembers(matrix: tf.Tensor2D, values: tf.Tensor3D): tf.Tensor3D {
  const [from, rows, units] = values.shape;
  const flat = tf.reshape(values, [from, rows * units]);
  return tf.reshape(tf.matMul(matrix, flat), [matrix.shape[0], rows, units]);
}

/**
 * Mixtures that differ from row to row.
 * @param gates tasks x rows x members.
 * @param values members x rows x units.
 * @returns tasks x rows x units.
 */
export function mixRows(gates: tf.Tensor3D, values: tf.Tensor3D): tf.Tensor3D {
  const product = tf.matMul<tf.Tensor3D>(tf.transpose(gates, [1, 0, 2]), tf.transpose(values, [1, 0, 2]));
  return tf.transpose<tf.Tensor3D>(product, [1, 0, 2]);
}
