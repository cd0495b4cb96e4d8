import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../../src/common/random';
import type { StateSpec, TensorSpec, TracedUpdate } from '../../src/program';
import { shapes, type HardShape } from './shapes';

/** A network with hard sharing: shared layers, then for each task one layer and one output. */
export type ModelSize = Omit<HardShape, 'kind'>;

/** The step of the measurements: five tasks, three shared layers of 100 units. */
export const usualSize: ModelSize = shapes.small;

export type Tensors = Readonly<Record<string, tf.Tensor>>;

/** Parameters of the network with every head by itself, or with the heads stacked into one tensor. */
export function parameterShapes(size: ModelSize, stacked: boolean): StateSpec[] {
  const widths = [size.inputs, ...size.shared];
  const shared = size.shared.flatMap((units, layer) => [
    { name: `shared/${layer}/weights`, shape: [widths[layer], units] },
    { name: `shared/${layer}/bias`, shape: [units] },
  ]);
  const last = widths[widths.length - 1];
  if (stacked) {
    return [
      ...shared,
      { name: 'heads/0/weights', shape: [size.tasks, last, size.head] },
      { name: 'heads/0/bias', shape: [size.tasks, 1, size.head] },
      { name: 'heads/1/weights', shape: [size.tasks, size.head, 1] },
      { name: 'heads/1/bias', shape: [size.tasks, 1, 1] },
    ];
  }
  const heads = Array.from({ length: size.tasks }, (_, task) => [
    { name: `head/${task}/0/weights`, shape: [last, size.head] },
    { name: `head/${task}/0/bias`, shape: [size.head] },
    { name: `head/${task}/1/weights`, shape: [size.head, 1] },
    { name: `head/${task}/1/bias`, shape: [1] },
  ]);
  return [...shared, ...heads.flat()];
}

/** The sum over tasks of the mean squared errors. `targets` is batch x tasks. */
export function totalLoss(size: ModelSize, stacked: boolean, p: Tensors, x: tf.Tensor, targets: tf.Tensor): tf.Scalar {
  const trunk = applyTrunk(size, p, x);
  return stacked ? stackedLoss(size, p, trunk, targets) : tf.addN([...headLosses(size, p, trunk, targets)]);
}

/** The mean squared error of each task, whose head is by itself. */
export function taskLosses(size: ModelSize, p: Tensors, x: tf.Tensor, targets: tf.Tensor): readonly tf.Scalar[] {
  return headLosses(size, p, applyTrunk(size, p, x), targets);
}

function headLosses(size: ModelSize, p: Tensors, trunk: tf.Tensor, targets: tf.Tensor): readonly tf.Scalar[] {
  return tf.split(targets, size.tasks, 1).map((target, task) => {
    const hidden = dense(trunk, p[`head/${task}/0/weights`], p[`head/${task}/0/bias`]);
    const output = tf.add(tf.matMul(hidden, p[`head/${task}/1/weights`]), p[`head/${task}/1/bias`]);
    return tf.mean<tf.Scalar>(tf.square(tf.sub(output, target)));
  });
}

function stackedLoss(size: ModelSize, p: Tensors, trunk: tf.Tensor, targets: tf.Tensor): tf.Scalar {
  const repeated = tf.tile(tf.expandDims(trunk, 0), [size.tasks, 1, 1]);
  const hidden = dense(repeated, p['heads/0/weights'], p['heads/0/bias']);
  const outputs = tf.add(tf.matMul(hidden, p['heads/1/weights']), p['heads/1/bias']);
  const wanted = tf.expandDims(tf.transpose(targets), 2);
  return tf.sum(tf.mean(tf.square(tf.sub(outputs, wanted)), [1, 2]));
}

function applyTrunk(size: ModelSize, p: Tensors, x: tf.Tensor): tf.Tensor {
  return size.shared.reduce<tf.Tensor>(
    (hidden, _, layer) => dense(hidden, p[`shared/${layer}/weights`], p[`shared/${layer}/bias`]),
    x,
  );
}

function dense(x: tf.Tensor, weights: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return tf.relu(tf.add(tf.matMul(x, weights), bias));
}

/** Everything the compiled step needs to be traced. */
export function adamStep(size: ModelSize, stacked: boolean, epsilon = 1e-7) {
  const parameters = parameterShapes(size, stacked);
  const moments = parameters.flatMap(({ name, shape }) => [
    { name: `${name}/m`, shape },
    { name: `${name}/v`, shape },
  ]);
  const inputs: Record<string, TensorSpec> = {
    x: { shape: [size.batch, size.inputs], dtype: 'float32' },
    targets: { shape: [size.batch, size.tasks], dtype: 'float32' },
    rate: { shape: [], dtype: 'float32' },
  };
  const step = ({ x, targets, rate }: Tensors, state: Tensors) => {
    const names = parameters.map(({ name }) => name);
    const loss = (...values: tf.Tensor[]) =>
      totalLoss(size, stacked, Object.fromEntries(names.map((name, index) => [name, values[index]])), x, targets);
    const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => state[name]));
    const updates = names.map((name, index): TracedUpdate => ({
      kind: 'adam',
      state: name,
      gradient: grads[index],
      firstMoment: `${name}/m`,
      secondMoment: `${name}/v`,
      stepCount: 'steps',
      learningRate: rate,
      beta1: 0.9,
      beta2: 0.999,
      epsilon,
      weightDecay: 0,
    }));
    return { outputs: { loss: value }, updates };
  };
  return { name: 'step', inputs, state: [...parameters, ...moments, { name: 'steps', shape: [] }], step };
}

/** Initial parameters, and zeros for the rest. */
export function initialState(state: readonly StateSpec[]): Record<string, Float32Array> {
  const random = createRandom(1, 'bench');
  return Object.fromEntries(
    state.map(({ name, shape }) => {
      const values = new Float32Array(shape.reduce((size, length) => size * length, 1));
      const scale = Math.sqrt(6 / (shape.at(-2) ?? 1));
      return [name, name.endsWith('weights') ? values.map(() => (2 * random.uniform() - 1) * scale) : values];
    }),
  );
}

/** One batch: normally spread inputs, and targets that depend on them. */
export function batchOf(size: Pick<ModelSize, 'tasks' | 'inputs' | 'batch'>): {
  x: Float32Array;
  targets: Float32Array;
} {
  const random = createRandom(2, 'bench');
  const x = Float32Array.from({ length: size.batch * size.inputs }, () => 2 * random.uniform() - 1);
  const targets = Float32Array.from({ length: size.batch * size.tasks }, (_, index) => {
    const row = Math.floor(index / size.tasks) * size.inputs;
    return x[row + (index % size.tasks)] * x[row + size.tasks];
  });
  return { x, targets };
}
