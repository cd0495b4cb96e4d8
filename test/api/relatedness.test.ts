import { describe, expect, test } from 'vitest';
import {
  groupTasks,
  InputError,
  relatedness,
  relatednessMeasures,
  type GroupingOptions,
  type MeasureName,
  type RelatednessInput,
} from '../../src/api';

function complaint(act: () => unknown): InputError {
  try {
    act();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

describe('relatedness', () => {
  test('is computed by a name, with what the measure says of itself', () => {
    const gradients = [
      [3, 4],
      [4, 3],
    ];
    expect(relatedness('gradient-cosine', { gradients })).toEqual({
      measure: 'gradient-cosine',
      values: [
        [1, 0.96],
        [0.96, 1],
      ],
      directed: false,
      higherIsCloser: true,
      range: [-1, 1],
    });
    const { values, directed } = relatedness('tag-affinity', {
      before: [1, 2],
      after: [
        [0.5, 1],
        [1, 1],
      ],
    });
    expect([values, directed]).toEqual([
      [
        [0.5, 0.5],
        [0, 0.5],
      ],
      true,
    ]);
    expect(relatedness('conflict-rate', { gradients: [] }).values).toEqual([]);
  });

  test('every measure tells its definition, range and cost', () => {
    const size = { tasks: 5, rows: 100, features: 8, parameters: 1000 };
    for (const { summary, details, source, range, cost } of relatednessMeasures) {
      expect([summary, details, source].every((text) => text !== undefined && text.length > 20)).toBe(true);
      expect(range[0]).toBeLessThan(range[1]);
      expect(cost.multiplications(size)).toBeGreaterThan(0);
    }
  });

  test.each<[string, () => unknown, string]>([
    ['another name', () => relatedness('gradient-cosin' as MeasureName, {} as never), 'unknown-measure'],
    ['uneven gradients', () => relatedness('gradient-cosine', { gradients: [[1], [1, 2]] }), 'shape'],
    ['a gradient that is not finite', () => relatedness('gradient-cosine', { gradients: [[NaN]] }), 'not-finite'],
    ['rows that differ', () => relatedness('residual-correlation', { residuals: [[1], [1, 2]] }), 'shape'],
    ['no class', () => relatedness('nce', { labels: [{ kind: 'binary', values: [0, 2] }] }), 'shape'],
    ['no gradients', () => relatedness('gradient-cosine', {} as never), 'gradients-missing'],
    ['nothing for gradients', () => relatedness('gradient-cosine', null as never), 'shape'],
    ['another kind of thing', () => relatedness('nce', { labels: 5 } as never), 'shape'],
  ])('%s is refused', (_, act, code) => {
    expect(complaint(act).code).toBe(code);
  });

  test('no measure takes nothing', () => {
    for (const { name } of relatednessMeasures) {
      for (const nothing of [{}, null, undefined]) {
        expect(complaint(() => relatedness(name, nothing as never)).message).toMatch(/is missing|needs `gradients`/);
      }
    }
  });

  test('says which measure was meant', () => {
    expect(complaint(() => relatedness('linear-ka' as MeasureName, {} as never)).message).toBe(
      'There is no measure "linear-ka". Did you mean "linear-cka"?',
    );
  });
});

describe('grouping', () => {
  const values = [
    [1, 0.9, -0.2, 0],
    [0.9, 1, 0, 0.1],
    [-0.2, 0, 1, 0.8],
    [0, 0.1, 0.8, 1],
  ];

  test('is by names', () => {
    const { groups, score, exact } = groupTasks({ values, tasks: ['a', 'b', 'c', 'd'] }, { groups: 2 });
    expect(groups).toEqual([
      { serves: ['a', 'b'], helpers: [] },
      { serves: ['c', 'd'], helpers: [] },
    ]);
    expect(score).toBeCloseTo(0.85, 12);
    expect(exact).toBe(true);
    const distances = values.map((row) => row.map((value) => 1 - value));
    const turned = groupTasks({ values: distances, higherIsCloser: false }, { groups: 2, method: 'linkage' });
    expect(turned.groups.map(({ serves }) => serves)).toEqual([
      ['0', '1'],
      ['2', '3'],
    ]);
  });

  test.each<[string, RelatednessInput, GroupingOptions, string]>([
    ['no task', { values: [] }, { groups: 1 }, 'shape'],
    ['an uneven matrix', { values: [[1, 2], [1]] }, { groups: 1 }, 'shape'],
    ['too few names', { values, tasks: ['a'] }, { groups: 1 }, 'shape'],
    [
      'what is not finite',
      {
        values: [
          [1, NaN],
          [1, 1],
        ],
      },
      { groups: 1 },
      'not-finite',
    ],
    [
      'nothing known',
      {
        values: [
          [1, null],
          [null, 1],
        ],
      },
      { groups: 1 },
      'shape',
    ],
    ['too many groups', { values }, { groups: 5 }, 'groups'],
    ['half a group', { values }, { groups: 1.5 }, 'groups'],
    ['another method', { values }, { groups: 2, method: 'tags' as 'tag' }, 'unknown-method'],
    ['no matrix', null as never, { groups: 1 }, 'shape'],
    ['a matrix that is not named', values as never, { groups: 1 }, 'shape'],
    ['a list', { values: [1, 2] as never }, { groups: 1 }, 'shape'],
    ['no options', { values }, undefined as never, 'groups'],
    ['options without a number', { values }, {} as never, 'groups'],
  ])('%s is refused', (_, input, options, code) => {
    expect(complaint(() => groupTasks(input, options)).code).toBe(code);
  });
});
