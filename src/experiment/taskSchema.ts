import { z } from 'zod';
import { named, words } from '../common/schemaMeta';
import { dataSchema, inputsSchema } from './dataSchema';
import { privateEncoderSchema } from './modelSchema';

const kind = words({
  regression: 'Predicts a number (loss: squared error).',
  binary: 'Predicts one of two classes (loss: cross-entropy).',
  multiclass: 'Predicts one of several classes (loss: cross-entropy).',
}).meta({ title: 'Task kind', description: 'What is predicted: a number, one of two classes or one of several.' });

const taskFields = {
  target: z.string().min(1).meta({ description: 'The column to predict.', refersTo: 'column' }),
  kind,
  positive: z.union([z.string(), z.number(), z.boolean()]).optional().meta({
    description:
      'Binary only: the value that counts as the positive class. Without it: `1`, `true`, `yes`, or the later of the two values in order.',
    refersTo: 'level',
  }),
  loss: words({
    'squared-error': 'The square of the error: large errors count most.',
    'absolute-error': 'The size of the error: robust against outliers.',
    huber: 'Half the square up to an error of 1 and linear beyond (Huber, 1964).',
  })
    .default('squared-error')
    .meta({ description: 'Regression only: what is minimised.' }),
  scale: words({
    standard: 'Mean 0 and deviation 1 of the training split, so that the losses of tasks compare.',
    none: 'As it is.',
  })
    .default('standard')
    .meta({
      description:
        'Regression only: how the target is scaled for training. Metrics are always in the units of the data.',
    }),
};

/** One named task. */
const taskSchema = z
  .strictObject({
    ...taskFields,
    data: dataSchema.optional().meta({
      description: 'A table of this task alone. Without it the task uses the data of the experiment.',
    }),
    inputs: inputsSchema.optional().meta({ description: 'The input columns of this task alone; only beside `data`.' }),
    encoder: privateEncoderSchema.optional(),
  })
  .meta({ title: 'Task', description: 'What is predicted, from which rows.' });

/** One task per value of a column. */
const eachSchema = z
  .strictObject({
    each: z.string().min(1).meta({
      description: 'The column whose values name the tasks: one task per value.',
      refersTo: 'column',
    }),
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

export const tasksSchema = z
  .union([named(taskSchema), eachSchema])
  .meta({ title: 'Tasks', description: 'Tasks by name, or `each: column` for one task per value of a column.' });

export type Task = z.output<typeof taskSchema>;
export type EachTask = z.output<typeof eachSchema>;
export type TaskKind = z.output<typeof kind>;
