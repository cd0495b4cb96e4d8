import { z } from 'zod';
import { method, words } from '../common/schemaMeta';
import { sharings } from './sharing';

const activation = words({
  relu: '`max(0, x)`.',
  tanh: 'Hyperbolic tangent, from −1 to 1.',
  sigmoid: '`1 / (1 + exp(-x))`, from 0 to 1.',
  elu: '`x` above 0, `exp(x) - 1` below.',
  linear: 'None.',
}).meta({ description: 'What follows each layer.' });

const layers = z.array(z.int().min(1).max(16384)).meta({
  description: 'Units of each dense layer, first to last. `[]` for no layer.',
  examples: [[64, 32]],
});

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

/** Layers of one task alone, before those that are shared. */
export const privateEncoderSchema = z.strictObject({ layers, ...networkFields }).meta({
  title: 'Private encoder',
  description: 'Dense layers of this task alone, between its inputs and the shared encoder.',
});

const startSchema = z
  .strictObject({
    from: z.string().min(1).meta({
      description:
        'The folder of a finished run, absolute or from the folder of this file, such as `.mtl/runs/20250401-1305-census-x7k2pq`.',
    }),
    freeze: z.boolean().default(false).meta({
      description: 'Whether the shared parameters that were taken stay as they are, so that the rest alone is trained.',
    }),
  })
  .meta({
    title: 'Start',
    description:
      'Start from the parameters of a run instead of random ones: the shared ones, and those of heads and private encoders of the same name and shape. Inputs are preprocessed as in that run. Baselines start afresh.',
  });

export const modelSchema = z
  .strictObject({
    sharing: method(sharings)
      .default({ name: 'hard' })
      .meta({ title: 'Sharing architecture', description: 'How the tasks share parameters.' }),
    encoder: encoderSchema.prefault({}),
    head: headSchema.prefault({}),
    start: startSchema.optional(),
  })
  .meta({ title: 'Model', description: 'What is shared between the tasks and what each has alone.' });

export type PrivateEncoder = z.output<typeof privateEncoderSchema>;
export type Head = z.output<typeof headSchema>;
export type Activation = z.output<typeof activation>;
