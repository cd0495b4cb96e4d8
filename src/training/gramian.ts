import * as tf from '@tensorflow/tfjs-core';
import { enterHead, groupColumns } from '../model/heads';
import type { DenseLayer, Pass } from '../model/layers';
import { maskedMeans } from '../model/losses';
import { enterGroups, finishGroup, represent, type Batch, type Model } from '../model/model';
import { sizeOf } from '../model/parameters';

/**
 * Inner products of the gradients of the task losses at the shared parameters: T x T, in the order of `model.order`.
 * A gradient at a dense layer is the product of the layer's input (with a one for the bias) and of what comes back to
 * its output; so where all that is shared is dense layers it is enough to know these two. All ways give the same
 * numbers; they differ in cost alone.
 */
export function taskGramian(model: Model, pass: Pass, batches: readonly Batch[]): tf.Tensor2D {
  if (rowsSuffice(model, pass, batches) && rowsAreCheaper(model, batches)) return gramianByRows(model, pass, batches);
  if (layersSuffice(model, pass, batches)) return gramianByTasks(model, pass, batches);
  return gramianByGradients(model, pass, batches);
}

/** Whatever is shared: the gradients themselves, one backward pass for each task. */
export function gramianByGradients(model: Model, pass: Pass, batches: readonly Batch[]): tf.Tensor2D {
  const names = sharedNames(model);
  const values = names.map((name) => pass.parameters[name]);
  const returned = returnedToHeads(model, pass, batches);
  const rows = model.groups.flatMap((group, position) => {
    const { stream, columns, units } = group;
    return columns.map((column, head) => {
      const enter = (...given: tf.Tensor[]) => {
        const parameters = { ...pass.parameters, ...Object.fromEntries(names.map((name, at) => [name, given[at]])) };
        const replaced = { ...pass, parameters };
        return enterHead(group, replaced, represent(model, replaced, stream, batches[stream].x, column), head);
      };
      const sentBack = tf.slice(returned[position], [0, head * units[0]], [-1, units[0]]);
      const gradients = gradientsOrZeros(enter, values, sentBack);
      return tf.concat1d(gradients.map((gradient) => tf.reshape(gradient, [gradient.size])));
    });
  });
  const stacked = tf.stack(rows) as tf.Tensor2D;
  return tf.matMul(stacked, stacked, false, true);
}

/** Like `tf.grads`, but zero where nothing depends on a value, as on another stream's part of the network. */
function gradientsOrZeros(
  f: (...values: tf.Tensor[]) => tf.Tensor,
  values: readonly tf.Tensor[],
  slope: tf.Tensor,
): tf.Tensor[] {
  return tf.tidy(() => {
    const inputs = values.map((value) => tf.mul(value, tf.scalar(1)));
    const { grads } = tf.engine().gradients(() => f(...inputs), inputs, slope, true);
    return grads.map((gradient, position) => (gradient as tf.Tensor | null) ?? tf.zerosLike(values[position]));
  });
}

/** One backward pass through the shared layers for each task, where these are all that is shared. */
export function gramianByTasks(model: Model, pass: Pass, batches: readonly Batch[]): tf.Tensor2D {
  return gramianOfRows(gradientRows(model, pass, batches));
}

/** Inner products of the tasks' gradients, of which there are rows for each layer. */
export function gramianOfRows(layers: readonly GradientRows[]): tf.Tensor2D {
  return total(layers.map(({ rows }) => tf.matMul<tf.Tensor2D>(rows, rows, false, true)));
}

/** The gradients of all tasks at one shared layer. */
export interface GradientRows {
  readonly layer: DenseLayer;
  /** Tasks x (units * (inputs + 1)), in the order of `model.order`: for each unit its weights and then its bias. */
  readonly rows: tf.Tensor2D;
}

/** Gradients of each task's loss at the shared layers. One forward pass serves all tasks. */
export function gradientRows(model: Model, pass: Pass, batches: readonly Batch[]): GradientRows[] {
  const entered = returnedToHeads(model, pass, batches);
  const gradients = batches.map(({ x }, stream) => taskGradients(model, pass, stream, x, entered));
  return sharedUses(model, pass, 0, batches[0].x).map(({ layer }, position) => {
    const ofLayer = gradients.map((ofStream) => ofStream[position]);
    return { layer, rows: tf.reshape(tf.concat2d(ofLayer, 0), [model.order.length, -1]) };
  });
}

/**
 * Gradients of the losses of a stream's tasks at each shared layer, transposed: (tasks * units) x (inputs + 1).
 * @param entered Per group of heads, what comes back to the output of their first layer.
 */
function taskGradients(
  model: Model,
  pass: Pass,
  stream: number,
  x: tf.Tensor2D,
  entered: readonly tf.Tensor2D[],
): tf.Tensor2D[] {
  const uses = sharedUses(model, pass, stream, x);
  const returned = model.groups.flatMap((group, position) => {
    if (group.stream !== stream) return [];
    const width = group.units[0];
    return group.tasks.map((_, head) => {
      const enter = (...probes: tf.Tensor[]) => {
        const probed = withProbes(pass, uses, probes);
        return enterHead(group, probed, represent(model, probed, stream, x, group.columns[head]), head);
      };
      return tf.grads(enter)(zeroProbes(uses), tf.slice(entered[position], [0, head * width], [-1, width]));
    });
  });
  return uses.map(({ input }, layer) => {
    const transposed = returned.map((ofTask) => tf.transpose(ofTask[layer] as tf.Tensor2D));
    return tf.matMul<tf.Tensor2D>(tf.concat2d(transposed, 0), withOne(input as tf.Tensor2D));
  });
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

/** Whether all that is shared is plain dense layers through which each row goes once. */
function layersSuffice(model: Model, pass: Pass, batches: readonly Batch[]): boolean {
  return batches.every(({ x }, stream) => {
    const uses = sharedUses(model, pass, stream, x);
    return areAllShared(model, uses) && uses.every(({ output }) => output.length === 2 && output[0] === x.shape[0]);
  });
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

/** With a column of ones behind the others, for the bias. */
function withOne(input: tf.Tensor2D): tf.Tensor2D {
  return tf.concat2d([input, tf.ones([input.shape[0], 1])], 1);
}

/** Names of the parameters at which the gradients of tasks are compared. */
export function sharedNames(model: Model): string[] {
  return model.parameters.filter(({ shared }) => shared).map(({ name }) => name);
}

/** Gradients of each head's loss at the output of its first layer: rows x (heads * units) per group. */
export function returnedToHeads(model: Model, pass: Pass, batches: readonly Batch[]): tf.Tensor2D[] {
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
