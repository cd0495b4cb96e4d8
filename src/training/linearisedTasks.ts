import { createRandom } from '../common/random';
import { createBuffers, fillBatch, type BatchBuffers } from '../data/batches';
import type { SplitName, TaskInfo } from '../data/taskSet';
import { rowAnswers } from '../model/rowAnswers';
import type { Model } from '../model/model';
import { sizeOf } from '../model/parameters';
import type { Executor } from '../program';
import type { Linearised } from '../relatedness';
import type { LinearisedTask } from '../relatedness/linearised';
import { countSketch, type Projection } from '../relatedness/projection';
import { sharedNames } from './gramian';
import { besideEachOther } from './relating';
import { batchInputs, batchOf, batchValues, stepNames, type Step } from './steps';
import { gradientsPerTask } from './taskGradients';

/** What the gradients of single rows are projected to. */
export const projectedWidth = 64;
/** Rows of each table that steps are fitted to, and that their losses are estimated on, at most. */
const mostRows = { fitted: 512, held: 256 };
/** Numbers in the gradients of all these rows together, at most: some seconds of work. */
const mostNumbers = 6_000_000_000;

/**
 * The gradients at the shared parameters of what every head answers to one row of its stream: `gradients` (T x P), in the
 * order of `model.order`.
 */
export function singleAnswersStep(model: Model): Step {
  const { streams } = model.taskSet;
  return {
    name: stepNames.singleAnswers,
    inputs: Object.fromEntries(streams.flatMap((_, stream) => Object.entries(batchInputs(model, stream, 1)))),
    state: model.parameters.map(({ name, shape }) => ({ name, shape })),
    step: (inputs, state) => {
      const pass = { parameters: state };
      const batches = streams.map((_, stream) => batchOf(inputs, stream));
      const gradients = gradientsPerTask(model, pass, sharedNames(model), (replaced) =>
        rowAnswers(model, replaced, batches),
      );
      return { outputs: { gradients: besideEachOther(model, gradients) } };
    },
  };
}

/**
 * The tasks as the model with its present parameters sees them, to first order in the shared ones.
 * @param held Per stream the split that losses are estimated on.
 * @param seed Of the projection.
 */
export function linearisedTasks(
  model: Model,
  executor: Executor,
  held: readonly SplitName[],
  seed: number,
): Linearised {
  const single = model.taskSet.streams.map((stream) => createBuffers(stream, 1));
  const { length } = gradientsOf(executor, single);
  const projection = countSketch(length / model.order.length, projectedWidth, createRandom(seed, 'projection'));
  const most = rowLimits(length);
  const train = linearisedRows(
    model,
    executor,
    projection,
    held.map(() => 'train'),
    most.fitted,
  );
  const validation = linearisedRows(model, executor, projection, held, most.held);
  const tasks = model.taskSet.tasks.map((info, task): LinearisedTask | null => {
    if (train[task].labels.length === 0 || validation[task].labels.length === 0) return null;
    const start = constantAnswer(info, train[task].labels);
    return {
      kind: info.kind === 'regression' ? 'regression' : 'binary',
      train: startingFrom(start, info, train[task]),
      validation: startingFrom(start, info, validation[task]),
    };
  });
  return { width: projection.width, tasks };
}

/** Rows of each table that are looked at, at most, where the gradients of all tasks have so many numbers at one row. */
function rowLimits(numbers: number): typeof mostRows {
  const fitting = Math.max(32, Math.floor(mostNumbers / numbers));
  const share = Math.min(1, fitting / (mostRows.fitted + mostRows.held));
  return { fitted: Math.ceil(share * mostRows.fitted), held: Math.ceil(share * mostRows.held) };
}

/** How often `linearisedTasks` looks at a row of each stream. */
export function linearisedLooks(model: Model, held: readonly SplitName[]): number {
  const { streams } = model.taskSet;
  const shared = model.parameters.filter((parameter) => parameter.shared);
  const most = rowLimits(model.order.length * shared.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
  const looks = (splits: readonly SplitName[], rows: number) =>
    Math.max(...streams.map((stream, position) => Math.min(rows, stream.splits[splits[position]].rows)));
  return (
    looks(
      streams.map(() => 'train'),
      most.fitted,
    ) + looks(held, most.held)
  );
}

interface GradientRows {
  readonly features: Float64Array;
  readonly labels: readonly number[];
}

/** Per label what a predictor answers that does not look at inputs: the mean, a logit, or margins of the classes. */
function constantAnswer({ kind, outputs }: TaskInfo, labels: readonly number[]): (label: number) => number {
  if (kind === 'regression') {
    const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    return () => mean;
  }
  const classes = kind === 'binary' ? 2 : outputs;
  const logits = Array.from({ length: classes }, (_, z) => {
    // A class without a row is not impossible (Laplace's rule).
    const chance = (labels.filter((label) => label === z).length + 1) / (labels.length + classes);
    return Math.log(chance / (1 - chance));
  });
  return kind === 'binary' ? () => logits[1] : (label) => logits[label];
}

function startingFrom(start: (label: number) => number, { kind }: TaskInfo, { features, labels }: GradientRows) {
  // A margin is that of the class which is right.
  return { features, outputs: labels.map(start), labels: kind === 'multiclass' ? labels.map(() => 1) : labels };
}

function gradientsOf(executor: Executor, single: readonly BatchBuffers[]): ArrayLike<number> {
  const batches = single.flatMap((buffers, stream) => Object.entries(batchValues(stream, buffers)));
  return executor.run(stepNames.singleAnswers, Object.fromEntries(batches)).gradients;
}

/** Up to so many rows of every stream, spread evenly over its split: per task those with a label. */
function linearisedRows(
  model: Model,
  executor: Executor,
  projection: Projection,
  splits: readonly SplitName[],
  most: number,
) {
  const { streams, tasks } = model.taskSet;
  const { width } = projection;
  const single = streams.map((stream) => createBuffers(stream, 1));
  const counts = streams.map((stream, position) => Math.min(most, stream.splits[splits[position]].rows));
  const found = tasks.map(({ stream }) => ({
    features: new Float64Array(counts[stream] * width),
    labels: [] as number[],
  }));
  for (let look = 0; look < Math.max(...counts); look++) {
    streams.forEach((stream, position) => {
      const { rows } = stream.splits[splits[position]];
      if (look < counts[position]) {
        fillBatch(stream, splits[position], [Math.floor((look * rows) / counts[position])], single[position]);
      }
    });
    const gradients = gradientsOf(executor, single);
    model.order.forEach((task, place) => {
      const { stream, column } = tasks[task];
      if (look >= counts[stream] || single[stream].mask[column] === 0) return;
      const { features, labels } = found[task];
      projection.add(gradients, (place * gradients.length) / model.order.length, features, labels.length * width);
      labels.push(single[stream].targets[column]);
    });
  }
  return found;
}
