import * as fc from 'fast-check';
import type { ExperimentInput } from '../../src/experiment/schema';

/** Names that programs trip over. */
export const nastyNames = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  'each',
  '<script>alert("x")</script>',
  'it\'s "quoted" and `ticked`',
  '🧠 émoji 任务',
  'n'.repeat(500),
  'n'.repeat(1500),
  '- item',
  '# comment',
  'a: b',
  '{ flow: [map] }',
  '*alias',
  '&anchor',
  '!tag',
  '~',
  'null',
  'true',
  'Yes',
  '12',
  '1e5',
  '0x1F',
  '<<',
  '---',
  ' leading and trailing ',
  'two\nlines',
  'tab\tin it',
  '\u0007\u001b[31m',
  '%',
  '@',
  ',',
  '?',
  '"',
  "'",
  '\\',
];

const names = fc.oneof(
  { arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), weight: 3 },
  { arbitrary: fc.constantFrom(...nastyNames), weight: 1 },
);

const fractions = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 8 }))
  .map(([train, validation, test]) => {
    const sum = train + validation + test;
    return { train: train / sum, validation: validation / sum, test: test / sum };
  });

const level = fc.oneof(names, fc.integer(), fc.boolean());

const columnSplit = fc
  .record({ column: names, values: fc.uniqueArray(level, { minLength: 2, maxLength: 5, selector: String }) })
  .map(({ column, values }) => ({ column, test: values.slice(0, 1), validation: values.slice(1) }));

const fileData = fc.record(
  {
    source: fc.oneof(names, fc.array(names, { minLength: 1, maxLength: 3 })),
    header: fc.boolean(),
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    missing: fc.array(fc.string()),
    query: fc.constantFrom('SELECT * FROM source', "with a as (select ';' as b)\nselect * from a -- all\n"),
    split: fc.oneof(fractions, columnSplit),
  },
  { requiredKeys: ['source', 'split'] },
);

const generated = fc.record(
  {
    generate: fc.constant('two-modalities' as const),
    modality: fc.constantFrom('speech' as const, 'image' as const),
    noise: fc.double({ min: 0, max: 1e6, noNaN: true }),
    seed: fc.nat(),
    split: fractions,
  },
  { requiredKeys: ['generate', 'modality', 'split'] },
);

const network = fc.record(
  {
    layers: fc.array(fc.integer({ min: 1, max: 512 }), { maxLength: 3 }),
    activation: fc.constantFrom('relu' as const, 'tanh' as const, 'linear' as const),
    dropout: fc.double({ min: 0, max: 0.95, noNaN: true }),
  },
  { requiredKeys: ['layers'] },
);

const taskOf = (name: string) =>
  fc.oneof(
    fc.record(
      {
        target: fc.constant(`target of ${name}`),
        kind: fc.constant('regression' as const),
        loss: fc.constant('huber' as const),
      },
      { requiredKeys: ['target', 'kind'] },
    ),
    fc.record(
      { target: fc.constant(`target of ${name}`), kind: fc.constant('binary' as const), positive: level },
      { requiredKeys: ['target', 'kind'] },
    ),
    fc.record(
      {
        target: fc.constant('class'),
        kind: fc.constant('multiclass' as const),
        data: generated,
        encoder: network,
      },
      { requiredKeys: ['target', 'kind', 'data'] },
    ),
  );

const namedTasks = fc
  .uniqueArray(names, { minLength: 1, maxLength: 5 })
  .chain((chosen) =>
    fc
      .tuple(...chosen.map(taskOf))
      .map((tasks) => Object.fromEntries(chosen.map((name, index) => [name, tasks[index]] as const))),
  );

const eachTasks = fc.record({
  each: fc.constant('the column of tasks'),
  target: names,
  kind: fc.constantFrom('regression' as const, 'binary' as const),
});

const optimizer = fc.oneof(
  fc.constantFrom('adam' as const, 'sgd' as const),
  fc.record({ name: fc.constant('sgd' as const), momentum: fc.double({ min: 0, max: 0.99, noNaN: true }) }),
);

const training = fc.record(
  {
    optimizer,
    epochs: fc.integer({ min: 1, max: 1000 }),
    stopEarly: fc.record({ patience: fc.integer({ min: 1, max: 50 }) }, { requiredKeys: [] }),
    seeds: fc.uniqueArray(fc.integer({ min: 0, max: 4_294_967_295 }), { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: [] },
);

/** Experiments without mistakes, as a person may write them. */
export const experiments: fc.Arbitrary<ExperimentInput> = fc.record(
  {
    name: names,
    description: fc.string({ unit: 'grapheme' }),
    data: fileData,
    inputs: fc.constant({ exclude: ['not an input'] }),
    tasks: fc.oneof(namedTasks, eachTasks),
    model: fc.record({ encoder: network, head: network }, { requiredKeys: [] }),
    training,
    baseline: fc.constant('none' as const),
    relatedness: fc.record({ every: fc.integer({ min: 1, max: 99 }) }),
  },
  { requiredKeys: ['name', 'data', 'tasks'] },
);
