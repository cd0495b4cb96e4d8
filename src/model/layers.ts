import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../common/random';
import type { Activation } from '../experiment/schema';
import { uniformInitialiser, type ParameterSpec } from './parameters';

/**
 * What a layer computes with, in one forward pass. Layers are pure functions of it and of their inputs; the arrays of
 * names lie in the model.
 */
export interface Pass {
  readonly parameters: Readonly<Record<string, tf.Tensor>>;
  /** Dropout masks by name: 0, or 1 / (1 - rate). Absent where nothing is dropped, as in prediction. */
  readonly masks?: Readonly<Record<string, tf.Tensor>>;
  /**
   * One number per task, stream after stream: what stays of its contribution, from 0 (none) to 1 (all, as where this is
   * absent). Heeded by sharing architectures that are `separable`; see `takeOut`.
   */
  readonly kept?: tf.Tensor1D;
  /**
   * Sees the input and the output of each dense layer, before its activation, and may replace the output. Of a layer of
   * a bank the output is members x rows x units, and so is the input where each member has its own.
   */
  readonly tap?: <Output extends tf.Tensor>(layer: DenseLayer, input: tf.Tensor, output: Output) => Output;
}

/** One dense layer: `inputs x units` weights and `units` biases, or as many of each as a bank has members. */
export interface DenseLayer {
  readonly weights: string;
  readonly bias: string;
  readonly inputs: number;
  readonly units: number;
}

/** The name of a layer's bias, from that of its weights. */
export function biasBeside(weights: string): string {
  return weights.replace(/weights$/, 'bias');
}

/** Dense layers one after the other, each followed by the activation and, in training, by dropout. */
export interface DenseStack {
  readonly name: string;
  readonly inputs: number;
  /** Width of what comes out: that of the last layer, or of the inputs where there is no layer. */
  readonly units: number;
  readonly layers: readonly DenseLayer[];
  readonly activation: Activation;
  readonly dropout: number;
  /** Whether several tasks train these parameters. */
  readonly shared: boolean;
}

/** What the experiment file says of a stack. */
export interface StackSettings {
  readonly layers: readonly number[];
  readonly activation: Activation;
  readonly dropout: number;
}

export function denseStack(name: string, inputs: number, settings: StackSettings, shared: boolean): DenseStack {
  const layers = settings.layers.map((units, position) => {
    const weights = `${name}/${position}/weights`;
    return {
      weights,
      bias: biasBeside(weights),
      inputs: position === 0 ? inputs : settings.layers[position - 1],
      units,
    };
  });
  const { activation, dropout } = settings;
  return { name, inputs, units: layers.at(-1)?.units ?? inputs, layers, activation, dropout, shared };
}

export function stackParameters({ layers, activation, shared }: DenseStack): ParameterSpec[] {
  return layers.flatMap(({ weights, bias, inputs, units }) => [
    {
      name: weights,
      shape: [inputs, units],
      decays: true,
      shared,
      initialise: uniformInitialiser(weights, activation, inputs, units),
    },
    { name: bias, shape: [units], decays: false, shared, initialise: () => new Float32Array(units) },
  ]);
}

/** A dropout mask that a training step takes as an input. */
export interface MaskSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Share of units that are dropped. */
  readonly rate: number;
}

/** Another input that a training step draws or schedules, such as noise or a temperature. */
export interface DrawnSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** One number of it. @param step Counted over the whole run, from 0. */
  readonly draw: (random: Random, step: number) => number;
}

/**
 * Masks of a stack for one batch.
 * @param use Tells several applications of one stack apart, such as the stream's position.
 */
export function stackMasks({ name, layers, dropout }: DenseStack, use: string, rows: number): MaskSpec[] {
  if (dropout === 0) return [];
  return layers.map(({ units }, position) => ({
    name: maskName(name, position, use),
    shape: [rows, units],
    rate: dropout,
  }));
}

/** @returns rows x stack.units. */
export function applyStack(stack: DenseStack, pass: Pass, use: string, input: tf.Tensor2D): tf.Tensor2D {
  return stack.layers.reduce((hidden, layer, position) => {
    const activated = activate(stack.activation, dense(layer, pass, hidden));
    return dropOut(pass, maskName(stack.name, position, use), activated);
  }, input);
}

/** `input · weights + bias`: rows x layer.units. */
export function dense(layer: DenseLayer, pass: Pass, input: tf.Tensor2D): tf.Tensor2D {
  const product = tf.matMul(input, pass.parameters[layer.weights]);
  const output = tf.add<tf.Tensor2D>(product, pass.parameters[layer.bias]);
  return pass.tap ? pass.tap(layer, input, output) : output;
}

export function activate<Tensor extends tf.Tensor>(activation: Activation, input: Tensor): Tensor {
  switch (activation) {
    case 'relu':
      return tf.relu(input);
    case 'tanh':
      return tf.tanh(input);
    case 'sigmoid':
      return tf.sigmoid(input);
    case 'elu':
      return tf.elu(input);
    case 'linear':
      return input;
  }
}

/** Multiplies with the mask of that name, where the pass has one. */
export function dropOut<Tensor extends tf.Tensor>(pass: Pass, name: string, input: Tensor): Tensor {
  const mask = pass.masks?.[name];
  return mask ? tf.mul<Tensor>(input, mask) : input;
}

export function maskName(stack: string, position: number, use: string): string {
  return `dropout/${stack}/${position}/${use}`;
}
