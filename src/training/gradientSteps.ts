import * as tf from '@tensorflow/tfjs-core';
import type { Experiment } from '../experiment/schema';
import { enterHead, headNames, type HeadGroup } from '../model/heads';
import { biasBeside, type Pass } from '../model/layers';
import { represent, type Batch, type Model } from '../model/model';
import { sizeOf } from '../model/parameters';
import type { StateSpec } from '../program/program';
import type { TracedUpdate } from '../program/trace';
import { gradientRows, gramianOfRows, returnedToHeads } from './gramian';
import { batchOf, inputNames, taskLosses, trainingInputs, trainingState, updates, type Step } from './steps';

/**
 * A training step in two calls, for methods that weigh the tasks by their gradients: the first finds the gradients and
 * their Gramian, the method weighs, the second combines and applies. The gradients lie in state between the two, so
 * they never leave the engine.
 *
 * Combining the stored gradients was chosen over a second backward pass with the weights: the second pass costs a
 * whole `train` step, while a combination reads each gradient once.
 */
export const gradientStepNames = { measure: 'measure gradients', apply: 'apply gradients' } as const;

/** One weight per task for its own parameters: heads and private encoders. In the order of `model.order`. */
export const ownWeights = 'ownWeights';

const kept = (parameter: string) => `gradients/${parameter}`;

/** Parameters of a stream's private encoder. Several tasks may train them, each with a weight of its own. */
interface PrivateParameters {
  readonly stream: number;
  readonly names: readonly string[];
}

/**
 * The first call: `losses`, `counts` and `gramian` as `trainStep` gives them, and the gradients into state.
 * @param rows Rows of each stream's batch.
 */
export function measureGradientsStep(model: Model, rows: readonly number[]): Step {
  const parameters = model.parameters.map(({ name, shape }) => ({ name, shape }));
  return {
    name: gradientStepNames.measure,
    inputs: trainingInputs(model, rows),
    state: [...parameters, ...gradientState(model)],
    step: (inputs, state) => {
      const batches = rows.map((_, stream) => batchOf(inputs, stream));
      const pass = { parameters: state, masks: inputs };
      const shared = gradientRows(model, pass, batches);
      const gradients = [
        ...shared.map(({ layer, rows: value }) => ({ parameter: layer.weights, value })),
        ...headGradients(model, pass, batches),
        ...privateGradients(model, pass, batches),
      ];
      return {
        outputs: { ...taskLosses(model, pass, batches), gramian: gramianOfRows(shared) },
        updates: gradients.map(({ parameter, value }): TracedUpdate => ({
          kind: 'assign',
          state: kept(parameter),
          value,
        })),
      };
    },
  };
}

/**
 * The second call: the gradients that the first one has left, combined with the tasks' weights and applied. Shared
 * parameters take `inputNames.weights`, the tasks' own ones take `ownWeights`.
 */
export function applyGradientsStep(model: Model, training: Experiment['training']): Step {
  const perTask = { shape: [model.order.length], dtype: 'float32' } as const;
  return {
    name: gradientStepNames.apply,
    inputs: {
      [inputNames.weights]: perTask,
      [ownWeights]: perTask,
      [inputNames.learningRate]: { shape: [], dtype: 'float32' },
    },
    state: [...trainingState(model, training.optimizer), ...gradientState(model)],
    step: (inputs, state) => {
      const own = inputs[ownWeights] as tf.Tensor1D;
      const combined = new Map([
        ...combineShared(model, state, inputs[inputNames.weights]),
        ...combineHeads(model, state, own),
        ...combinePrivate(model, state, own),
      ]);
      const gradients = model.parameters.map(({ name }) => combined.get(name) as tf.Tensor);
      return { outputs: {}, updates: updates(model, training, gradients, inputs[inputNames.learningRate]) };
    },
  };
}

type Named = readonly [parameter: string, gradient: tf.Tensor];
type State = Readonly<Record<string, tf.Tensor>>;

/** Where the gradients lie between the calls. The rows of a shared layer lie under the name of its weights. */
export function gradientState(model: Model): StateSpec[] {
  const tasks = model.order.length;
  const ofPrivate = new Map(
    privateParameters(model).flatMap(({ stream, names }) => names.map((name) => [name, stream])),
  );
  return model.parameters.flatMap(({ name, shape, shared }) => {
    const stream = ofPrivate.get(name);
    if (stream !== undefined) {
      return [{ name: kept(name), shape: [model.taskSet.streams[stream].tasks.length, sizeOf(shape)] }];
    }
    if (!shared) return [{ name: kept(name), shape }];
    // A shared bias lies in the rows of its layer's weights.
    return shape.length === 2 ? [{ name: kept(name), shape: [tasks, shape[1] * (shape[0] + 1)] }] : [];
  });
}

function privateParameters(model: Model): PrivateParameters[] {
  return model.privateEncoders.flatMap((stack, stream) =>
    stack ? [{ stream, names: stack.layers.flatMap(({ weights, bias }) => [weights, bias]) }] : [],
  );
}

/** A head's parameters see the loss of its task alone: one backward pass of the sum of losses serves all heads. */
function headGradients(model: Model, pass: Pass, batches: readonly Batch[]) {
  const names = model.groups.flatMap(parameterNames);
  const objective = (...values: tf.Tensor[]) => {
    const replaced = Object.fromEntries(names.map((name, position) => [name, values[position]]));
    return tf.sum(taskLosses(model, { ...pass, parameters: { ...pass.parameters, ...replaced } }, batches).losses);
  };
  const gradients = tf.grads(objective)(names.map((name) => pass.parameters[name]));
  return names.map((parameter, position) => ({ parameter, value: gradients[position] }));
}

/** Rows of gradients at the private encoders: tasks of the stream x size of the parameter. */
function privateGradients(model: Model, pass: Pass, batches: readonly Batch[]) {
  const entered = returnedToHeads(model, pass, batches);
  return privateParameters(model).flatMap(({ stream, names }) => {
    const perTask = model.groups.flatMap((group, position) => {
      if (group.stream !== stream) return [];
      const width = group.units[0];
      return group.tasks.map((_, head) => {
        const enter = (...values: tf.Tensor[]) => {
          const replaced = Object.fromEntries(names.map((name, index) => [name, values[index]]));
          const inner = { ...pass, parameters: { ...pass.parameters, ...replaced } };
          return enterHead(group, inner, represent(model, inner, stream, batches[stream].x), head);
        };
        const returned = tf.slice(entered[position], [0, head * width], [-1, width]);
        return tf.grads(enter)(
          names.map((name) => pass.parameters[name]),
          returned,
        );
      });
    });
    return names.map((parameter, index) => {
      const rows = perTask.map((ofTask) => tf.reshape<tf.Rank.R2>(ofTask[index], [1, -1]));
      return { parameter, value: rows.length === 1 ? rows[0] : tf.concat2d(rows, 0) };
    });
  });
}

function combineShared(model: Model, state: State, weights: tf.Tensor): Named[] {
  const matrices = model.parameters.filter(({ shared, shape }) => shared && shape.length === 2);
  return matrices.flatMap(({ name, shape: [inputs, units] }): Named[] => {
    const combined = tf.reshape(weighted(weights, state[kept(name)]), [units, inputs + 1]);
    return [
      [name, tf.transpose(tf.slice(combined, [0, 0], [units, inputs]))],
      [biasBeside(name), tf.reshape(tf.slice(combined, [0, inputs], [units, 1]), [units])],
    ];
  });
}

function combineHeads(model: Model, state: State, weights: tf.Tensor1D): Named[] {
  let first = 0;
  return model.groups.flatMap((group) => {
    const own = tf.slice(weights, [first], [group.tasks.length]);
    first += group.tasks.length;
    return parameterNames(group).map((name): Named => [name, scaleByHead(group, state[kept(name)], own)]);
  });
}

/** Every head's part of a stacked gradient times the weight of the head; see `headParameters` for the shapes. */
function scaleByHead({ tasks }: HeadGroup, gradient: tf.Tensor, weights: tf.Tensor1D): tf.Tensor {
  const heads = tasks.length;
  if (gradient.rank === 3) return tf.mul(gradient, tf.reshape(weights, [heads, 1, 1]));
  const units = gradient.shape[gradient.rank - 1] / heads;
  const apart = tf.reshape(gradient, [-1, heads, units]);
  return tf.reshape(tf.mul(apart, tf.reshape(weights, [1, heads, 1])), gradient.shape);
}

function combinePrivate(model: Model, state: State, weights: tf.Tensor1D): Named[] {
  const shapes = new Map(model.parameters.map(({ name, shape }) => [name, shape]));
  return privateParameters(model).flatMap(({ stream, names }) => {
    const { tasks } = model.taskSet.streams[stream];
    const first = model.order.findIndex((task) => model.taskSet.tasks[task].stream === stream);
    const own = tf.slice(weights, [first], [tasks.length]);
    return names.map((name): Named => {
      const shape = shapes.get(name) as number[];
      return [name, tf.reshape(weighted(own, state[kept(name)]), [...shape])];
    });
  });
}

/** The weighted sum of rows: 1 x columns. */
function weighted(weights: tf.Tensor, rows: tf.Tensor): tf.Tensor {
  return tf.matMul(tf.reshape(weights, [1, -1]), rows);
}

function parameterNames(group: HeadGroup): string[] {
  return group.units.flatMap((_, layer) => Object.values(headNames(group, layer)));
}
