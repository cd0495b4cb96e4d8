import * as tf from '@tensorflow/tfjs-core';
import { enterHead, groupColumns } from '../model/heads';
import type { DenseLayer, Pass } from '../model/layers';
import { maskedMeans } from '../model/losses';
import { enterGroups, finishGroup, represent, type Batch, type Model } from '../model/model';
import { sizeOf } from '../model/parameters';

type Parameters = Readonly<Record<string, tf.Tensor>>;

/**
 * Inner products of the gradients of the task losses at the shared parameters: T x T, in the order of `model.order`.
 * Both ways give the same numbers; they differ in cost alone.
 */
export function taskGramian(model: Model, pass: Pass, batches: readonly Batch[]): tf.Tensor2D {
  return rowsAreCheaper(model, batches) ? gramianByRows(model, pass, batches) : gramianByTasks(model, pass, batches);
}

/** Names of the parameters at which the gradients of tasks are compared. */
export function sharedNames(model: Model): string[] {
  return model.parameters.filter(({ shared }) => shared).map(({ name }) => name);
}

/** One backward pass through the shared parameters for each task. */
export function gramianByTasks(model: Model, pass: Pass, batches: readonly Batch[]): tf.Tensor2D {
  const names = sharedNames(model);
  const values = names.map((name) => pass.parameters[name]);
  const returned = returnedToHeads(model, pass, batches);
  const gradients = model.groups.flatMap((group, position) =>
    group.tasks.map((_, head) => {
      const width = group.units[0];
      const entered = (...shared: tf.Tensor[]) => {
        const inner = { ...pass, parameters: { ...pass.parameters, ...named(names, shared) } };
        return enterHead(group, inner, represent(model, inner, group.stream, batches[group.stream].x), head);
      };
      return tf.grads(entered)(values, tf.slice(returned[position], [0, head * width], [-1, width]));
    }),
  );
  const products = names.map<tf.Tensor2D>((_, parameter) => {
    const rows = gradients.map((gradient) => tf.reshape(gradient[parameter], [1, sizeOf(gradient[parameter].shape)]));
    const matrix = rows.length === 1 ? (rows[0] as tf.Tensor2D) : tf.concat2d(rows as tf.Tensor2D[], 0);
    return tf.matMul(matrix, matrix, false, true);
  });
  return total(products);
}

/**
 * For one table whose rows each belong to one task: a row's gradient at a dense layer is the outer product of the
 * layer's input and what comes back to its output, so the inner product of two rows' gradients is a product of two
 * inner products (Goodfellow, Efficient Per-Example Gradient Computations, 2015), and the tasks' are sums of those.
 */
export function gramianByRows(model: Model, pass: Pass, batches: readonly Batch[]): tf.Tensor2D {
  const shared = new Set(sharedNames(model));
  const layers: DenseLayer[] = [];
  const inputs: tf.Tensor2D[] = [];
  const objective = (probes?: readonly tf.Tensor[]) => {
    const tap = (layer: DenseLayer, input: tf.Tensor2D, output: tf.Tensor2D) => {
      if (!shared.has(layer.weights)) return output;
      if (probes) return tf.add<tf.Tensor2D>(output, probes[layers.indexOf(layer)]);
      layers.push(layer);
      inputs.push(input);
      return output;
    };
    const inner = { ...pass, tap };
    const entered = enterGroups(model, inner, batches);
    return total(model.groups.map((_, position) => meanLosses(model, inner, batches, position, entered[position])));
  };
  objective();
  const rows = batches[0].x.shape[0];
  const returned = tf.grads((...probes: tf.Tensor[]) => objective(probes))(
    layers.map(({ units }) => tf.zeros([rows, units])),
  );
  const products = layers.map((_, layer) => {
    const input = inputs[layer];
    const output = returned[layer] as tf.Tensor2D;
    const inputProducts = tf.add<tf.Tensor2D>(tf.matMul(input, input, false, true), tf.scalar(1));
    return tf.mul<tf.Tensor2D>(inputProducts, tf.matMul(output, output, false, true));
  });
  const masks = model.groups.map((group) => groupColumns(group, batches[0].mask));
  const membership = masks.length === 1 ? masks[0] : tf.concat2d(masks, 1);
  return tf.matMul(tf.matMul(membership, total(products), true, false), membership);
}

/** Gradients of each head's loss at the output of its first layer: rows x (heads * units) per group. */
function returnedToHeads(model: Model, pass: Pass, batches: readonly Batch[]): tf.Tensor2D[] {
  const entered = enterGroups(model, pass, batches);
  return tf.grads((...values: tf.Tensor[]) =>
    total(values.map((value, group) => meanLosses(model, pass, batches, group, value as tf.Tensor2D))),
  )(entered) as tf.Tensor2D[];
}

/** Sum over the group's tasks of their mean losses. A head's outputs depend on no other head's first layer. */
function meanLosses(model: Model, pass: Pass, batches: readonly Batch[], group: number, entered: tf.Tensor2D) {
  const { stream } = model.groups[group];
  const { sums, counts } = finishGroup(model.groups[group], pass, entered, batches[stream]);
  return tf.sum(maskedMeans(sums, counts));
}

/**
 * Whether each row has one task, and comparing every two rows takes fewer multiplications than a backward pass for
 * every task.
 */
function rowsAreCheaper(model: Model, batches: readonly Batch[]): boolean {
  if (!model.taskSet.pooled || batches.length > 1) return false;
  const rows = batches[0].x.shape[0];
  const matrices = model.parameters.filter(({ shared, shape }) => shared && shape.length === 2);
  const byRows = matrices.reduce((sum, { shape }) => sum + rows * rows * (shape[0] + shape[1]), 0);
  const byTasks = matrices.reduce((sum, { shape }) => sum + 2 * model.order.length * rows * sizeOf(shape), 0);
  return byRows < byTasks;
}

function named(names: readonly string[], values: readonly tf.Tensor[]): Parameters {
  return Object.fromEntries(names.map((name, position) => [name, values[position]]));
}

function total<Tensor extends tf.Tensor>(values: readonly Tensor[]): Tensor {
  return values.reduce((sum, value) => tf.add<Tensor>(sum, value));
}
