import { z } from 'zod';
import { method, words } from '../common/schemaMeta';
import { measures } from '../relatedness';
import { weightings } from '../weighting';
import { metricNames, metrics } from './metric';
import type { MetricName } from './metric';
import { optimizers } from './optimizer';

const metricMeanings = Object.fromEntries(metricNames.map((name) => [name, metrics[name].description])) as Record<
  MetricName,
  string
>;

/** The largest seed of a random source. */
export const highestSeed = 4_294_967_295;

const stopEarlySchema = z
  .strictObject({
    metric: words(metricMeanings).default('loss').meta({
      description: 'Watched on the validation split, as its mean over the tasks that have it.',
      refersTo: 'metric',
    }),
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

export const trainingSchema = z
  .strictObject({
    optimizer: method(optimizers)
      .prefault({ name: 'adam' })
      .meta({ title: 'Optimizer', description: 'How gradients become steps.' }),
    weightDecay: z.number().nonnegative().default(0).meta({
      description:
        'Decoupled weight decay of all weight matrices: each step takes off `learningRate * weightDecay` of a weight.',
    }),
    weighting: method(weightings)
      .default({ name: 'equal' })
      .meta({ title: 'Weighting', description: 'How the task losses are weighed into one objective.' }),
    gradientsAt: words({
      'shared-parameters': 'At every parameter that tasks share, as in the papers.',
      representation:
        'At what the heads read, one gradient per row of the batch: cheaper, since only the heads are gone back through for each task. For methods by the inner products of gradients, where all tasks read the same representation of the same rows (LibMTL calls it `rep_grad`).',
    })
      .default('shared-parameters')
      .meta({ description: 'Where the gradients are taken by which a weighting weighs the tasks.' }),
    epochs: z.int().min(1).max(100_000).default(20).meta({ description: 'Passes over the training rows, at most.' }),
    batchSize: z.int().min(1).max(1_048_576).default(128).meta({
      description: 'Rows per training step (of each table, where tasks have tables of their own).',
    }),
    stopEarly: stopEarlySchema.optional(),
    seeds: z
      .array(z.int().min(0).max(highestSeed))
      .min(1)
      .default([1])
      .meta({
        description: 'One run per seed: replicates that differ in initial parameters, order of rows and dropout.',
        examples: [[1, 2, 3]],
      }),
    checkpoints: z
      .strictObject({
        everySteps: z
          .int()
          .min(1)
          .optional()
          .meta({ description: 'Steps between two checkpoints, counted from the start of the run.' }),
        everyMinutes: z
          .number()
          .positive()
          .optional()
          .meta({ description: 'Minutes of work between two checkpoints. 5 where neither is given.' }),
      })
      .prefault({})
      .meta({
        title: 'Checkpoints',
        description:
          'How often the run saves all that it needs to be continued exactly, by `mtl resume`, after a crash. Where neither key is given: every 5 minutes, and after an epoch where the last was 15 seconds ago. It always does when it is paused or stopped. The last two and the best are kept.',
        examples: [{ everySteps: 1000 }, { everyMinutes: 1 }],
      }),
    tensorboard: z.boolean().default(false).meta({
      description:
        'Whether the run writes event files for TensorBoard into its folder while it trains. `mtl export tensorboard` makes them afterwards.',
    }),
  })
  .meta({ title: 'Training', description: 'How the parameters are found.' });

const measureNames: readonly (typeof measures)[number]['name'][] = measures.map(({ name }) => name);

export const relatednessSchema = z
  .strictObject({
    measures: z
      .array(z.enum(measureNames).meta({ methods: measures }))
      .default(['gradient-cosine'])
      .meta({ description: 'What is measured. `[]` for nothing.' }),
    every: z
      .int()
      .min(1)
      .default(10)
      .meta({ description: 'Steps between two measurements; they are averaged over each epoch.' }),
  })
  .meta({ title: 'Relatedness', description: 'How the relatedness of tasks is measured while they train.' });

export type StopEarly = z.output<typeof stopEarlySchema>;
