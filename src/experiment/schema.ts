import { z } from 'zod';
import { measures } from '../relatedness';
import { weightings } from '../weighting';
import { dataSchema, inputsSchema } from './dataSchema';
import { sharings } from './sharing';

/** A word, or an object whose `name` is that word and that holds the method's options. */
function method<Name extends string, Schema extends z.ZodType>(names: readonly [Name, ...Name[]], schema: Schema) {
  return z.union([z.enum(names).transform((name) => ({ name })), schema]);
}

const activation = z
  .enum(['relu', 'tanh', 'sigmoid', 'elu', 'linear'])
  .meta({ description: 'What follows each layer. `linear` is none.' });

const layers = z
  .array(z.int().min(1).max(16384))
  .meta({ description: 'Units of each dense layer, first to last. `[]` for no layer.', examples: [[64, 32]] });

const networkFields = {
  activation: activation.default('relu'),
  dropout: z
    .number()
    .min(0)
    .max(0.95)
    .default(0)
    .meta({ description: 'Share of units that are switched off at random in each training step, after every layer.' }),
};

const encoderSchema = z
  .strictObject({ layers: layers.default([64, 32]), ...networkFields })
  .meta({ title: 'Encoder', description: 'Dense layers from the inputs to the representation that tasks share.' });

const headSchema = z
  .strictObject({ layers: layers.default([]), ...networkFields })
  .meta({ title: 'Head', description: 'Dense layers of each task alone, before its output layer.' });

const privateEncoderSchema = z
  .strictObject({ layers, ...networkFields })
  .meta({
    title: 'Private encoder',
    description: 'Dense layers of this task alone, between its inputs and the shared encoder.',
  });

const kind = z.enum(['regression', 'binary', 'multiclass']).meta({
  title: 'Task kind',
  description:
    '`regression` predicts a number (loss: squared error), `binary` one of two classes, `multiclass` one of several (loss: cross-entropy).',
});

const targetScale = z.enum(['standard', 'none']).default('standard').meta({
  description:
    'Regression only: `standard` trains on targets with mean 0 and deviation 1 of the training split, so that losses compare; metrics are always in the units of the data.',
});

const taskFields = {
  target: z.string().min(1).meta({ description: 'The column to predict.' }),
  kind,
  positive: z
    .union([z.string(), z.number(), z.boolean()])
    .optional()
    .meta({
      description:
        'Binary only: the value that counts as the positive class. Without it: `1`, `true`, `yes`, or the later of the two values in order.',
    }),
  loss: z
    .enum(['squared-error', 'absolute-error', 'huber'])
    .default('squared-error')
    .meta({ description: 'Regression only: what is minimised.' }),
  scale: targetScale,
};

/** One named task. */
export const taskSchema = z
  .strictObject({
    ...taskFields,
    data: dataSchema
      .optional()
      .meta({ description: 'A table of this task alone. Without it the task uses the data of the experiment.' }),
    inputs: inputsSchema.optional().meta({ description: 'The input columns of this task alone; only beside `data`.' }),
    encoder: privateEncoderSchema.optional(),
  })
  .meta({ title: 'Task', description: 'What is predicted, from which rows.' });

/** One task per value of a column. */
export const eachSchema = z
  .strictObject({
    each: z.string().min(1).meta({ description: 'The column whose values name the tasks: one task per value.' }),
    ...taskFields,
    minimumRows: z
      .int()
      .min(1)
      .default(3)
      .meta({ description: 'Values with fewer training rows than this are left out, with a warning.' }),
  })
  .meta({
    title: 'One task per value',
    description: 'Rows belong to the task that the column names; all tasks share target and inputs.',
  });

const tasksSchema = z
  .union([eachSchema, z.record(z.string().min(1), taskSchema)])
  .meta({ title: 'Tasks', description: 'Tasks by name, or `each: column` for one task per value of a column.' });

const modelSchema = z
  .strictObject({
    sharing: method(
      sharings.map(({ name }) => name) as ['hard'],
      z.discriminatedUnion('name', [sharings[0].options.extend({ name: z.literal(sharings[0].name) })]),
    )
      .default({ name: 'hard' })
      .meta({ title: 'Sharing architecture', description: 'How the tasks share parameters.' }),
    encoder: encoderSchema.prefault({}),
    head: headSchema.prefault({}),
  })
  .meta({ title: 'Model' });

const adamSchema = z.strictObject({
  name: z.literal('adam'),
  learningRate: z.number().positive().default(0.001).meta({ description: 'Step size.' }),
  beta1: z.number().min(0).lt(1).default(0.9).meta({ description: 'Decay of the mean of gradients.' }),
  beta2: z.number().min(0).lt(1).default(0.999).meta({ description: 'Decay of the mean of squared gradients.' }),
  epsilon: z.number().positive().default(1e-7).meta({ description: 'Keeps the division finite.' }),
});

const sgdSchema = z.strictObject({
  name: z.literal('sgd'),
  learningRate: z.number().positive().default(0.01).meta({ description: 'Step size.' }),
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .meta({ description: 'Share of the last step that is kept. 0 for plain gradient descent.' }),
});

/** Names of metrics that early stopping can watch. */
export const metricNames = [
  'loss',
  'mse',
  'mae',
  'rmse',
  'r2',
  'explainedVariance',
  'crossEntropy',
  'accuracy',
  'macroF1',
  'auc',
] as const;
export type MetricName = (typeof metricNames)[number];

/** Whether a metric's higher value is the better one. */
export const higherIsBetter: Readonly<Record<MetricName, boolean>> = {
  loss: false,
  mse: false,
  mae: false,
  rmse: false,
  r2: true,
  explainedVariance: true,
  crossEntropy: false,
  accuracy: true,
  macroF1: true,
  auc: true,
};

const stopEarlySchema = z
  .strictObject({
    metric: z
      .enum(metricNames)
      .default('loss')
      .meta({ description: 'Watched on the validation split, as its mean over the tasks that have it.' }),
    patience: z.int().min(1).default(5).meta({ description: 'Epochs without improvement before training ends.' }),
    minimumImprovement: z
      .number()
      .nonnegative()
      .default(0)
      .meta({ description: 'Smaller changes do not count as improvement.' }),
  })
  .meta({
    title: 'Early stopping',
    description:
      'Ends training when the validation metric no longer improves. The parameters of the best epoch are kept.',
  });

const trainingSchema = z
  .strictObject({
    optimizer: method(['adam', 'sgd'], z.discriminatedUnion('name', [adamSchema, sgdSchema]))
      .pipe(z.discriminatedUnion('name', [adamSchema, sgdSchema]))
      .prefault({ name: 'adam' })
      .meta({ title: 'Optimizer' }),
    weightDecay: z
      .number()
      .nonnegative()
      .default(0)
      .meta({
        description:
          'Decoupled weight decay of all weight matrices: each step takes off `learningRate * weightDecay` of a weight.',
      }),
    weighting: method(
      weightings.map(({ name }) => name) as ['equal', 'fixed'],
      z.discriminatedUnion('name', [
        weightings[0].options.extend({ name: z.literal(weightings[0].name) }),
        weightings[1].options.extend({ name: z.literal(weightings[1].name) }),
      ]),
    )
      .pipe(
        z.discriminatedUnion('name', [
          weightings[0].options.extend({ name: z.literal(weightings[0].name) }),
          weightings[1].options.extend({ name: z.literal(weightings[1].name) }),
        ]),
      )
      .default({ name: 'equal' })
      .meta({ title: 'Weighting', description: 'How the task losses are weighed into one objective.' }),
    epochs: z.int().min(1).max(100_000).default(20).meta({ description: 'Passes over the training rows, at most.' }),
    batchSize: z
      .int()
      .min(1)
      .max(1_048_576)
      .default(128)
      .meta({ description: 'Rows per training step (of each table, where tasks have tables of their own).' }),
    stopEarly: stopEarlySchema.optional(),
    seeds: z
      .array(z.int().min(0).max(4_294_967_295))
      .min(1)
      .default([1])
      .meta({
        description: 'One run per seed: replicates that differ in initial parameters, order of rows and dropout.',
        examples: [[1, 2, 3]],
      }),
  })
  .meta({ title: 'Training' });

const relatednessSchema = z
  .strictObject({
    measures: z
      .array(z.enum(measures.map(({ name }) => name) as ['gradient-cosine']))
      .default(['gradient-cosine'])
      .meta({ description: 'What is measured. `[]` for nothing.' }),
    every: z
      .int()
      .min(1)
      .default(10)
      .meta({ description: 'Steps between two measurements; they are averaged over each epoch.' }),
  })
  .meta({ title: 'Relatedness', description: 'How the relatedness of tasks is measured while they train.' });

/** The whole experiment file. */
export const experimentSchema = z
  .strictObject({
    name: z.string().min(1).meta({ description: 'What the experiment is called wherever it is shown.' }),
    description: z.string().optional().meta({ description: 'What it is for; shown as a tooltip.' }),
    data: dataSchema.optional(),
    inputs: inputsSchema.optional(),
    tasks: tasksSchema,
    model: modelSchema.prefault({}),
    training: trainingSchema.prefault({}),
    relatedness: relatednessSchema.prefault({}),
    engine: z
      .enum(['auto', 'wasm', 'cpu'])
      .default('auto')
      .meta({
        description: 'What computes: `wasm` (fast), `cpu` (plain JavaScript), or `auto` for the fastest there is.',
      }),
  })
  .meta({
    title: 'MTL experiment',
    description: 'A set of tasks, their data and a model that shares parameters between them.',
  });

/** An experiment with every default filled in. */
export type Experiment = z.output<typeof experimentSchema>;
/** An experiment as a person may write it. */
export type ExperimentInput = z.input<typeof experimentSchema>;
export type Task = z.output<typeof taskSchema>;
export type EachTask = z.output<typeof eachSchema>;
export type TaskKind = z.output<typeof kind>;
export type Encoder = z.output<typeof encoderSchema>;
export type PrivateEncoder = z.output<typeof privateEncoderSchema>;
export type Head = z.output<typeof headSchema>;
export type Activation = z.output<typeof activation>;
export type Optimizer = Experiment['training']['optimizer'];
export type Weighting = Experiment['training']['weighting'];
export type StopEarly = z.output<typeof stopEarlySchema>;
