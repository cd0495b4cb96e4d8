import * as tf from '@tensorflow/tfjs-core';
import { applyBank, bankMasks, bankParameters, denseBank, mixRows, take, type DenseBank, type Members } from '../bank';
import type { DenseLayer, MaskSpec, Pass, StackSettings } from '../layers';
import type { ParameterSpec } from '../parameters';
import { keepOwn, keepShares, numbered, scoreLayer, scoreParameters, softGates } from './support';

/** Experts that all tasks read beside experts of each task alone, and a gate of each task over both (Tang et al., 2020). */
export interface Extraction {
  readonly shared: DenseBank;
  /** Task after task. */
  readonly specific: DenseBank;
  readonly gates: DenseLayer;
  /** Reads all experts, for the shared experts of the next level; absent in the last. */
  readonly sharedGate?: DenseLayer;
  readonly tasks: readonly string[];
  /** Whether all tasks train the gates of each; see `extraction`. */
  readonly gatesShared: boolean;
}

export interface ExtractionOptions {
  readonly sharedExperts: number;
  readonly taskExperts: number;
}

/** What goes into a level: for the tasks (each its own behind the first level), and for the shared experts. */
export interface ExtractionInput {
  readonly tasks: tf.Tensor2D | tf.Tensor3D;
  readonly shared: tf.Tensor2D;
}

/**
 * @param levelsBehind How many levels follow. Where one does, its shared experts read the experts of each task by the
 *   shared gate, so that all tasks train them; where two do, they read the gates of each task too.
 */
export function extraction(
  name: string,
  tasks: readonly string[],
  { sharedExperts, taskExperts }: ExtractionOptions,
  inputs: number,
  settings: StackSettings,
  levelsBehind: number,
): Extraction {
  const owners = tasks.flatMap((task) => numbered(task, taskExperts));
  const all = sharedExperts + owners.length;
  return {
    shared: denseBank(`${name}/shared`, numbered('expert', sharedExperts), inputs, settings, true),
    specific: denseBank(`${name}/specific`, owners, inputs, settings, levelsBehind > 0),
    gates: scoreLayer(`${name}/gates`, inputs, sharedExperts + taskExperts),
    ...(levelsBehind > 0 && { sharedGate: scoreLayer(`${name}/sharedGate`, inputs, all) }),
    tasks,
    gatesShared: levelsBehind > 1,
  };
}

export function extractionParameters({
  shared,
  specific,
  gates,
  sharedGate,
  tasks,
  gatesShared,
}: Extraction): ParameterSpec[] {
  return [
    ...bankParameters(shared),
    ...bankParameters(specific),
    ...scoreParameters(gates, tasks, gatesShared),
    ...(sharedGate ? scoreParameters(sharedGate, [''], true) : []),
  ];
}

/** Masks for the experts of so many tasks. */
export function extractionMasks(
  { shared, specific, tasks }: Extraction,
  use: string,
  count: number,
  rows: number,
): MaskSpec[] {
  const each = specific.members / tasks.length;
  return [...bankMasks(shared, use, shared.members, rows), ...bankMasks(specific, use, count * each, rows)];
}

/** Gate values: tasks x rows x (shared experts, then the task's own). */
export function extractionGates(level: Extraction, pass: Pass, input: ExtractionInput, members?: Members): tf.Tensor3D {
  return softGates(level.gates, pass, input.tasks, members);
}

/**
 * @param members The tasks at work; `input.tasks`, where each has its own, is theirs alone.
 * @returns tasks x rows x units, and where there is a shared gate rows x units for the shared experts of the next level.
 */
export function extract(
  level: Extraction,
  pass: Pass,
  use: string,
  input: ExtractionInput,
  members?: Members,
): { tasks: tf.Tensor3D; shared?: tf.Tensor2D } {
  const { shared, specific, sharedGate } = level;
  const each = specific.members / level.tasks.length;
  const gates = extractionGates(level, pass, input, members);
  const [toShared, toOwn] = tf.split(gates, [shared.members, each], 2) as [tf.Tensor3D, tf.Tensor3D];
  const common = keepShares(pass, toShared, applyBank(shared, pass, use, input.shared));
  const own = keepExperts(pass, each, applyBank(specific, pass, use, input.tasks, expertsOf(members, each)));
  const tasks = tf.add<tf.Tensor3D>(mixRows(toShared, common), mixOwn(toOwn, own));
  if (!sharedGate) return { tasks };
  const all = softGates(sharedGate, pass, input.shared);
  const mixed = mixRows(all, tf.concat3d([common, own], 0));
  return { tasks, shared: tf.reshape(mixed, [input.shared.shape[0], shared.units]) };
}

/**
 * What the last level gives the tasks of a stream: tasks x rows x units.
 * @param input Of all tasks.
 */
export function extractFor(level: Extraction, pass: Pass, use: string, input: ExtractionInput, members: Members) {
  // Whose the shared experts are, the gates of all tasks say.
  if (pass.kept) return take(extract(level, pass, use, input).tasks, members);
  const { tasks } = input;
  const own = tasks.rank === 3 ? take(tasks as tf.Tensor3D, members) : tasks;
  return extract(level, pass, use, { ...input, tasks: own }, members).tasks;
}

/** Experts of all tasks, so many of each, without what is not kept. */
function keepExperts(pass: Pass, each: number, experts: tf.Tensor3D): tf.Tensor3D {
  if (!pass.kept) return experts;
  const [all, rows, units] = experts.shape;
  const perTask = tf.reshape(experts, [all / each, each * rows, units]);
  return tf.reshape(keepOwn(pass, perTask), [all, rows, units]);
}

/** Gates tasks x rows x experts of each, over (tasks * experts of each) x rows x units. */
function mixOwn(gates: tf.Tensor3D, experts: tf.Tensor3D): tf.Tensor3D {
  const [tasks, rows, each] = gates.shape;
  const [, , units] = experts.shape;
  const weights = tf.reshape(tf.transpose(gates, [0, 2, 1]), [tasks, each, rows, 1]);
  return tf.sum<tf.Tensor3D>(tf.mul(tf.reshape(experts, [tasks, each, rows, units]), weights), 1);
}

function expertsOf(members: Members | undefined, each: number): Members | undefined {
  return members && { start: members.start * each, count: members.count * each };
}
