import { z } from 'zod';
import { words } from '../common/schemaMeta';
import { dataSchema, inputsSchema } from './dataSchema';
import { engines, mostThreads } from './engine';
import { groupsSchema } from './groupsSchema';
import { modelSchema } from './modelSchema';
import { tasksSchema } from './taskSchema';
import { relatednessSchema, trainingSchema } from './trainingSchema';

export { higherIsBetter, metricNames, type MetricName } from './metric';
export type { Activation, Head, PrivateEncoder } from './modelSchema';
export type { EachTask, Task, TaskKind } from './taskSchema';
export type { StopEarly } from './trainingSchema';

/** The whole experiment file. */
export const experimentSchema = z
  .strictObject({
    name: z.string().min(1).meta({ description: 'What the experiment is called wherever it is shown.' }),
    description: z.string().optional().meta({ description: 'What it is for; shown as a tooltip.' }),
    data: dataSchema.optional(),
    inputs: inputsSchema.optional(),
    tasks: tasksSchema,
    only: z
      .array(z.union([z.string().min(1), z.number()]).meta({ refersTo: 'task' }))
      .min(1)
      .optional()
      .meta({
        title: 'Only these tasks',
        description:
          'Tasks to train; all of them if not given. Rows, splits, preprocessing and scales stay those of all tasks, so that figures compare.',
      }),
    groups: groupsSchema.optional(),
    model: modelSchema.prefault({}),
    training: trainingSchema.prefault({}),
    relatedness: relatednessSchema.prefault({}),
    baseline: words({
      none: 'Nothing.',
      'single-task':
        'Each task trained alone: a run with `sharing: single-task` and equal weights for every seed, with the same budget, rows and seed.',
    })
      .default('none')
      .meta({
        title: 'Baseline',
        description:
          'What the experiment is compared with, so that the gain of sharing is known: trained first, for every seed. The relative improvement over it (Δm) is then shown per task and in all, above 0 where sharing is better, with a 95 % interval over the seeds and a verdict: helped, hurt or cannot be told. Give `training.seeds` five or more.',
      }),
    engine: words(engines).default('auto').meta({ description: 'What computes.' }),
    threads: z
      .union([words({ auto: 'One for small models, all cores for wide ones.' }), z.int().min(1).max(mostThreads)])
      .default('auto')
      .meta({
        description:
          'Threads that the native engine computes with; the other engines have one. A small model is fastest with one.',
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
export type Optimizer = Experiment['training']['optimizer'];
