import { z } from 'zod';

const fraction = z.number().min(0).max(1);
const value = z.union([z.string(), z.number(), z.boolean()]);

const fractionSplitSchema = z
  .strictObject({
    train: fraction.default(0.8).meta({ description: 'Share of rows to train on.' }),
    validation: fraction
      .default(0.1)
      .meta({ description: 'Share of rows for early stopping and for choosing between models.' }),
    test: fraction.default(0.1).meta({ description: 'Share of rows for the final figures; never seen in training.' }),
    seed: z.int().min(0).default(1).meta({ description: 'Which rows fall where. It stays the same over replicates.' }),
    stratify: z.string().optional().meta({ description: 'A column whose values keep their shares in every split.' }),
    group: z
      .string()
      .optional()
      .meta({ description: 'A column whose equal values stay in one split, such as a person.' }),
  })
  .meta({ title: 'Split by fractions', description: 'Rows are drawn at random.' });

const columnSplitSchema = z
  .strictObject({
    column: z.string().min(1).meta({ description: 'The column that says the split of a row.' }),
    test: z.array(value).min(1).meta({ description: 'Values of the test split.' }),
    validation: z.array(value).default([]).meta({ description: 'Values of the validation split.' }),
    train: z.array(value).optional().meta({ description: 'Values of the training split; all others without it.' }),
  })
  .meta({ title: 'Split by column', description: 'A column says the split of each row.' });

const splitSchema = z
  .union([columnSplitSchema, fractionSplitSchema])
  .meta({ title: 'Split', description: 'Training, validation and test rows.' });

const files = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .meta({
    description: 'A data file, or several with the same columns; relative to the experiment file.',
    examples: ['data.csv.gz'],
  });

/** Rows read from files, or by a query over files. */
export const fileDataSchema = z
  .strictObject({
    source: files.optional(),
    format: z
      .enum(['auto', 'csv', 'tsv', 'parquet', 'json', 'arff'])
      .default('auto')
      .meta({ description: 'What the files are. `auto` tells by the name; `.gz` is unpacked.' }),
    query: z
      .string()
      .optional()
      .meta({
        description:
          'A SQL query (DuckDB) that gives the rows; `source` is a table in it, and files can be named in quotes.',
        examples: ['SELECT * FROM source WHERE age > 17'],
      }),
    header: z
      .boolean()
      .optional()
      .meta({ description: 'Whether the first line of a CSV or TSV file names the columns. Found out without it.' }),
    columns: z.array(z.string().min(1)).optional().meta({ description: 'Column names, for files without a header.' }),
    delimiter: z
      .string()
      .length(1)
      .optional()
      .meta({ description: 'What separates values in a CSV file. Found out without it.' }),
    missing: z
      .array(z.string())
      .default([''])
      .meta({ description: 'Texts that mean that a value is missing.', examples: [['?', 'NA']] }),
    split: splitSchema.prefault({}),
  })
  .meta({ title: 'Data from files', description: 'CSV, TSV, Parquet, JSON lines or ARFF, plain or gzip.' });

const correlation = z.number().min(-1).max(1);
const generatorFields = {
  seed: z.int().min(0).default(1).meta({ description: 'Which rows are drawn.' }),
  split: splitSchema.prefault({}),
};

/** Regressions of known relatedness. */
export const relatedRegressionsSchema = z
  .strictObject({
    generate: z.literal('related-regressions').meta({
      description:
        'Regressions whose weight vectors have a stated cosine: `y_t = w_t·x + sum_i sin(a_i w_t·x + b_i) + noise`, in the manner of Ma et al., 2018 (MMoE), section 3.2. Columns `x1`… and `y1`….',
    }),
    tasks: z.int().min(1).max(1000).default(2).meta({ description: 'How many targets.' }),
    correlation: z
      .union([correlation, z.array(z.array(correlation))])
      .default(0.5)
      .meta({ description: 'Cosine between the weight vectors of every two tasks, or the whole matrix.' }),
    rows: z.int().min(10).max(10_000_000).default(4000).meta({ description: 'Rows in all.' }),
    inputs: z.int().min(1).max(100_000).default(100).meta({ description: 'Input columns.' }),
    noise: z
      .number()
      .nonnegative()
      .default(0.1)
      .meta({ description: 'Standard deviation of what cannot be predicted.' }),
    nonlinearity: z.number().nonnegative().default(1).meta({ description: 'Weight of the sines. 0 for linear tasks.' }),
    ...generatorFields,
  })
  .meta({ title: 'Generated related regressions' });

/** One of two modalities of ten classes. */
export const twoModalitiesSchema = z
  .strictObject({
    generate: z.literal('two-modalities').meta({
      description:
        'Ten classes seen through one of two modalities that share a hidden structure. Columns `x1`… and `class` (`0` to `9`).',
    }),
    modality: z.enum(['speech', 'image']).meta({ description: 'Which of the two.' }),
    rows: z.int().min(100).max(10_000_000).default(2000).meta({ description: 'Rows in all.' }),
    inputs: z.int().min(1).max(100_000).default(100).meta({ description: 'Input columns.' }),
    noise: z
      .number()
      .nonnegative()
      .default(1)
      .meta({ description: 'Standard deviation around the classes; higher is harder.' }),
    ...generatorFields,
  })
  .meta({ title: 'Generated modality of ten classes' });

/** Where rows come from. */
export const dataSchema = z
  .union([relatedRegressionsSchema, twoModalitiesSchema, fileDataSchema])
  .meta({ title: 'Data', description: 'Where the rows come from and how they are split.' });

const columns = z
  .union([z.literal('rest'), z.array(z.string().min(1))])
  .meta({ description: 'Column names, or `rest` for all of this type that are not named elsewhere.' });

/** Which columns are inputs, and how they become numbers. */
export const inputsSchema = z
  .strictObject({
    numeric: z
      .strictObject({
        columns: columns.default('rest'),
        scale: z
          .enum(['standard', 'min-max', 'none'])
          .default('standard')
          .meta({
            description: '`standard`: mean 0 and deviation 1; `min-max`: 0 to 1; fitted on the training split.',
          }),
        missing: z
          .enum(['mean-and-flag', 'mean'])
          .default('mean-and-flag')
          .meta({
            description:
              'A missing number becomes the mean of the training split; `-and-flag` adds a column that says so.',
          }),
      })
      .prefault({})
      .meta({ title: 'Numeric inputs' }),
    categorical: z
      .strictObject({
        columns: columns.default('rest'),
        encode: z.enum(['one-hot']).default('one-hot').meta({ description: 'One input per level.' }),
        maxLevels: z
          .int()
          .min(1)
          .max(65_535)
          .default(60)
          .meta({
            description:
              'The most frequent levels that get an input of their own; the others share one, as do levels not seen in training.',
          }),
      })
      .prefault({})
      .meta({ title: 'Categorical inputs' }),
    exclude: z.array(z.string().min(1)).default([]).meta({ description: 'Columns that are no inputs.' }),
  })
  .meta({
    title: 'Inputs',
    description: 'Which columns the model sees. Without it: all columns that are no target, split or group.',
  });

export type Data = z.output<typeof dataSchema>;
export type FileData = z.output<typeof fileDataSchema>;
export type RelatedRegressions = z.output<typeof relatedRegressionsSchema>;
export type TwoModalities = z.output<typeof twoModalitiesSchema>;
export type Split = z.output<typeof splitSchema>;
export type Inputs = z.output<typeof inputsSchema>;
