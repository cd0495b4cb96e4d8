import { z } from 'zod';
import { words } from '../common/schemaMeta';

const fraction = z.number().min(0).max(1);
const value = z.union([z.string(), z.number(), z.boolean()]);

/** Keys of both kinds of split: how many of the training rows are used. */
const fewerRows = {
  trainFraction: z
    .number()
    .positive()
    .max(1)
    .optional()
    .meta({
      description:
        'Share of the training rows to use, all of them if not given; the others are left out. The rows of a smaller share are among those of a larger one, and validation and test rows stay the same. Strata, or the tasks of `each`, keep their shares; groups stay together.',
      examples: [0.1],
    }),
  trainSeed: z
    .union([
      words({ replicate: 'Each replicate leaves out others, drawn with its seed of `training.seeds`.' }),
      z.int().min(0),
    ])
    .optional()
    .meta({ description: 'Which training rows `trainFraction` uses; `replicate` if not given.' }),
};

const fractionSplitSchema = z
  .strictObject({
    train: fraction.default(0.8).meta({ description: 'Share of rows to train on.' }),
    validation: fraction
      .default(0.1)
      .meta({ description: 'Share of rows for early stopping and for choosing between models.' }),
    test: fraction.default(0.1).meta({ description: 'Share of rows for the final figures; never seen in training.' }),
    seed: z
      .union([
        words({ replicate: 'Each replicate has a split of its own, drawn with its seed of `training.seeds`.' }),
        z.int().min(0),
      ])
      .default(1)
      .meta({
        description:
          'Which rows fall where. A number keeps the split the same over replicates; `replicate` draws another for each.',
      }),
    stratify: z.string().min(1).optional().meta({
      description: 'A column whose values keep their shares in every split.',
      refersTo: 'column',
    }),
    group: z.string().min(1).optional().meta({
      description: 'A column whose equal values stay in one split, such as a person.',
      refersTo: 'column',
    }),
    ...fewerRows,
  })
  .meta({ title: 'Split by fractions', description: 'Rows are drawn at random.' });

const columnSplitSchema = z
  .strictObject({
    column: z.string().min(1).meta({ description: 'The column that says the split of a row.', refersTo: 'column' }),
    test: z.array(value).min(1).meta({ description: 'Values of the test split.', refersTo: 'level' }),
    validation: z.array(value).default([]).meta({ description: 'Values of the validation split.', refersTo: 'level' }),
    train: z.array(value).optional().meta({
      description: 'Values of the training split; all others without it.',
      refersTo: 'level',
    }),
    ...fewerRows,
  })
  .meta({ title: 'Split by column', description: 'A column says the split of each row.' });

const splitSchema = z
  .union([fractionSplitSchema, columnSplitSchema])
  .meta({ title: 'Split', description: 'Training, validation and test rows.' });

const files = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).meta({
  description: 'A data file, or several with the same columns; relative to the experiment file.',
  refersTo: 'file',
  examples: ['data.csv.gz'],
});

/** Rows read from files, or by a query over files. */
export const fileDataSchema = z
  .strictObject({
    source: files.optional(),
    format: words({
      auto: 'Told by the name of the file.',
      csv: 'Comma-separated values, or separated by `delimiter`.',
      tsv: 'Tab-separated values.',
      parquet: 'Apache Parquet.',
      json: 'One JSON object per line.',
      arff: 'Attribute-relation file format, as of Weka and OpenML.',
    })
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
    classes: z.int().min(2).max(100).optional().meta({
      description:
        'Cut each target into so many classes of equally many rows, `0` for the lowest numbers, and so on. Without it targets are numbers.',
    }),
    ...generatorFields,
  })
  .meta({
    title: 'Generated related regressions',
    description: 'Regressions whose weight vectors have a stated cosine.',
  });

/** One of two modalities of ten classes. */
export const twoModalitiesSchema = z
  .strictObject({
    generate: z.literal('two-modalities').meta({
      description:
        'Ten classes seen through one of two modalities that share a hidden structure. Columns `x1`… and `class` (`0` to `9`).',
    }),
    modality: words({
      speech: 'The first modality.',
      image: 'The second modality.',
    }).meta({ description: 'Which of the two.' }),
    rows: z.int().min(100).max(10_000_000).default(2000).meta({ description: 'Rows in all.' }),
    inputs: z.int().min(1).max(100_000).default(100).meta({ description: 'Input columns.' }),
    noise: z
      .number()
      .nonnegative()
      .default(1)
      .meta({ description: 'Standard deviation around the classes; higher is harder.' }),
    ...generatorFields,
  })
  .meta({
    title: 'Generated modality of ten classes',
    description: 'Ten classes seen through one of two modalities that share a hidden structure.',
  });

/** Where rows come from. */
export const dataSchema = z
  .union([fileDataSchema, relatedRegressionsSchema, twoModalitiesSchema])
  .meta({ title: 'Data', description: 'Where the rows come from and how they are split.' });

const columns = z
  .union([words({ rest: 'All columns of this type that are not named elsewhere.' }), z.array(z.string().min(1))])
  .meta({
    description: 'Column names, or `rest` for all of this type that are not named elsewhere.',
    refersTo: 'column',
  });

/** Which columns are inputs, and how they become numbers. */
export const inputsSchema = z
  .strictObject({
    numeric: z
      .strictObject({
        columns: columns.default('rest'),
        scale: words({
          standard: 'Mean 0 and deviation 1.',
          'min-max': 'From 0 to 1.',
          none: 'As they are.',
        })
          .default('standard')
          .meta({ description: 'How numbers are scaled; fitted on the training split.' }),
        missing: words({
          'mean-and-flag': 'The mean of the training split, and one more input that says that it was missing.',
          mean: 'The mean of the training split.',
        })
          .default('mean-and-flag')
          .meta({ description: 'What a missing number becomes.' }),
      })
      .prefault({})
      .meta({ title: 'Numeric inputs', description: 'Columns of numbers.' }),
    categorical: z
      .strictObject({
        columns: columns.default('rest'),
        encode: words({ 'one-hot': 'One input per level.' })
          .default('one-hot')
          .meta({ description: 'How levels become numbers.' }),
        maxLevels: z.int().min(1).max(65_535).default(60).meta({
          description:
            'The most frequent levels that get an input of their own; the others share one, as do levels not seen in training.',
        }),
      })
      .prefault({})
      .meta({ title: 'Categorical inputs', description: 'Columns of levels, such as words or codes.' }),
    exclude: z
      .array(z.string().min(1))
      .default([])
      .meta({ description: 'Columns that are no inputs.', refersTo: 'column' }),
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
