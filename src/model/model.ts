import * as tf from '@tensorflow/tfjs-core';
import type { TaskSet } from '../data/taskSet';
import type { Experiment } from '../experiment/schema';
import {
  commonHeadParameters,
  enterHeads,
  finishHeads,
  groupColumns,
  headGroups,
  headMasks,
  headNames,
  headParameters,
  type HeadGroup,
} from './heads';
import {
  applyStack,
  denseStack,
  stackMasks,
  stackParameters,
  type DenseStack,
  type MaskSpec,
  type Pass,
} from './layers';
import { maskedMeans, maskedSums, rowLosses } from './losses';
import { sizeOf, type ParameterSpec } from './parameters';
import { buildSharing, type SharedNetwork } from './sharing';

/** A model: what it is made of. The functions of this file compute with it. */
export interface Model {
  readonly taskSet: TaskSet;
  readonly parameters: readonly ParameterSpec[];
  readonly parameterCount: number;
  /** Per stream; absent where the inputs go into the shared network as they are. */
  readonly privateEncoders: readonly (DenseStack | undefined)[];
  readonly shared: SharedNetwork;
  readonly groups: readonly HeadGroup[];
  /** Positions in TaskSet.tasks, group after group: the order of every tensor with one entry per task. */
  readonly order: readonly number[];
}

/** One batch of a stream. */
export interface Batch {
  /** rows x stream.inputWidth. */
  readonly x: tf.Tensor2D;
  /** rows x tasks of the stream. */
  readonly y: tf.Tensor2D;
  /** rows x tasks of the stream: 1 where there is a label, else 0; 0 in rows that only fill the batch. */
  readonly mask: tf.Tensor2D;
}

/**
 * The model of an experiment on its prepared data.
 * @throws ExperimentError where the streams do not fit the shared network.
 */
export function buildModel(experiment: Pick<Experiment, 'model'>, taskSet: TaskSet): Model {
  const privateEncoders = taskSet.streams.map(({ encoder, inputWidth }, stream) =>
    encoder ? denseStack(`private/${stream}`, inputWidth, encoder, false) : undefined,
  );
  const inputs = taskSet.streams.map(({ tasks, inputWidth }, stream) => ({
    name: taskSet.tasks[tasks[0]].name,
    width: privateEncoders[stream]?.units ?? inputWidth,
    tasks: tasks.map((task) => taskSet.tasks[task].name),
  }));
  const shared = buildSharing(experiment.model, inputs);
  const groups = headGroups(taskSet, experiment.model.head, shared.widths, shared.commonHead !== undefined);
  const parameters = [
    ...privateEncoders.flatMap((stack) => (stack ? stackParameters(stack) : [])),
    ...shared.parameters,
    ...commonHeadParameters(groups),
    ...groups.flatMap(headParameters).map((parameter) => ({
      ...parameter,
      decays: parameter.decays && !heldDown(groups, shared, parameter.name),
    })),
  ];
  return {
    taskSet,
    parameters,
    parameterCount: parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    privateEncoders,
    shared,
    groups,
    order: groups.flatMap(({ tasks }) => tasks),
  };
}

/** Values of all parameters before the first step, by name. */
export function initialiseParameters(model: Model, seed: number): Record<string, Float32Array> {
  return Object.fromEntries(model.parameters.map((parameter) => [parameter.name, parameter.initialise(seed)]));
}

/** The parameters that steps change, in the order of `model.parameters`. */
export function trainable({ parameters }: Pick<Model, 'parameters'>): readonly ParameterSpec[] {
  return parameters.filter(({ frozen }) => frozen !== true);
}

/** The model with some parameters that stay as they are. No task trains them, so none is compared at them. */
export function freeze(model: Model, names: ReadonlySet<string>): Model {
  const parameters = model.parameters.map((parameter): ParameterSpec =>
    names.has(parameter.name) ? { ...parameter, shared: false, frozen: true } : parameter,
  );
  return { ...model, parameters };
}

/** The dropout masks of one training step. @param rows Rows of each stream's batch. */
export function modelMasks(model: Model, rows: readonly number[]): MaskSpec[] {
  return [
    ...model.privateEncoders.flatMap((stack, stream) => (stack ? stackMasks(stack, '', rows[stream]) : [])),
    ...model.shared.masks(rows),
    ...model.groups.flatMap((group) => headMasks(group, rows[group.stream])),
  ];
}

/** What a stream feeds into the shared network: rows x width. */
export function enterShared(model: Model, pass: Pass, stream: number, x: tf.Tensor2D): tf.Tensor2D {
  const stack = model.privateEncoders[stream];
  return stack ? applyStack(stack, pass, '', x) : x;
}

/**
 * What the heads of a stream read: rows x width, or tasks of the stream x rows x width where each reads its own.
 */
export function represent(model: Model, pass: Pass, stream: number, x: tf.Tensor2D): tf.Tensor2D | tf.Tensor3D {
  return model.shared.represent(pass, stream, enterShared(model, pass, stream, x));
}

/** What the sharing architecture adds to the weighted sum of the task losses; undefined where it adds nothing. */
export function sharingPenalty(model: Model, pass: Pass, batches: readonly Batch[]): tf.Scalar | undefined {
  const { penalty, commonHead } = model.shared;
  const entering = () => batches.map(({ x, mask }, stream) => ({ input: enterShared(model, pass, stream, x), mask }));
  const own = penalty ? [penalty(pass, entering())] : [];
  const heads = commonHead
    ? firstLayers(model.groups).map(({ name, common }) => {
        const strength = common ? commonHead.sharedDecay : commonHead.specificDecay;
        return tf.mul<tf.Scalar>(tf.sum(tf.square(pass.parameters[name])), tf.scalar(strength / 2));
      })
    : [];
  const parts = [...own, ...heads];
  return parts.length === 0 ? undefined : parts.reduce((sum, part) => tf.add(sum, part));
}

/** Weights of the heads' first layers: those in common, once each, and those of the groups. */
function firstLayers(groups: readonly HeadGroup[]): { name: string; common: boolean }[] {
  const common = new Set(groups.flatMap((group) => (group.common ? [`${group.common}/weights`] : [])));
  return [
    ...[...common].map((name) => ({ name, common: true })),
    ...groups.map((group) => ({ name: headNames(group, 0).weights, common: false })),
  ];
}

/** Whether the penalty, and not weight decay, holds a parameter of the heads down. */
function heldDown(groups: readonly HeadGroup[], { commonHead }: SharedNetwork, parameter: string): boolean {
  return commonHead !== undefined && firstLayers(groups).some(({ name }) => name === parameter);
}

/** The first layer of every group of heads, before its activation: rows x (heads * units) each. */
export function enterGroups(model: Model, pass: Pass, batches: readonly Batch[]): tf.Tensor2D[] {
  const representations = batches.map(({ x }, stream) => represent(model, pass, stream, x));
  return model.groups.map((group) => enterHeads(group, pass, representations[group.stream]));
}

/** Outputs of a group's heads (rows x heads x outputs), sums of their losses and counts of their labels. */
export function finishGroup(group: HeadGroup, pass: Pass, entered: tf.Tensor2D, { y, mask }: Batch) {
  const outputs = finishHeads(group, pass, entered);
  const losses = rowLosses(group.loss, group.kind, outputs, groupColumns(group, y));
  return { outputs, ...maskedSums(losses, groupColumns(group, mask)) };
}

/** Per task, in the order of `model.order`: sums of the losses over the rows with a label, and how many those are. */
export function taskSums(model: Model, pass: Pass, entered: readonly tf.Tensor2D[], batches: readonly Batch[]) {
  const finished = model.groups.map((group, position) =>
    finishGroup(group, pass, entered[position], batches[group.stream]),
  );
  return { sums: joined(finished.map(({ sums }) => sums)), counts: joined(finished.map(({ counts }) => counts)) };
}

/** Mean loss and number of labels per task, in the order of `model.order`. */
export function taskLosses(model: Model, pass: Pass, batches: readonly Batch[]) {
  const { sums, counts } = taskSums(model, pass, enterGroups(model, pass, batches), batches);
  return { losses: maskedMeans(sums, counts), counts };
}

/** Values in the order of `model.order`, brought into the order of the task set. */
export function inTaskOrder(model: Model, values: ArrayLike<number>): number[] {
  const result = new Array<number>(values.length);
  model.order.forEach((task, position) => (result[task] = values[position]));
  return result;
}

function joined(vectors: readonly tf.Tensor1D[]): tf.Tensor1D {
  return vectors.length === 1 ? vectors[0] : tf.concat1d([...vectors]);
}
