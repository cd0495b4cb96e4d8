import { describe, expect, test } from 'vitest';
import { sharings, worksOnLayers } from '../../src/experiment/sharing';
import { isBroken, problemsOf, twoTasks, type Case, type Parts } from './fixtures/problems';

const only: readonly Case[] = [
  ['some of the tasks', { more: 'only: [b, a]' }, []],
  [
    'one of the tasks',
    { more: 'only: [b]' },
    ['4:1: information: There is one task, so nothing is shared and there is no relatedness to measure.'],
  ],
  [
    'a task that is not there',
    { more: 'only: [a, bb]' },
    ['4:11: error: There is no task `bb`. Did you mean `b`? -> b'],
  ],
  ['a task twice', { more: 'only: [a, b, a]' }, ['4:14: error: Task `a` is named twice. Take it out here.']],
];

const data: readonly Case[] = [
  ['nothing wrong', {}, []],
  [
    'no data at all',
    { data: '' },
    ['1:1: error: There is no data. Add the key `data` with a `source`, a `query` or `generate`.'],
  ],
  [
    'one task without data',
    {
      data: '',
      tasks: '{ a: { target: y, kind: binary, data: { source: a.csv } }, b: { target: z, kind: binary } }',
    },
    ['3:67: error: Task `b` has no data. Give it `data` of its own, or add `data` for all tasks.'],
  ],
  [
    'data that no task uses',
    {
      tasks:
        '{ a: { target: y, kind: binary, data: { source: a.csv } }, b: { target: z, kind: binary, data: { source: b.csv } } }',
    },
    ['2:1: warning: No task uses this data: all of them have `data` of their own. Take it out.'],
  ],
  [
    'neither source nor query',
    { data: '{ header: true }' },
    ['2:1: error: It is not said where the rows come from. Add `source` with a file, a `query`, or `generate`.'],
  ],
  [
    'a query that writes',
    { data: '{ query: "DROP TABLE source" }' },
    ['2:16: error: The query must give rows: it starts with SELECT, WITH or FROM.'],
  ],
  [
    'two statements',
    { data: '{ query: "SELECT 1; DROP TABLE source" }' },
    ['2:16: error: The query must be one statement. Take out what follows the first semicolon.'],
  ],
  [
    'an empty query',
    { data: '{ query: "-- SELECT" }' },
    ['2:16: error: The query is empty. Write a SELECT, or take the line out.'],
  ],
  ['a query in brackets', { data: `{ query: "(select ';' as a) -- all; of it" }` }, []],
  ['a query from a file', { data: `{ query: "FROM 'a.csv';" }` }, []],
];

const splits: readonly Case[] = [
  [
    'fractions above 1',
    { data: '{ source: a.csv, split: { train: 0.8, test: 0.3 } }' },
    [
      '2:24: error: The fractions `train` 0.8, `validation` 0.1 and `test` 0.3 make 1.2, which is more than 1. Lower one of them.',
    ],
  ],
  [
    'fractions below 1',
    { data: '{ source: a.csv, split: { train: 0.5 } }' },
    [
      '2:24: information: The fractions `train` 0.5, `validation` 0.1 and `test` 0.1 make 0.7: the other rows are not used.',
    ],
  ],
  ['thirds', { data: '{ source: a.csv, split: { train: 0.3333333, validation: 0.3333333, test: 0.3333334 } }' }, []],
  [
    'nothing to train on',
    { data: '{ source: a.csv, split: { train: 0, test: 0.9 } }' },
    ['2:40: error: No row is left to train on. Make `train` more than 0.'],
  ],
  [
    'a value in two splits',
    { data: '{ source: a.csv, split: { column: fold, test: [1, 2], validation: ["1"] } }' },
    ['2:54: error: `1` is in `validation`, too. A row is in one split alone: take it out of one of them.'],
  ],
  [
    'a value twice in a split',
    { data: '{ source: a.csv, split: { column: fold, test: [1, 1] } }' },
    ['2:57: error: `1` is named twice here. Take one of them out.'],
  ],
];

const columns: readonly Case[] = [
  [
    'a column twice',
    { data: '{ source: a.csv, columns: [y1, y2, y1] }' },
    ['2:42: error: Two columns are named `y1`. Give every column a name of its own.'],
  ],
  [
    'a target that headerless columns do not have',
    { data: '{ source: a.csv, columns: [y1, yy2, x] }' },
    ['3:60: error: The table has no column `y2`. Did you mean `y1`? -> y1'],
  ],
  [
    'a target that a generator does not make',
    { data: '{ generate: related-regressions, inputs: 3 }', tasks: twoTasks.replace('y2', 'income') },
    ['3:60: error: The table has no column `income`. Its columns are `x1` to `x3` and `y1` to `y2`.'],
  ],
  [
    'one task per value of a column that a generator does not make',
    {
      data: '{ generate: two-modalities, modality: image }',
      tasks: '{ each: school, target: class, kind: multiclass }',
    },
    ['3:16: error: The table has no column `school`. Its columns are `x1` to `x100` and `class`.'],
  ],
  [
    'one task per value of the target',
    { tasks: '{ each: school, target: school, kind: regression }' },
    ['3:32: error: `school` names the tasks, so it cannot be their target. Name another column.'],
  ],
  [
    'a column named twice among the inputs',
    { more: 'inputs: { numeric: { columns: [u, v] }, exclude: [v] }' },
    ['4:51: error: `v` is named twice among the inputs. Take one of them out.'],
  ],
  [
    'a target among the inputs',
    { more: 'inputs: { categorical: { columns: [y2] } }' },
    ['4:36: error: `y2` is a target, so it cannot be an input: the model would see the answer. Take it out.'],
  ],
  [
    'columns of splits and inputs',
    {
      data: '{ source: a.csv, columns: [y1, y2, person, fold], split: { stratify: persn, group: fold } }',
      more: 'inputs: { numeric: { columns: [fodl] } }',
    },
    [
      '2:76: error: The table has no column `persn`. Did you mean `person`? -> person',
      '4:32: error: The table has no column `fodl`. Did you mean `fold`? -> fold',
    ],
  ],
  ['columns of a query are not known', { data: '{ query: SELECT 1, columns: [u] }' }, []],
];

function related(options: string): Parts {
  return { data: `{ generate: related-regressions, ${options} }` };
}

const correlations: readonly Case[] = [
  [
    'a matrix with too few rows',
    related('correlation: [[1]]'),
    ['2:40: error: The matrix has 1 row, but there are 2 tasks. Write one row per task, or `tasks: 1`.'],
  ],
  [
    'a row that is too short',
    related('correlation: [[1, 0], [0]]'),
    ['2:62: error: Row 2 has 1 numbers. Write 2, one per task.'],
  ],
  [
    'a diagonal that is not 1',
    related('correlation: [[1, 0], [0, 0.5]]'),
    ['2:66: error: The cosine of task 2 to itself is 1. Write 1 here.'],
  ],
  [
    'a matrix that is not symmetric',
    related('correlation: [[1, 0.5], [0.4, 1]]'),
    ['2:65: error: Tasks 1 and 2 have the cosine 0.5 above the diagonal and 0.4 here. Write the same number.'],
  ],
  [
    'cosines that no vectors have',
    related('tasks: 3, correlation: [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]'),
    [
      '2:50: error: No weight vectors have these cosines to each other (the matrix is not positive semidefinite). Bring some of them nearer to 0.',
    ],
  ],
  [
    'one cosine that three vectors cannot have',
    related('tasks: 3, correlation: -0.6'),
    ['2:63: error: 3 tasks cannot all have a cosine of -0.6 to each other. Write at least -0.5.'],
  ],
  [
    'more directions than inputs',
    related('tasks: 3, inputs: 2'),
    ['2:58: error: This correlation needs at least 3 inputs, but there are 2. Write `inputs: 3` or more. -> 3'],
  ],
  ['identical tasks need one input', related('tasks: 3, inputs: 1, correlation: 1'), []],
  ['a matrix of rank 1', related('inputs: 1, correlation: [[1, -1], [-1, 1]]'), []],
  ['three vectors in a plane', related('tasks: 3, inputs: 2, correlation: -0.5'), []],
];

/** Sharings that work on the layers of the encoder. */
const onLayers = sharings.map(({ name }) => name).filter(worksOnLayers);

const settings: readonly Case[] = [
  [
    'no tasks',
    { tasks: '{}' },
    ['3:8: error: There is no task. Write one below `tasks`: its name, `target` and `kind`.'],
  ],
  [
    'one task',
    { tasks: '{ a: { target: y, kind: binary } }' },
    ['3:1: information: There is one task, so nothing is shared and there is no relatedness to measure.'],
  ],
  [
    'settings of another kind',
    {
      tasks:
        '{ a: { target: y, kind: binary, loss: huber, scale: none }, b: { target: z, kind: regression, positive: 1 } }',
    },
    [
      '3:40: warning: `loss` has no effect on a binary task; it is for regression tasks. Take it out.',
      '3:53: warning: `scale` has no effect on a binary task; it is for regression tasks. Take it out.',
      '3:102: warning: `positive` has no effect on a regression task; it is for binary tasks. Take it out.',
    ],
  ],
  [
    'settings of another kind for one task per value',
    { tasks: '{ each: school, target: y, kind: regression, positive: 1 }' },
    ['3:53: warning: `positive` has no effect on a regression task; it is for binary tasks. Take it out.'],
  ],
  [
    'inputs and an encoder of a task without data',
    {
      tasks: '{ a: { target: y, kind: binary, inputs: {}, encoder: { layers: [] } }, b: { target: z, kind: binary } }',
    },
    [
      '3:40: error: `inputs` of one task needs `data` of that task. Add it, or take `inputs` out.',
      '3:52: error: `encoder` of one task needs `data` of that task. Add it, or take `encoder` out.',
    ],
  ],
  [
    'an encoder without layers',
    { more: 'model: { encoder: { layers: [] } }' },
    [
      '4:29: warning: The encoder has no layers, so the tasks share no parameters at which `gradient-cosine` could be measured. Give it at least one layer, or take the measure out.',
    ],
  ],
  ...onLayers.map((sharing): (typeof settings)[number] => [
    `an encoder without layers, with ${sharing}, which works on them`,
    { more: `model: { sharing: ${sharing}, encoder: { layers: [] } }` },
    [
      `4:${sharing.length + 40}: error: Sharing \`${sharing}\` works on the encoder's layers, and there are none. Give \`encoder\` a layer, or choose \`additive\` or \`low-rank\`, with which tasks share what is in their heads.`,
    ],
  ]),
  [
    'a weight of no task',
    {
      tasks: twoTasks.replace(' a:', ' north:'),
      more: 'training: { weighting: { name: fixed, weights: { nort: 2, c: 1 } } }',
    },
    [
      '4:50: error: There is no task `nort`. Did you mean `north`? -> north',
      '4:59: error: There is no task `c`. Did you mean `b`? -> b',
    ],
  ],
  [
    'weights of 0 alone',
    { more: 'training: { weighting: { name: fixed, weights: { a: 0, b: 0 } } }' },
    ['4:39: error: All weights are 0, so nothing is trained. Give one task a weight above 0.'],
  ],
  [
    'a primary task that there is not',
    {
      tasks: twoTasks.replace(' a:', ' north:'),
      more: 'training: { weighting: { name: auto-lambda, primary: [b, nort] } }',
    },
    ['4:58: error: There is no task `nort`. Did you mean `north`? -> north'],
  ],
  [
    'weights that are learned without validation rows',
    {
      data: '{ source: a.csv, split: { train: 0.9, validation: 0 } }',
      more: 'training: { weighting: auto-lambda }',
    },
    [
      '4:24: error: `auto-lambda` learns its weights on the validation split, which is empty. Give `split` some validation rows.',
    ],
  ],
  ...(['soft', 'single-task'] as const).flatMap((sharing) =>
    (['mgda', 'moco'] as const).map((weighting): (typeof settings)[number] => [
      `${weighting} where nothing is shared: ${sharing}`,
      { more: `training: { weighting: ${weighting} }\nmodel: { sharing: ${sharing} }` },
      [
        `4:24: error: \`${weighting}\` weighs by the gradients at the parameters that tasks share, and with \`sharing: ${sharing}\` they share none. Choose a weighting by losses, such as \`uncertainty\`, or another sharing.`,
      ],
    ]),
  ),
  ['gradients at the representation', { more: 'training: { weighting: mgda, gradientsAt: representation }' }, []],
  [
    'gradients at the representation for a method by losses',
    { more: 'training: { weighting: dwa, gradientsAt: representation }' },
    ['4:29: warning: `gradientsAt` has no effect: `dwa` does not look at gradients. Take it out.'],
  ],
  [
    'gradients at the representation for a method that keeps gradients',
    { more: 'training: { weighting: moco, gradientsAt: representation }' },
    [
      '4:43: error: `moco` does more with the gradients than compare them, so it takes them at the shared parameters. Take `gradientsAt` out to have them at the shared parameters.',
    ],
  ],
  [
    'gradients at the representation where each task has its own',
    { more: 'training: { weighting: mgda, gradientsAt: representation }\nmodel: { sharing: mmoe }' },
    [
      '4:43: error: With `sharing: mmoe` each task reads a representation of its own, so there is none at which to compare gradients. Take `gradientsAt` out to have them at the shared parameters.',
    ],
  ],
  [
    'gradients at the representation where each task has rows of its own',
    {
      tasks: '{ each: school, target: y, kind: regression }',
      more: 'training: { weighting: mgda, gradientsAt: representation }',
    },
    [
      '4:43: error: Each task has rows of its own, so the gradients at their representations have nothing in common. Take `gradientsAt` out to have them at the shared parameters.',
    ],
  ],
  [
    'a metric that no task has',
    {
      tasks: '{ a: { target: y, kind: binary }, b: { target: z, kind: multiclass } }',
      more: 'training: { stopEarly: { metric: r2 } }',
    },
    [
      '4:34: error: No task has the metric `r2`. Metrics of these tasks: `loss`, `crossEntropy`, `accuracy`, `macroF1` and `auc`.',
    ],
  ],
  ['a metric that one task has', { more: 'training: { stopEarly: { metric: r2 } }' }, []],
  [
    'early stopping without validation rows',
    { data: '{ source: a.csv, split: { train: 0.9, validation: 0 } }', more: 'training: { stopEarly: {} }' },
    ['4:13: error: Early stopping watches the validation split, which is empty. Give `split` some validation rows.'],
  ],
  [
    'early stopping without validation values',
    { data: '{ source: a.csv, split: { column: fold, test: [1] } }', more: 'training: { stopEarly: {} }' },
    ['4:13: error: Early stopping watches the validation split, which is empty. Give `split` some validation rows.'],
  ],
  [
    'a baseline of one task',
    { tasks: '{ a: { target: y, kind: binary } }', more: 'baseline: single-task' },
    [
      '3:1: information: There is one task, so nothing is shared and there is no relatedness to measure.',
      '4:11: error: There is one task, so training it alone is the experiment itself. Take `baseline` out, or add a task.',
    ],
  ],
  [
    'a baseline that is the experiment itself',
    { more: 'baseline: single-task\nmodel: { sharing: single-task }' },
    [
      '4:11: error: `sharing: single-task` trains each task alone already, so there is nothing to compare. Take `baseline` out, or choose another `sharing`.',
    ],
  ],
  ['a baseline', { more: 'baseline: single-task' }, []],
  [
    'a seed twice',
    { more: 'training: { seeds: [1, 2, 1] }' },
    ['4:27: error: Seed 1 is written twice; both runs would be the same. Take one of them out.'],
  ],
];

describe.each([
  ['data', data],
  ['splits', splits],
  ['columns', columns],
  ['correlations', correlations],
  ['settings', settings],
  ['some of the tasks', only],
])('%s', (_, cases) => {
  test.each(cases)('%s', (__, parts, problems) => {
    expect(problemsOf(parts)).toEqual(problems);
    const broken = problems.some((problem) => problem.includes(': error: '));
    expect(isBroken(parts)).toBe(broken);
  });
});
