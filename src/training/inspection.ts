import * as tf from '@tensorflow/tfjs-core';
import { createRandom, type Random } from '../common/random';
import { createBuffers, fillBatch, sequentialBatches, type BatchBuffers } from '../data/batches';
import { splitNames, type SplitName, type Stream } from '../data/taskSet';
import { inspectHeads } from '../model/heads';
import { represent, type Model } from '../model/model';
import type { Executor } from '../program';
import { valuesOfModel, type ModelView, type RelatednessValues, type TrainedMeasure } from '../relatedness';
import type { RelatednessMatrix } from '../runs/events';
import { contributionsOf, contributionsStep, contributionWidth } from './contributions';
import { evaluationRows } from './evaluation';
import { linearisedLooks, linearisedTasks, singleAnswersStep } from './linearisedTasks';
import { matrixOf } from './means';
import { modelView } from './modelView';
import { relatingOutputs } from './relating';
import { batchInputs, batchOf, batchValues, stepNames, type Step } from './steps';
import { rowsInTaskOrder } from './taskOrder';

/** Rows whose gradients make a task's Fisher information. */
const fisherRows = 128;
/** Numbers in the representations of all tasks together, at most. */
const mostNumbers = 16_000_000;

/** Programs that look at a trained model, where measures need them. */
export function inspectionSteps(model: Model, measures: readonly TrainedMeasure[]): Step[] {
  if (measures.length === 0) return [];
  return [
    ...model.taskSet.streams.map((_, stream) => inspectStep(model, stream)),
    ...(need(measures, 'contributions')
      ? model.taskSet.streams.map((_, stream) => contributionsStep(model, stream, contributionRows(model, stream)))
      : []),
    ...(need(measures, 'fisher') ? [singleRowsStep(model)] : []),
    ...(need(measures, 'linearised tasks') ? [singleAnswersStep(model)] : []),
  ];
}

function need(measures: readonly TrainedMeasure[], what: TrainedMeasure['needs']): boolean {
  return measures.some(({ needs }) => needs === what);
}

/** Looks at a batch of one stream: for each group of heads `outputs/<group>` and `read/<group>`, as `inspectHeads` has them. */
function inspectStep(model: Model, stream: number): Step {
  return {
    name: stepNames.inspect(stream),
    inputs: batchInputs(model, stream, inspectedRows(model, stream)),
    state: model.parameters.map(({ name, shape }) => ({ name, shape })),
    step: (inputs, state) => {
      const pass = { parameters: state };
      const representation = represent(model, pass, stream, batchOf(inputs, stream).x);
      const outputs = model.groups.flatMap((group, position): [string, tf.Tensor][] => {
        if (group.stream !== stream) return [];
        const seen = Object.entries(inspectHeads(group, pass, representation));
        return seen.map(([name, tensor]) => [`${name}/${position}`, tensor]);
      });
      return { outputs: Object.fromEntries(outputs) };
    },
  };
}

/** The gradients of all tasks at one row of each stream, without dropout: the model as it answers. */
function singleRowsStep(model: Model): Step {
  const { streams } = model.taskSet;
  return {
    name: stepNames.singleRows,
    inputs: Object.fromEntries(streams.flatMap((_, stream) => Object.entries(batchInputs(model, stream, 1)))),
    state: model.parameters.map(({ name, shape }) => ({ name, shape })),
    step: (inputs, state) => {
      const batches = streams.map((_, stream) => batchOf(inputs, stream));
      return { outputs: relatingOutputs(model, { parameters: state }, batches, ['gradients'], tf.scalar(0)) };
    },
  };
}

function inspectedRows(model: Model, stream: number): number {
  const width = Math.max(...model.groups.map(({ inputs, units }) => Math.max(inputs, ...units)));
  return rowsThatFit(model, stream, width * model.taskSet.streams[stream].tasks.length);
}

function contributionRows(model: Model, stream: number): number {
  return rowsThatFit(model, stream, contributionWidth(model, stream));
}

/** @param width Numbers that a row takes. */
function rowsThatFit(model: Model, stream: number, width: number): number {
  return Math.max(1, Math.min(evaluationRows(model, stream), Math.floor(mostNumbers / width)));
}

/** The split that is looked at: validation, and where it has no rows the next that has some. */
function inspectedSplit(model: Model, stream: number): SplitName {
  return splitLookedAt(model.taskSet.streams[stream]);
}

function splitLookedAt({ splits }: Stream): SplitName {
  const order: readonly SplitName[] = ['validation', 'test', ...splitNames];
  return order.find((split) => splits[split].rows > 0) ?? 'train';
}

/** Rows of the split that is looked at. */
export function heldRows(stream: Stream): number {
  return stream.splits[splitLookedAt(stream)].rows;
}

/**
 * The matrices of measures of the model with its present parameters. Tasks with tables of their own have no rows in
 * common, so what compares tasks row by row has no value for them.
 * @param seed Of the labels that are drawn for the Fisher information.
 */
export function inspectModel(
  model: Model,
  executor: Executor,
  measures: readonly TrainedMeasure[],
  seed: number,
): RelatednessMatrix[] {
  if (measures.length === 0) return [];
  const parameters = executor.readState();
  const views = model.taskSet.streams.map((_, stream) => {
    const { buffers, rows } = firstRows(model, stream, inspectedRows(model, stream));
    const results = executor.run(stepNames.inspect(stream), batchValues(stream, buffers));
    return modelView(model, stream, buffers, rows, results, parameters);
  });
  const fisher = need(measures, 'fisher') ? fisherInformation(model, executor, views, seed) : [];
  const contributions = need(measures, 'contributions')
    ? contributionsOf(
        model,
        executor,
        model.taskSet.streams.map((_, stream) => firstRows(model, stream, contributionRows(model, stream))),
      )
    : { predictions: [], losses: [] };
  const held = model.taskSet.streams.map((_, stream) => inspectedSplit(model, stream));
  const linearised = need(measures, 'linearised tasks')
    ? linearisedTasks(model, executor, held, seed)
    : { tasks: [], width: 0 };
  return measures.map((measure) => {
    switch (measure.needs) {
      case 'fisher':
        return matrixOf(measure, measure.measure({ fisher }));
      case 'linearised tasks':
        return matrixOf(measure, measure.measure(linearised));
      case 'contributions':
        return matrixOf(measure, measure.measure(contributions));
      default:
        return matrixOf(
          measure,
          acrossStreams(model, (stream) => valuesOfModel(measure, views[stream])),
        );
    }
  });
}

/** What looking at the trained model for a measure takes: the programs that it calls, and the rows that it compares. */
export interface Inspection {
  readonly calls: readonly { readonly name: string; readonly times: number }[];
  /** Of the table with the most. */
  readonly rows: number;
}

/** What `inspectModel` does for a measure, told beforehand. */
export function inspectionOf(model: Model, { needs }: TrainedMeasure): Inspection {
  const { streams, tasks } = model.taskSet;
  const seen = streams.map((stream, position) => {
    const { rows } = stream.splits[inspectedSplit(model, position)];
    return Math.min(rows, inspectedRows(model, position));
  });
  const views = streams.map((_, stream) => ({ name: stepNames.inspect(stream), times: 1 }));
  const viewed = Math.max(...seen);
  switch (needs) {
    case 'fisher': {
      const rows = Math.min(fisherRows, ...seen);
      return { calls: [...views, { name: stepNames.singleRows, times: rows }], rows };
    }
    case 'linearised tasks': {
      const rows = linearisedLooks(
        model,
        streams.map((_, stream) => inspectedSplit(model, stream)),
      );
      return { calls: [...views, { name: stepNames.singleAnswers, times: rows }], rows };
    }
    case 'contributions': {
      const times = tasks.length + 1;
      const taken = streams.map((_, stream) => ({ name: stepNames.contributions(stream), times }));
      return { calls: [...views, ...taken], rows: viewed };
    }
    default:
      return { calls: views, rows: viewed };
  }
}

function firstRows(
  model: Model,
  stream: number,
  most: number,
): { readonly buffers: BatchBuffers; readonly rows: number } {
  const own = model.taskSet.streams[stream];
  const buffers = createBuffers(own, most);
  const split = inspectedSplit(model, stream);
  const [rows = new Uint32Array(0)] = sequentialBatches(own, split, buffers.batchSize);
  fillBatch(own, split, rows, buffers);
  return { buffers, rows: rows.length };
}

function acrossStreams({ taskSet }: Model, valuesOf: (stream: number) => RelatednessValues): RelatednessValues {
  const values = taskSet.tasks.map(() => taskSet.tasks.map((): number | null => null));
  taskSet.streams.forEach(({ tasks }, stream) => {
    const own = valuesOf(stream);
    tasks.forEach((from, row) => tasks.forEach((to, column) => (values[from][to] = own[row][column])));
  });
  return values;
}

/**
 * The diagonals of the tasks' Fisher information: means of squared gradients of single rows, with labels drawn from what
 * the model itself expects. T rows, in the order of the task set.
 */
function fisherInformation(
  model: Model,
  executor: Executor,
  views: readonly ModelView[],
  seed: number,
): Float64Array[] {
  const random = createRandom(seed, 'fisher');
  const { streams, tasks } = model.taskSet;
  const rows = Math.min(fisherRows, ...views.map(({ answers: [first] }) => first.rows));
  const single = streams.map((stream) => createBuffers(stream, 1));
  let sums: Float64Array[] = tasks.map(() => new Float64Array(0));
  for (let row = 0; row < rows; row++) {
    streams.forEach((stream, position) => {
      const { targets, mask } = single[position];
      fillBatch(stream, inspectedSplit(model, position), [row], single[position]);
      stream.tasks.forEach((_, column) => {
        targets[column] = drawLabel(views[position], column, row, random);
        mask[column] = 1;
      });
    });
    const batches = single.flatMap((buffers, stream) => Object.entries(batchValues(stream, buffers)));
    const { gradients } = executor.run(stepNames.singleRows, Object.fromEntries(batches));
    const own = rowsInTaskOrder(model, gradients);
    if (row === 0) sums = own.map(({ length }) => new Float64Array(length));
    own.forEach((gradient, task) => gradient.forEach((slope, k) => (sums[task][k] += (slope * slope) / rows)));
  }
  return sums;
}

/** A label as the model expects it; around a number with a deviation of which the squared error is a log-likelihood. */
function drawLabel({ labels, answers }: ModelView, task: number, row: number, random: Random): number {
  const { values, columns } = answers[task];
  if (labels[task].kind === 'regression') return values[row] + Math.SQRT1_2 * random.normal();
  let left = random.uniform();
  for (let z = 0; z < columns - 1; z++) {
    left -= values[row * columns + z];
    if (left < 0) return z;
  }
  return columns - 1;
}
