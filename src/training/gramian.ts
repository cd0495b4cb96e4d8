import * as tf from '@tensorflow/tfjs-core';
import { groupColumns } from '../model/heads';
import type { DenseLayer, Pass } from '../model/layers';
import { maskedMeans } from '../model/losses';
import { enterGroups, finishGroup, represent, type Batch, type Model } from '../model/model';
import { sizeOf } from '../model/parameters';
import { gramianOf, taskGradients } from './taskGradients';

/**
 * Inner products of the gradients of the task losses at the shared parameters: T x T, in the order of `model.order`.
 * Only while a step is traced.
 */
export function taskGramian(model: Model, pass: Pass, batches: readonly Batch[]): tf.Tensor2D {
  if (rowsSuffice(model, pass, batches) && rowsAreCheaper(model, batches)) return gramianByRows(model, pass, batches);
  return gramianOf(model, taskGradients(model, pass, batches, sharedNames(model)));
}

/**
 * For one table whose rows each belong to one task: the inner product of two rows' gradients is the product of the
 * inner products of their inputs and of what comes back, layer by layer (Goodfellow, Efficient Per-Example Gradient
 * Computations, 2015); the tasks' are sums of those. One backward pass serves all tasks.
 */
export function gramianByRows(model: Model, pass: Pass, batches: readonly Batch[]): tf.Tensor2D {
  const [{ x, mask }] = batches;
  const uses = sharedUses(model, pass, 0, x);
  const objective = (...probes: tf.Tensor[]) => {
    const probed = withProbes(pass, uses, probes);
    const entered = enterGroups(model, probed, batches);
    return total(entered.map((value, group) => meanLosses(model, probed, batches, group, value)));
  };
  const returned = tf.grads(objective)(zeroProbes(uses));
  const products = uses.map(({ input }, layer) => rowProducts(input, returned[layer]));
  const membership = tf.concat2d(
    model.groups.map((group) => groupColumns(group, mask)),
    1,
  );
  return tf.matMul(tf.matMul(membership, total(products), true, false), membership);
}

/**
 * Inner products of the rows' gradients at one layer: rows x rows.
 * @param input rows x inputs, or members x rows x inputs.
 * @param returned rows x units, or members x rows x units.
 */
function rowProducts(input: tf.Tensor, returned: tf.Tensor): tf.Tensor2D {
  const products = (values: tf.Tensor) => tf.matMul<tf.Tensor>(values, values, false, true);
  const ofInputs = tf.add(products(input), tf.scalar(1));
  if (returned.rank === 2) return tf.mul(ofInputs, products(returned));
  if (input.rank === 3) return tf.sum(tf.mul(ofInputs, products(returned)), 0);
  // Members that read the same rows are one wide layer.
  const [members, rows, units] = returned.shape;
  return tf.mul(ofInputs, products(tf.reshape(tf.transpose(returned, [1, 0, 2]), [rows, members * units])));
}

/** A shared dense layer, or a bank's, as one stream's batch goes through it. */
interface Use {
  readonly layer: DenseLayer;
  readonly input: tf.Tensor;
  readonly output: readonly number[];
}

/** The shared layers in the order in which a stream's batch meets them. */
function sharedUses(model: Model, pass: Pass, stream: number, x: tf.Tensor2D): Use[] {
  const shared = new Set(sharedNames(model));
  const uses: Use[] = [];
  const tap: Pass['tap'] = (layer, input, output) => {
    if (shared.has(layer.weights)) uses.push({ layer, input, output: output.shape });
    return output;
  };
  represent(model, { ...pass, tap }, stream, x);
  return uses;
}

/** Whether each row has one task, and all that is shared is dense layers and banks through which it goes once. */
function rowsSuffice(model: Model, pass: Pass, batches: readonly Batch[]): boolean {
  if (!model.taskSet.pooled || batches.length > 1) return false;
  const [{ x }] = batches;
  const uses = sharedUses(model, pass, 0, x);
  const fits = ({ input, output }: Use) =>
    output.at(-2) === x.shape[0] && (input.rank === 2 || input.shape[0] === output[0]);
  return areAllShared(model, uses) && uses.every(fits);
}

function areAllShared(model: Model, uses: readonly Use[]): boolean {
  const used = uses.flatMap(({ layer }) => [layer.weights, layer.bias]);
  return new Set(used).size === used.length && sharedNames(model).every((name) => used.includes(name));
}

/** Zeros that are added to the outputs of the shared layers: the gradient there is what comes back to the output. */
function zeroProbes(uses: readonly Use[]): tf.Tensor[] {
  return uses.map(({ output }) => tf.zeros([...output]));
}

function withProbes(pass: Pass, uses: readonly Use[], probes: readonly tf.Tensor[]): Pass {
  const byName = new Map(uses.map(({ layer }, position) => [layer.weights, probes[position]]));
  return {
    ...pass,
    tap: (layer, _, output) => {
      const probe = byName.get(layer.weights);
      return probe ? tf.add<typeof output>(output, probe) : output;
    },
  };
}

/** Names of the parameters at which the gradients of tasks are compared. */
export function sharedNames(model: Model): string[] {
  return model.parameters.filter(({ shared }) => shared).map(({ name }) => name);
}

/** Sum over the group's tasks of their mean losses. A head's outputs depend on no other head's first layer. */
function meanLosses(model: Model, pass: Pass, batches: readonly Batch[], group: number, entered: tf.Tensor2D) {
  const { stream } = model.groups[group];
  const { sums, counts } = finishGroup(model.groups[group], pass, entered, batches[stream]);
  return tf.sum(maskedMeans(sums, counts));
}

/** Whether comparing every two rows takes fewer multiplications than a backward pass for every task. */
function rowsAreCheaper(model: Model, batches: readonly Batch[]): boolean {
  const rows = batches[0].x.shape[0];
  const matrices = model.parameters.filter(({ shared, decays }) => shared && decays);
  const byRows = matrices.reduce(
    (sum, { shape }) => sum + rows * rows * (sizeOf(shape) / shape.at(-1)! + shape.at(-1)!),
    0,
  );
  const byTasks = matrices.reduce((sum, { shape }) => sum + 2 * model.order.length * rows * sizeOf(shape), 0);
  return byRows < byTasks;
}

function total<Tensor extends tf.Tensor>(values: readonly Tensor[]): Tensor {
  return values.reduce((sum, value) => tf.add<Tensor>(sum, value));
}
