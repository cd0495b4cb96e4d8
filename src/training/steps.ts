import * as tf from '@tensorflow/tfjs-core';
import type { BatchBuffers } from '../data/batches';
import type { Experiment } from '../experiment/schema';
import type { Pass } from '../model/layers';
import {
  enterShared,
  finishGroup,
  modelMasks,
  represent,
  sharingPenalty,
  taskLosses,
  trainable,
  type Batch,
  type Model,
} from '../model/model';
import { enterHeads } from '../model/heads';
import type { StepNeed } from '../relatedness';
import type { StateSpec, TensorSpec } from '../program/program';
import type { StepResult } from '../program/trace';
import { sharedNames } from './gramian';
import { trainingState, updates } from './optimizerState';
import { relatingOutputs } from './relating';

/** A step as `traceProgram` takes it, with the inputs that it needs. */
export interface Step {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly state: readonly StateSpec[];
  readonly step: (
    inputs: Readonly<Record<string, tf.Tensor>>,
    state: Readonly<Record<string, tf.Tensor>>,
  ) => StepResult;
}

/** Names of a stream's inputs in the programs. */
export const inputNames = {
  x: (stream: number) => `x/${stream}`,
  y: (stream: number) => `y/${stream}`,
  mask: (stream: number) => `mask/${stream}`,
  /** One weight per task, in the order of `model.order`. */
  weights: 'weights',
  /** One weight per task for the parameters that are not shared, where these have weights of their own. */
  ownWeights: 'ownWeights',
  learningRate: 'learningRate',
  /** One number per task, stream after stream: 0 where its contribution is taken out, else 1. */
  kept: 'kept',
} as const;

/** Names of the inputs that hold a stream's batch. */
type BatchNames = Pick<typeof inputNames, 'x' | 'y' | 'mask'>;

export const stepNames = {
  train: 'train',
  /** Looks at the losses of a batch without training. */
  losses: 'losses',
  /** Looks at what measures of relatedness need without training. */
  relate: 'relate',
  /** Looks at what a model makes of rows of a stream. */
  inspect: (stream: number) => `inspect/${stream}`,
  /** Looks at what is left of rows of a stream where contributions are taken out. */
  contributions: (stream: number) => `contributions/${stream}`,
  /** Looks at the gradients of one row of each stream. */
  singleRows: 'single rows',
  /** Looks at what heads answer to one row of each stream, and its gradients. */
  singleAnswers: 'single answers',
  /** Trains just as `train` does, and gives what measures of relatedness need too. */
  trainAndMeasure: 'train and measure',
  evaluate: (stream: number) => `evaluate/${stream}`,
  /** Looks at the losses of tasks at each row of a stream. */
  rowLosses: (stream: number) => `row losses/${stream}`,
} as const;

/**
 * One training step on a batch of every stream: the gradient of `sum over tasks of weight * loss`, and of what the
 * sharing architecture adds, applied.
 * Outputs, in the order of `model.order`: `losses` (means over the rows with a label, 0 without), `counts` (of those
 * rows), and what measures of relatedness need (`relatingOutputs`).
 * @param rows Rows of each stream's batch.
 * @param weigh Whether the parameters that are not shared follow weights of their own, `inputNames.ownWeights`.
 */
export function trainStep(
  model: Model,
  training: Experiment['training'],
  rows: readonly number[],
  needs: readonly StepNeed[],
  weigh: 'all alike' | 'shared apart' = 'all alike',
): Step {
  const perTask = { shape: [model.order.length], dtype: 'float32' } as const;
  return {
    name: needs.length > 0 ? stepNames.trainAndMeasure : stepNames.train,
    inputs: {
      ...trainingInputs(model, rows),
      [inputNames.weights]: perTask,
      ...(weigh === 'shared apart' && { [inputNames.ownWeights]: perTask }),
      [inputNames.learningRate]: { shape: [], dtype: 'float32' },
    },
    state: trainingState(model, training.optimizer),
    step: (inputs, state) => {
      const batches = rows.map((_, stream) => batchOf(inputs, stream));
      const pass = { parameters: state, masks: inputs };
      const { losses, counts } = taskLosses(model, pass, batches);
      const gradients =
        weigh === 'all alike'
          ? parameterGradients(model, pass, batches, inputs[inputNames.weights])
          : gradientsApart(model, pass, batches, inputs);
      return {
        outputs: { losses, counts, ...relatingOutputs(model, pass, batches, needs, inputs[inputNames.learningRate]) },
        updates: updates(model, training, gradients, inputs[inputNames.learningRate]),
      };
    },
  };
}

/** `losses` and `counts` as `trainStep` gives them, and nothing else: for methods that weigh the tasks by their losses. */
export function lossesStep(model: Model, rows: readonly number[]): Step {
  return {
    name: stepNames.losses,
    inputs: trainingInputs(model, rows),
    state: model.parameters.map(({ name, shape }) => ({ name, shape })),
    step: (inputs, state) => {
      const batches = rows.map((_, stream) => batchOf(inputs, stream));
      return { outputs: taskLosses(model, { parameters: state, masks: inputs }, batches) };
    },
  };
}

/** `losses`, `counts` and what measures of relatedness need, for steps that cannot give it while they train. */
export function relateStep(model: Model, rows: readonly number[], needs: readonly StepNeed[]): Step {
  return {
    name: stepNames.relate,
    inputs: { ...trainingInputs(model, rows), [inputNames.learningRate]: { shape: [], dtype: 'float32' } },
    state: model.parameters.map(({ name, shape }) => ({ name, shape })),
    step: (inputs, state) => {
      const batches = rows.map((_, stream) => batchOf(inputs, stream));
      const pass = { parameters: state, masks: inputs };
      const related = relatingOutputs(model, pass, batches, needs, inputs[inputNames.learningRate]);
      return { outputs: { ...taskLosses(model, pass, batches), ...related } };
    },
  };
}

/**
 * Looks at a batch of one stream without training. For each group of heads of the stream: `outputs/<group>` (rows x
 * heads x outputs), and per head `sums/<group>` of the losses and `counts/<group>` of the labels. For each probe of the
 * sharing architecture `usage/<probe>`: sums over each task's labelled rows (tasks of the stream x columns), or where it
 * does not depend on rows its values, in the first stream alone.
 */
export function evaluateStep(model: Model, stream: number, rows: number): Step {
  return {
    name: stepNames.evaluate(stream),
    inputs: batchInputs(model, stream, rows),
    state: model.parameters.map(({ name, shape }) => ({ name, shape })),
    step: (inputs, state) => {
      const pass = { parameters: state };
      const batch = batchOf(inputs, stream);
      const representation = represent(model, pass, stream, batch.x);
      const outputs = model.groups.flatMap((group, position) => {
        if (group.stream !== stream) return [];
        const finished = finishGroup(group, pass, enterHeads(group, pass, representation), batch);
        return Object.entries(finished).map(([name, tensor]) => [`${name}/${position}`, tensor] as const);
      });
      return { outputs: { ...Object.fromEntries(outputs), ...usage(model, pass, stream, batch) } };
    },
  };
}

function usage(model: Model, pass: Pass, stream: number, { x, mask }: Batch): Record<string, tf.Tensor> {
  const { probes = [], observe } = model.shared;
  const wanted = probes.filter(({ perRow }) => perRow || stream === 0);
  if (!observe || wanted.length === 0) return {};
  const values = observe(pass, stream, enterShared(model, pass, stream, x));
  return Object.fromEntries(
    wanted.map(({ name, perRow }) => [
      usageName(name),
      perRow ? labelledSums(values[name] as tf.Tensor3D, mask) : values[name],
    ]),
  );
}

/** Sums over each task's labelled rows: tasks x rows x columns give tasks x columns. */
function labelledSums(values: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor {
  const [rows, tasks] = mask.shape;
  return tf.sum(tf.mul(values, tf.reshape(tf.transpose(mask), [tasks, rows, 1])), 1);
}

/** Name of a probe's output. */
export function usageName(probe: string): string {
  return `usage/${probe}`;
}

/** Whether there are parameters at which gradients of tasks can be compared. */
export function hasSharedParameters(model: Model): boolean {
  return sharedNames(model).length > 0;
}

/**
 * Gradients of the weighted sum of the task losses and of the penalty: of the parameters of those names, in their order;
 * of all that can be trained, if not given.
 */
export function parameterGradients(
  model: Model,
  pass: Pass,
  batches: readonly Batch[],
  weights: tf.Tensor,
  names: readonly string[] = trainable(model).map(({ name }) => name),
): tf.Tensor[] {
  const objective = (...values: tf.Tensor[]) => {
    const given = Object.fromEntries(names.map((name, position) => [name, values[position]]));
    const parameters = { ...pass.parameters, ...given };
    const { losses } = taskLosses(model, { ...pass, parameters }, batches);
    const weighted = tf.sum<tf.Scalar>(tf.mul(losses, weights));
    const penalty = sharingPenalty(model, { ...pass, parameters }, batches);
    return penalty ? tf.add<tf.Scalar>(weighted, penalty) : weighted;
  };
  return tf.grads(objective)(names.map((name) => pass.parameters[name]));
}

/** The same where shared parameters have one weighting and the others another: of all that can be trained. */
function gradientsApart(
  model: Model,
  pass: Pass,
  batches: readonly Batch[],
  inputs: Readonly<Record<string, tf.Tensor>>,
): tf.Tensor[] {
  const of = (wanted: boolean, weights: tf.Tensor) => {
    const names = trainable(model)
      .filter(({ shared }) => shared === wanted)
      .map(({ name }) => name);
    const slopes = names.length === 0 ? [] : parameterGradients(model, pass, batches, weights, names);
    return names.map((name, position) => [name, slopes[position]] as const);
  };
  const found = new Map([...of(true, inputs[inputNames.weights]), ...of(false, inputs[inputNames.ownWeights])]);
  return trainable(model).map(({ name }) => found.get(name)!);
}

/** Batches and dropout masks of a training step. */
export function trainingInputs(model: Model, rows: readonly number[]): Record<string, TensorSpec> {
  const masks = [...modelMasks(model, rows), ...(model.shared.drawn ?? [])].map(
    ({ name, shape }): [string, TensorSpec] => [name, { shape, dtype: 'float32' }],
  );
  const batches = rows.flatMap((count, stream) => Object.entries(batchInputs(model, stream, count)));
  return Object.fromEntries([...batches, ...masks]);
}

/** The inputs of a stream, for batches of that many rows. */
export function batchInputs(
  model: Model,
  stream: number,
  rows: number,
  names: BatchNames = inputNames,
): Record<string, TensorSpec> {
  const { inputWidth, tasks } = model.taskSet.streams[stream];
  return {
    [names.x(stream)]: { shape: [rows, inputWidth], dtype: 'float32' },
    [names.y(stream)]: { shape: [rows, tasks.length], dtype: 'float32' },
    [names.mask(stream)]: { shape: [rows, tasks.length], dtype: 'float32' },
  };
}

/** The values of a stream's inputs. */
export function batchValues(stream: number, { inputs, targets, mask }: BatchBuffers): Record<string, Float32Array> {
  return { [inputNames.x(stream)]: inputs, [inputNames.y(stream)]: targets, [inputNames.mask(stream)]: mask };
}

/** A stream's batch among the inputs of a step. */
export function batchOf(
  inputs: Readonly<Record<string, tf.Tensor>>,
  stream: number,
  names: BatchNames = inputNames,
): Batch {
  return {
    x: inputs[names.x(stream)] as tf.Tensor2D,
    y: inputs[names.y(stream)] as tf.Tensor2D,
    mask: inputs[names.mask(stream)] as tf.Tensor2D,
  };
}
