import { describe, expect, test } from 'vitest';
import { InputError, weigh, weightingNames, type WeighInputs, type WeightingName } from '../../src/api';

const gradients = [
  [-4, 1, 1],
  [6, 1, 1],
];
const losses = [1, 2];
const gramian = [
  [18, -22],
  [-22, 38],
];

describe('weigh', () => {
  test.each(weightingNames)('%s weighs two tasks', (name) => {
    const options = name === 'fixed' ? { weights: {} } : {};
    const { weights, gradient } = weigh(name, { losses, gradients, options });
    expect(weights).toHaveLength(2);
    expect(gradient).toHaveLength(3);
  });

  test('a Gramian serves as well as the gradients, as any rows of numbers', () => {
    const rows = gramian.map((row) => Float32Array.from(row));
    expect(weigh('mgda', { losses, gramian: rows }).weights).toEqual(weigh('mgda', { losses, gradients }).weights);
    expect(weigh('mgda', { losses, gramian }).gradient).toBeUndefined();
  });

  test('state and memory carry on', () => {
    const first = weigh('moco', { losses, gradients });
    const { state, memory } = first;
    const second = weigh('moco', {
      losses,
      gradients,
      state: JSON.parse(JSON.stringify(state)) as unknown,
      memory,
      step: 1,
    });
    expect(second.weights).not.toEqual(first.weights);
  });

  test('a seed decides what is drawn', () => {
    const drawn = (seed: number) => weigh('rlw', { losses, seed }).weights;
    expect(drawn(3)).toEqual(drawn(3));
    expect(drawn(3)).not.toEqual(drawn(4));
  });

  test('the history of losses and the order of tasks are used', () => {
    const history = [
      [1, 1],
      [0.5, 1],
    ];
    const [one, other] = weigh('dwa', { losses, history }).weights;
    expect(one).toBeLessThan(other);
    const three = [
      [1, 0],
      [-1, 0.5],
      [-0.2, -1],
    ];
    const ordered = (taskOrder: number[]) =>
      weigh('pcgrad', { losses: [1, 1, 1], gradients: three, taskOrder }).weights;
    expect(ordered([0, 1, 2])).not.toEqual(ordered([2, 1, 0]));
  });
});

const refused: readonly [string, string, WeighInputs, string, string][] = [
  ['a misspelt method', 'cagard', { losses, gradients }, 'unknown-method', 'cagrad'],
  ['a method of nowhere', 'luck-of-the-draw', { losses }, 'unknown-method', 'mgda'],
  ['an unknown option', 'cagrad', { losses, gradients, options: { d: 1 } }, 'invalid-options', 'c, rescale'],
  ['an option out of range', 'cagrad', { losses, gradients, options: { c: -1 } }, 'invalid-options', '`c`'],
  ['no gradients', 'mgda', { losses }, 'gradients-missing', 'gramian'],
  ['a Gramian where gradients are needed', 'graddrop', { losses, gramian }, 'gradients-missing', 'gradients'],
  ['no tasks', 'equal', { losses: [] }, 'shape', 'no loss'],
  ['a gradient too few', 'mgda', { losses, gradients: gradients.slice(1) }, 'shape', '1 gradients for 2 losses'],
  ['gradients of unlike length', 'mgda', { losses, gradients: [[1, 2], [1]] }, 'shape', 'task 1 has 1 entries'],
  ['empty gradients', 'mgda', { losses, gradients: [[], []] }, 'shape', 'empty'],
  ['a Gramian of another size', 'mgda', { losses, gramian: [[1]] }, 'shape', '2 rows of 2'],
  [
    'an uneven Gramian',
    'mgda',
    {
      losses,
      gramian: [
        [1, 0.5],
        [0, 1],
      ],
    },
    'not-a-gramian',
    '(0, 1)',
  ],
  [
    'a negative square',
    'mgda',
    {
      losses,
      gramian: [
        [-1, 0],
        [0, 1],
      ],
    },
    'not-a-gramian',
    '(0, 0)',
  ],
  [
    'a product above the lengths',
    'mgda',
    {
      losses,
      gramian: [
        [1, 2],
        [2, 1],
      ],
    },
    'not-a-gramian',
    '(0, 1)',
  ],
  ['a loss that is NaN', 'equal', { losses: [1, NaN] }, 'not-finite', 'task 1 is NaN'],
  [
    'a gradient that is NaN',
    'mgda',
    { losses, gradients: [[1], [NaN]] },
    'not-finite',
    'Entry 0 of the gradient of task 1',
  ],
  [
    'an infinite Gramian',
    'mgda',
    {
      losses,
      gramian: [
        [Infinity, 0],
        [0, 1],
      ],
    },
    'not-finite',
    'row 0',
  ],
  ['a history of other tasks', 'dwa', { losses, history: [[1]] }, 'shape', 'Epoch 0'],
  ['a history with NaN', 'dwa', { losses, history: [[1, NaN]] }, 'not-finite', 'Epoch 0'],
  ['an order with a task twice', 'pcgrad', { losses, gradients, taskOrder: [0, 0] }, 'task-order', '0, 0'],
  ['names of other tasks', 'equal', { losses, tasks: ['a'] }, 'shape', '1 task names'],
  ['presence of other tasks', 'equal', { losses, present: [true] }, 'shape', 'present'],
  ['no task present', 'equal', { losses, present: [false, false] }, 'shape', 'No task'],
];

test.each(refused)('%s is refused', (_, name, inputs, code, words) => {
  let error: unknown;
  try {
    weigh(name as WeightingName, inputs);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({ code, message: expect.stringContaining(words) as string });
});
