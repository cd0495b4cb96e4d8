import { z } from 'zod';
import { layoutOf } from '../data/encodeInputs';
import { splitNames } from '../data/taskSet';
import type { SplitRows, Stream, TaskInfo, TaskSet } from '../data/taskSet';
import { fileDataSchema, type Data, type FileData } from '../experiment/dataSchema';
import { modelSchema, privateEncoderSchema, type Activation } from '../experiment/modelSchema';
import type { Experiment } from '../experiment/schema';
import { isEach } from '../experiment/tasks';
import type { Model } from '../model/model';
import type { RunRecord } from '../runs/record';

const columnType = z.enum(['number', 'boolean', 'date', 'text']);

const preprocessingSchema = z.object({
  numeric: z.array(
    z.object({
      column: z.string(),
      type: columnType,
      shift: z.number(),
      divisor: z.number(),
      fill: z.number(),
      flag: z.int().optional(),
      training: z.object({
        mean: z.number(),
        deviation: z.number(),
        minimum: z.number(),
        maximum: z.number(),
        missing: z.int(),
      }),
    }),
  ),
  categorical: z.array(
    z.object({
      column: z.string(),
      type: columnType,
      levels: z.array(z.string().nullable()),
      offset: z.int(),
      width: z.int(),
      otherLevels: z.int(),
    }),
  ),
});

const tableSchema = z.object({
  name: z.string(),
  /** Names of the inputs, in their order. */
  inputs: z.array(z.string()),
  preprocessing: preprocessingSchema,
  /** Layers of the one task whose table it is, before the shared ones. */
  encoder: privateEncoderSchema.optional(),
  /** The column whose values name the tasks. */
  taskColumn: z.string().optional(),
  /** How the rows were read; absent where they were generated. */
  reading: fileDataSchema.omit({ source: true, split: true }).optional(),
});

const taskSchema = z.object({
  name: z.string(),
  /** Position in `tables`. */
  table: z.int().nonnegative(),
  target: z.string(),
  kind: z.enum(['regression', 'binary', 'multiclass']),
  outputs: z.int().positive(),
  classes: z.array(z.string()),
  mean: z.number(),
  deviation: z.number(),
  loss: z.enum(['squared-error', 'absolute-error', 'huber', 'cross-entropy']),
  /** Dense layers from the inputs to the output, where that is all there is. */
  layers: z.array(z.object({ weights: z.string(), bias: z.string(), activation: z.string() })).optional(),
});

/** model.json: what it takes to use a model without the workbench. */
export const descriptionSchema = z.object({
  format: z.literal('mtl-model'),
  version: z.literal(1),
  howToUse: z.array(z.string()),
  run: z.object({
    id: z.string(),
    experiment: z.string(),
    seed: z.number(),
    engine: z.string(),
    created: z.number(),
    workbench: z.string(),
    dataFingerprint: z.string(),
  }),
  model: modelSchema,
  pooled: z.boolean(),
  tables: z.array(tableSchema).min(1),
  tasks: z.array(taskSchema).min(1),
});

export type ModelDescription = z.output<typeof descriptionSchema>;
export type DescribedTable = ModelDescription['tables'][number];
export type DescribedTask = ModelDescription['tasks'][number];

const howToUse = [
  'weights.safetensors holds the weights of the best epoch; the names of `tasks[].layers` are those of its tensors.',
  'Each entry of `tables` makes input rows of the rows of a table, in the order of `inputs`: first the numbers of `preprocessing.numeric`, then flags of missing numbers, then the one-hot blocks of `preprocessing.categorical`.',
  'A number becomes (value - shift) / divisor, with `fill` in the place of a missing value. Booleans count as 0 and 1, dates as days since 1970-01-01. Where `flag` is set, the input of that position is 1 for a missing value, else 0.',
  'A level becomes a block of `width` inputs from `offset` on, 0 but for one that is 1: that of its place in `levels` (null stands for a missing value), or the last one for any other level.',
  'A dense layer is activation(inputs · weights + bias), with weights of shape [inputs, units].',
  'Regression: the prediction in the units of the data is output * deviation + mean. Binary: the probability of classes[1] is 1 / (1 + exp(-output)). Multiclass: the probabilities of `classes` are softmax(outputs).',
  'Dropout is for training alone.',
];

export interface DescribedRun {
  readonly experiment: Experiment;
  readonly model: Model;
  readonly record: RunRecord;
  /** The engine that trained. */
  readonly engine: string;
}

export function describeModel({ experiment, model, record, engine }: DescribedRun): ModelDescription {
  const { tasks, streams, pooled, fingerprint } = model.taskSet;
  const targetOf = (name: string) => (isEach(experiment.tasks) ? experiment.tasks : experiment.tasks[name]).target;
  return {
    format: 'mtl-model',
    version: 1,
    howToUse,
    run: {
      id: record.id,
      experiment: record.experiment,
      seed: record.seed,
      engine,
      created: record.created,
      workbench: record.version,
      dataFingerprint: fingerprint,
    },
    model: experiment.model,
    pooled,
    tables: streams.map(({ name, inputNames, preprocessing, encoder, tasks: [first] }) => {
      const data = dataOf(experiment, tasks[first].name);
      return {
        name,
        inputs: [...inputNames],
        preprocessing: preprocessing as DescribedTable['preprocessing'],
        ...(encoder && { encoder }),
        ...(isEach(experiment.tasks) && { taskColumn: experiment.tasks.each }),
        ...(!('generate' in data) && { reading: withoutPlace(data) }),
      };
    }),
    tasks: tasks.map(({ name, stream, kind, outputs, classes, mean, deviation, loss }) => ({
      name,
      table: stream,
      target: targetOf(name),
      kind,
      outputs,
      classes: [...classes],
      mean,
      deviation,
      loss,
      ...(experiment.model.sharing.name === 'hard' && { layers: layersOf(experiment, streams[stream], name) }),
    })),
  };
}

/** Where the rows of a task come from. */
function dataOf(experiment: Experiment, task: string): Data {
  const own = isEach(experiment.tasks) ? undefined : experiment.tasks[task].data;
  return (own ?? experiment.data)!;
}

function withoutPlace({ source: _source, split: _split, ...reading }: FileData) {
  return reading;
}

/** The chain of dense layers of hard parameter sharing: private, shared, head. */
function layersOf({ model: { encoder, head } }: Experiment, stream: Stream, task: string) {
  const named = (name: string, activations: readonly Activation[]) =>
    activations.map((activation, layer) => ({
      weights: `${name}/${layer}/weights`,
      bias: `${name}/${layer}/bias`,
      activation,
    }));
  const own = stream.encoder;
  return [
    ...named(`private/${stream.name}`, own?.layers.map(() => own.activation) ?? []),
    ...named(
      'shared',
      encoder.layers.map(() => encoder.activation),
    ),
    ...named(`heads/${task}`, [...head.layers.map(() => head.activation), 'linear']),
  ];
}

const noRows: SplitRows = {
  rows: 0,
  numeric: new Float32Array(),
  codes: new Uint16Array(),
  targets: new Float32Array(),
  mask: new Float32Array(),
};

/** The task set that a described model is for, without rows: enough to build the model. */
export function taskSetOf({ tables, tasks, pooled, run }: ModelDescription): TaskSet {
  const members = tables.map((_, stream) => tasks.flatMap(({ table }, task) => (table === stream ? [task] : [])));
  return {
    tasks: tasks.map(({ name, table, kind, outputs, classes, mean, deviation, loss }, task): TaskInfo => {
      return {
        name,
        kind,
        stream: table,
        column: members[table].indexOf(task),
        outputs,
        classes,
        mean,
        deviation,
        loss,
      };
    }),
    streams: tables.map(({ name, preprocessing, encoder }, stream): Stream => ({
      name,
      ...layoutOf(preprocessing),
      preprocessing,
      tasks: members[stream],
      splits: Object.fromEntries(splitNames.map((split) => [split, noRows])) as Stream['splits'],
      ...(encoder && { encoder }),
    })),
    pooled,
    fingerprint: run.dataFingerprint,
    warnings: [],
  };
}
