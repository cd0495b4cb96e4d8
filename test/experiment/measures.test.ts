import { expect, test } from 'vitest';
import { isBroken, problemsOf, type Case } from './fixtures/problems';

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
      '5:27: warning: `nce` compares the labels of two tasks in the same rows, and here each task has rows of its own: there will be no value. Take it out.',
      '5:38: warning: `residual-correlation` compares the labels of two tasks in the same rows, and here each task has rows of its own: there will be no value. Take it out.',
    ],
  ],
];

test.each(measures)('measures: %s', (_, parts, problems) => {
  expect(problemsOf(parts)).toEqual(problems);
  expect(isBroken(parts)).toBe(problems.some((problem) => problem.includes(': error: ')));
});
