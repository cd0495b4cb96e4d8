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
    'what training together brings, where the shared parameters are frozen',
    {
      more: 'model: { start: { from: x, freeze: true } }\nrelatedness: { measures: [pair-gain, ordered-transfer] }',
    },
    [
      '5:27: error: `pair-gain` compares tasks that are trained together with each alone, and `freeze` keeps all that they share as it is. Take `freeze` or the measure out.',
      "5:38: error: `ordered-transfer` compares how tasks do that start from each other's networks, and `freeze` keeps all that these could differ in as it is. Take `freeze` or the measure out.",
    ],
  ],
  [
    'what training together brings, from a start that is trained on',
    { more: 'model: { start: { from: x } }\nrelatedness: { measures: [pair-gain, ordered-transfer] }' },
    [],
  ],
  [
    'what training together brings, of heads that share nothing',
    {
      more: 'model: { encoder: { layers: [] } }\nrelatedness: { measures: [leave-one-out-gain, ordered-transfer] }',
    },
    [
      '5:27: error: `leave-one-out-gain` compares tasks that are trained together with each alone, and without a layer of the encoder they share nothing. Give `model.encoder` a layer, or take the measure out.',
      "5:47: error: `ordered-transfer` compares how tasks do that start from each other's networks, and without a layer of the encoder there is nothing to take from these. Give `model.encoder` a layer, or take the measure out.",
    ],
  ],
  [
    'a start from networks that share nothing and have no layer',
    { more: 'model: { encoder: { layers: [] }, sharing: single-task }\nrelatedness: { measures: [ordered-transfer] }' },
    [
      "5:27: error: `ordered-transfer` compares how tasks do that start from each other's networks, and without a layer of the encoder there is nothing to take from these. Give `model.encoder` a layer, or take the measure out.",
    ],
  ],
  ...(['additive', 'low-rank'] as const).map((sharing): Case => [
    `what training together brings, of heads that share: ${sharing}`,
    {
      more: `model: { encoder: { layers: [] }, sharing: ${sharing} }\nrelatedness: { measures: [gradient-cosine, pair-gain, ordered-transfer] }`,
    },
    [],
  ]),
  [
    'a start, where tasks share nothing',
    { more: 'model: { sharing: single-task }\nrelatedness: { measures: [ordered-transfer] }' },
    [],
  ],
  [
    'what networks reach, where no row is left to tell it by',
    {
      data: '{ source: a.csv, split: { train: 1, validation: 0, test: 0 } }',
      more: 'relatedness: { measures: [pair-gain, ordered-transfer] }',
    },
    ['pair-gain', 'ordered-transfer'].map(
      (name, place) =>
        `4:${place === 0 ? 27 : 38}: error: \`${name}\` compares what networks reach on validation or test rows, and there are none. Give \`split\` some validation rows, or take the measure out.`,
    ),
  ],
  [
    'what networks reach, with test rows alone',
    {
      data: '{ source: a.csv, split: { train: 0.9, validation: 0, test: 0.1 } }',
      more: 'relatedness: { measures: [pair-gain] }',
    },
    [],
  ],
  [
    'one that is named twice',
    { more: 'relatedness: { measures: [gradient-cosine, pair-gain, gradient-cosine] }' },
    ['4:55: error: `gradient-cosine` is named twice. Take it out here.'],
  ],
  [
    'what is measured at shared parameters, where there are none',
    {
      more: 'relatedness: { measures: [tag-affinity, mtrl-correlation, grad-tae] }\nmodel: { encoder: { layers: [] } }',
    },
    [
      '5:29: warning: The encoder has no layers, so the tasks share no parameters at which `tag-affinity` and `grad-tae` could be measured. Give it at least one layer, or take these measures out.',
    ],
  ],
  [
    'linear tasks, of which the weights are compared',
    { more: 'relatedness: { measures: [mtrl-correlation, label-correlation] }\nmodel: { encoder: { layers: [] } }' },
    [],
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
