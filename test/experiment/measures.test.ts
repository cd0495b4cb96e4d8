import { expect, test } from 'vitest';
import { readsCommonly, sharings } from '../../src/experiment/sharing';
import { isBroken, problemsOf, type Case } from './fixtures/problems';

const number = '{ target: y, kind: regression }';
const yesNo = '{ target: z, kind: binary }';
const numbers = `{ a: ${number}, b: ${number} }`;
/** Sharings with which each task reads a representation of its own. */
const apart = sharings.map(({ name }) => name).filter((name) => !readsCommonly(name));

const measures: readonly Case[] = [
  [
    'what training together brings, of tasks that share nothing',
    { more: 'model: { sharing: single-task }\nrelatedness: { measures: [gradient-cosine, pair-gain] }' },
    [
      '5:44: error: `pair-gain` compares tasks that are trained together with each alone, and with `sharing: single-task` they share nothing. Choose another sharing, such as `hard`, or take the measure out.',
    ],
  ],
  [
    'what the heads read, where all read the same',
    { more: 'relatedness: { measures: [label-correlation, linear-cka, logme] }' },
    [
      '4:46: warning: `linear-cka` compares what the last layers of the tasks read, and with `sharing: hard` and heads without layers all read the same: it finds every two tasks the same. Give the heads a layer, such as `head: { layers: [16] }`, or take the measure out.',
      '4:58: warning: `logme` compares what the last layers of the tasks read, and with `sharing: hard` and heads without layers all read the same: it finds no difference between the tasks that a task could learn from. Give the heads a layer, such as `head: { layers: [16] }`, or take the measure out.',
    ],
  ],
  ...['head: { layers: [8] }', 'sharing: { name: mmoe }'].map((part): Case => [
    `what the heads read, with ${part}`,
    { more: `model: { ${part} }\nrelatedness: { measures: [linear-cka, rsa, h-score] }` },
    [],
  ]),
  [
    'labels in the same rows, where each task has rows of its own',
    {
      data: '',
      tasks:
        '{ a: { target: y, kind: binary, data: { source: a.csv } }, b: { target: z, kind: binary, data: { source: b.csv } } }',
      more: 'model: { head: { layers: [8] } }\nrelatedness: { measures: [nce, leep, residual-correlation] }',
    },
    [
      '5:27: warning: `nce` compares the labels of two tasks in the same rows, and here tasks have rows of their own: there will be no value. Take it out.',
      '5:32: warning: `leep` compares two tasks on the rows of one table, and here tasks have tables of their own: there will be no value. Take it out.',
      '5:38: warning: `residual-correlation` compares the labels of two tasks in the same rows, and here tasks have rows of their own: there will be no value. Take it out.',
    ],
  ],
  [
    'one task per value of a column: labels alone need rows in common',
    {
      tasks: '{ each: person, target: y, kind: binary }',
      more: 'model: { head: { layers: [8] } }\nrelatedness: { measures: [leep, rsa, label-correlation] }',
    },
    [
      '5:38: warning: `label-correlation` compares the labels of two tasks in the same rows, and here tasks have rows of their own: there will be no value. Take it out.',
    ],
  ],
  [
    'classes, where all tasks predict numbers',
    {
      tasks: numbers,
      more: 'model: { head: { layers: [8] } }\nrelatedness: { measures: [leep, nce, h-score, logme] }',
    },
    [
      '5:27: warning: `leep` compares tasks of kind `binary` or `multiclass`, and here are not two: there will be no value. Take it out.',
      '5:33: warning: `nce` compares tasks of kind `binary` or `multiclass`, and here are not two: there will be no value. Take it out.',
      '5:38: warning: `h-score` tells of tasks of kind `binary` or `multiclass`, and here is none: there will be no value. Take it out.',
    ],
  ],
  [
    'classes, where one task has some: how well what others read keeps them apart, and no more',
    { more: 'model: { head: { layers: [8] } }\nrelatedness: { measures: [h-score, nce] }' },
    [
      '5:36: warning: `nce` compares tasks of kind `binary` or `multiclass`, and here are not two: there will be no value. Take it out.',
    ],
  ],
  [
    'classes, where no network has two tasks of them',
    {
      tasks: `{ a: ${yesNo}, b: ${yesNo}, c: ${number}, d: ${number} }`,
      more: 'groups: [[a, c], [b, d]]\nrelatedness: { measures: [leep] }',
    },
    [
      '5:27: warning: `leep` compares tasks of kind `binary` or `multiclass`, and here are not two: there will be no value. Take it out.',
    ],
  ],
  [
    'classes, where one network has two tasks of them',
    {
      tasks: `{ a: ${yesNo}, b: ${yesNo}, c: ${number}, d: ${number} }`,
      more: 'groups: [[a, b], [c, d]]\nrelatedness: { measures: [leep] }',
    },
    [],
  ],
  [
    'the weights of heads that have layers',
    { more: 'model: { head: { layers: [8] } }\nrelatedness: { measures: [mtrl-correlation] }' },
    [
      '5:27: warning: `mtrl-correlation` compares the weights of heads that are one layer on what all tasks read, and here heads have more layers: there will be no value. Write `head: { layers: [] }`, or take it out.',
    ],
  ],
  ...apart.map((sharing): Case => [
    `the weights of heads that read each its own: ${sharing}`,
    { more: `model: { sharing: ${sharing} }\nrelatedness: { measures: [mtrl-correlation] }` },
    [
      `5:27: warning: \`mtrl-correlation\` compares the weights of heads that are one layer on what all tasks read, and here, with \`sharing: ${sharing}\`, each task reads its own: there will be no value. Choose another sharing, such as \`hard\`, or take it out.`,
    ],
  ]),
  ...['hard', 'one-gate', 'low-rank', 'additive, encoder: { layers: [] }'].map((sharing): Case => [
    `the weights of heads that read one representation: ${sharing}`,
    { more: `model: { sharing: ${sharing} }\nrelatedness: { measures: [mtrl-correlation] }` },
    [],
  ]),
];

test.each(measures)('measures: %s', (_, parts, problems) => {
  expect(problemsOf(parts)).toEqual(problems);
  expect(isBroken(parts)).toBe(problems.some((problem) => problem.includes(': error: ')));
});
