import { describe, expect, test } from 'vitest';
import { measures } from '../../src/relatedness';
import { initialRunState, reduceRuns } from '../../src/runs/state';
import { agreementText, matrixAgreement } from '../../webview/relatedness/agreementWords';
import { cellLines, cellText } from '../../webview/relatedness/cellWords';
import { drawingOf } from '../../webview/relatedness/drawing';
import { drawingOnScreen, subtitleOf } from '../../webview/relatedness/exports';
import type { Moment } from '../../webview/relatedness/matrixModel';
import { momentsOf } from '../../webview/relatedness/matrixModel';
import { tableCaption } from '../../webview/relatedness/matrixTable';
import { measureWords, readingOf } from '../../src/figures/measureWords';
import { clusteringOf } from '../../webview/relatedness/ordering';
import { nextPosition, paceOf } from '../../webview/relatedness/playback';
import { extentOf, measureScale } from '../../webview/relatedness/scale';
import { filteredTasks, passesFilter, pickCells } from '../../webview/relatedness/selection';
import { defaultSettings } from '../../webview/relatedness/settings';
import { colourScale } from '../../src/figures/palette';
import { scaleLimits, scaleMarks } from '../../src/figures/scale';
import type { Run } from '../../webview/shared/runStore';
import { createJournal, measureNames, nastyNames } from './fixtures/journal';
import { darkTheme } from './fixtures/theme';

const compass = ['north', 'east', 'south', 'west'];
const run: Run = {
  id: 'a',
  state: reduceRuns(initialRunState, createJournal({ tasks: compass, epochs: 6, measures: measureNames })),
};
const scaleOf = (name: string, values: readonly (readonly number[])[]) => {
  const matrix = { measure: name, values, directed: false, higherIsCloser: true };
  const moment: Moment = { step: 1, at: { of: 'epoch', epoch: 1 }, matrix };
  return measureScale(measureWords(name, undefined), [moment], moment, { reach: 'range', kind: 'dark' });
};

describe('what colours mean', () => {
  const isBlue = ([red, , blue]: readonly number[]) => blue > red + 60;
  const isOrange = ([red, , blue]: readonly number[]) => red > blue + 60;

  test.each(measures.map((measure) => [measure.name, measure] as const))(
    '%s: blue is closer, the neutral value plain, and orange further',
    (name, { range, neutral, higherIsCloser }) => {
      const scale = scaleOf(name, [
        [0, -0.4],
        [0.3, 0],
      ]);
      const [further, , closer] = scaleMarks(measureWords(name, undefined), scale);
      expect(isBlue(scale.at(closer.value))).toBe(true);
      expect(higherIsCloser ? closer.value > further.value : closer.value < further.value).toBe(true);
      const plain = neutral ?? further.value;
      expect(isBlue(scale.at(plain)) || isOrange(scale.at(plain))).toBe(false);
      const hasBothSides = neutral !== undefined && range[0] < neutral && neutral < range[1];
      expect(isOrange(scale.at(further.value))).toBe(hasBothSides);
    },
  );

  test('the rate of conflicts has its neutral half in the middle, and never a conflict is the closer end', () => {
    const marks = scaleMarks(measureWords('conflict-rate', undefined), scaleOf('conflict-rate', [[0]]));
    expect(marks).toEqual([
      { value: 1, word: 'always in conflict' },
      { value: 0.5, word: 'as by chance' },
      { value: 0, word: 'never in conflict' },
    ]);
  });

  test('without bounds the scale reaches as far as the values, to the same length on both sides of no effect', () => {
    const scale = scaleOf('tag-affinity', [
      [0.9, -0.02],
      [0.05, 0.8],
    ]);
    expect([scale.low, scale.high, scale.middle]).toEqual([-0.05, 0.05, 0]);
  });

  test('an earlier epoch does not change what a colour means, unless that is asked for', () => {
    const moments = momentsOf(run.state, 'tag-affinity');
    const words = measureWords('tag-affinity', moments[0].matrix);
    const at = (position: number, reach: 'range' | 'epoch') =>
      measureScale(words, moments, moments[position], { reach, kind: 'dark' }).high;
    expect(at(0, 'range')).toBe(at(5, 'range'));
    expect(at(0, 'epoch')).toBeLessThan(at(5, 'epoch'));
  });

  test.each([
    ['nothing known, bounds', { range: [-1, 1] as const, higherIsCloser: true }, undefined, [-1, 1]],
    [
      'nothing known, no bounds',
      { range: [-Infinity, 1] as const, neutral: 0, higherIsCloser: true },
      undefined,
      [-1, 1],
    ],
    [
      'fitted about the neutral value',
      { range: [0, 1] as const, neutral: 0.5, higherIsCloser: false },
      [0.4, 0.7],
      [0.3, 0.7],
    ],
    ['fitted from a neutral end', { range: [0, 1] as const, neutral: 1, higherIsCloser: false }, [0.4, 0.9], [0.4, 1]],
    ['fitted without a neutral value', { range: [0, 1] as const, higherIsCloser: true }, [0.4, 0.9], [0.4, 0.9]],
    ['all the same', { range: [0, 1] as const, higherIsCloser: true }, [0.4, 0.4], [0, 0.4]],
  ] as const)('limits: %s', (_, scaled, extent, expected) => {
    const [low, high] = scaleLimits(scaled, extent);
    expect(low).toBeCloseTo(expected[0], 12);
    expect(high).toBeCloseTo(expected[1], 12);
  });

  test('the extent leaves the diagonal and what is unknown out', () => {
    const matrix = {
      measure: 'a',
      values: [
        [9, null],
        [0.2, 9],
      ],
      directed: true,
      higherIsCloser: true,
    };
    expect(extentOf([{ step: 1, at: { of: 'epoch', epoch: 1 }, matrix }])).toEqual([0.2, 0.2]);
    expect(extentOf([])).toBeUndefined();
  });

  test('a scale of which nothing is said has zero in its middle where zero lies between', () => {
    expect(colourScale(-2, 1, 'light').middle).toBe(0);
    expect(colourScale(2, 3, 'light').middle).toBe(2);
  });
});

describe('words', () => {
  test('the direction of every measure is said', () => {
    const reading = (name: string) => readingOf(measureWords(name, undefined));
    expect(reading('gradient-cosine')).toBe('');
    expect(reading('conflict-rate')).toContain('Lower is closer');
    expect(reading('tag-affinity')).toContain('Rows give, columns take');
    for (const { name, neutral } of measures) {
      const { low, middle, high } = measureWords(name, undefined);
      expect([low, high].every((word) => word !== '')).toBe(true);
      expect(middle !== '', name).toBe(neutral !== undefined);
    }
  });

  test('a pair without a value was never in a batch together, where steps are measured', () => {
    const absent = (name: string) => measureWords(name, undefined).absent;
    for (const name of ['gradient-cosine', 'sign-purity', 'tag-affinity'])
      expect(absent(name)).toBe('never seen together');
    for (const name of ['usage-similarity', 'label-correlation', 'pair-gain']) expect(absent(name)).toBe('no value');
  });

  const names = ['a <b>', '__proto__'];
  const matrix = {
    rows: names,
    columns: names,
    values: [
      [1, 0.5],
      [null, 1],
    ],
    directed: true,
    absent: 'no value',
  };

  test('a cell of a directed measure has both ways', () => {
    expect(cellText(matrix, { row: 0, column: 1 })).toBe('from a <b> to __proto__: 0.5, and back: no value');
    expect(cellText(matrix, { row: 0, column: 0 })).toBe('a <b> to itself: 1');
    expect(cellLines(matrix, { row: 1, column: 0 })).toEqual({
      title: ['from __proto__', 'to a <b>'],
      body: ['no value', 'and back: 0.5'],
    });
    expect(cellLines(matrix, { row: 1, column: 1 }).body).toEqual(['to itself: 1']);
  });

  test('a cell without a direction has one', () => {
    const plain = { ...matrix, directed: false };
    expect(cellText(plain, { row: 0, column: 1 })).toBe('a <b> and __proto__: 0.5');
    expect(cellLines(plain, { row: 0, column: 1 })).toEqual({ title: ['a <b>', '× __proto__'], body: ['0.5'] });
    expect(cellLines(plain, { row: 0, column: 0 })).toEqual({ title: ['a <b>'], body: ['1'] });
  });

  test('the table and the picture say which way the numbers go', () => {
    expect(tableCaption({ title: 'TAG', moment: 'epoch 3', directed: true })).toBe(
      'TAG, epoch 3, from the task of the row to that of the column',
    );
    const settings = { ...defaultSettings, measure: 'gradient-cosine', second: 'conflict-rate' };
    const [cosine, rate] = drawingOnScreen(drawingOf(run, settings, darkTheme)!, [])!.figures;
    expect(subtitleOf(cosine)).toBe('Gradient cosine, epoch 6. Orange: in conflict (-1), blue: pull together (1).');
    expect(subtitleOf(rate)).toBe(
      'Conflict rate, epoch 6. Orange: always in conflict (1), blue: never in conflict (0).',
    );
  });
});

describe('two measures', () => {
  const values = [
    [1, 0.9, 0.1],
    [0.9, 1, 0.4],
    [0.1, 0.4, 1],
  ];
  const one = { values, directed: false, higherIsCloser: true };

  test('agree by ranks, whichever way they count', () => {
    const turned = {
      values: values.map((row) => row.map((value) => 1 - value)),
      directed: false,
      higherIsCloser: false,
    };
    const agreement = matrixAgreement(one, turned);
    expect(agreement.pairs).toBe(3);
    expect(agreement.spearman).toBeCloseTo(1, 12);
    expect(agreement.kendall).toBeCloseTo(1, 12);
    expect(matrixAgreement(one, turned)).toBe(agreement);
    expect(agreementText(agreement)).toEqual({
      value: '1.00',
      text: 'Both say much the same of which tasks are close (Spearman over 3 pairs, Kendall 1.00; 1 the same order, 0 none, −1 the reverse).',
    });
  });

  test('of two tasks nothing can be said, and why', () => {
    const small = {
      ...one,
      values: [
        [1, 0.5],
        [0.5, 1],
      ],
    };
    expect(
      agreementText(
        matrixAgreement(small, {
          ...small,
          values: [
            [1, 0],
            [0, 1],
          ],
        }),
      ),
    ).toEqual({
      value: '',
      text: 'The measures cannot be compared: it takes three pairs with both values, here are 1.',
    });
  });

  test('are drawn in the same order of tasks; one that is not there is left out', () => {
    const both = drawingOf(run, { ...defaultSettings, second: 'tag-affinity', filter: 'th' }, darkTheme);
    expect(both?.rows).toEqual(['north', 'south']);
    expect(both?.matrices.map(({ words, values: shown }) => [words.name, shown.length])).toEqual([
      ['gradient-cosine', 2],
      ['tag-affinity', 2],
    ]);
    expect(both?.agreement?.value).toBe('');
    const alone = drawingOf(run, { ...defaultSettings, second: 'gone' }, darkTheme);
    expect(alone?.matrices).toHaveLength(1);
    expect(alone?.agreement).toBeUndefined();
  });
});

describe('the filter', () => {
  test.each([
    ['', true],
    [' , ', true],
    ['ORT', true],
    ['x, north', true],
    ['x', false],
  ])('"%s" lets north pass: %s', (filter, passes) => expect(passesFilter('north', filter)).toBe(passes));

  test('takes names as they are', () => {
    expect(filteredTasks(nastyNames, '__PROTO__')).toEqual([4]);
    expect(filteredTasks(nastyNames, '(script|.*')).toEqual([]);
    expect(filteredTasks(nastyNames, 'first line second')).toEqual([7]);
  });

  test('picks rows and columns, and keeps what it picked', () => {
    const values = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ];
    const picked = pickCells(values, [2, 0]);
    expect(picked).toEqual([
      [9, 7],
      [3, 1],
    ]);
    expect(pickCells(values, [2, 0])).toBe(picked);
    expect(pickCells(values, [0])).toEqual([[1]]);
  });

  test('a pair that is filtered out has no history open', () => {
    const settings = { ...defaultSettings, pair: ['north', 'west'] as const };
    expect(drawingOf(run, settings, darkTheme)?.pairState).toMatchObject({ row: 0, column: 3 });
    expect(drawingOf(run, { ...settings, filter: 'west' }, darkTheme)?.pairState).toBeUndefined();
    const shown = drawingOf(run, { ...settings, pair: ['south', 'west'], filter: 's' }, darkTheme);
    expect(shown?.pair).toEqual({ row: 1, column: 2 });
    expect(shown?.pairState).toMatchObject({ row: 2, column: 3 });
  });
});

describe('the order by clusters', () => {
  test('puts the two camps of the tasks side by side, in both measures and at every epoch', () => {
    const settings = { ...defaultSettings, order: 'clusters', second: 'tag-affinity' } as const;
    const drawing = drawingOf(run, settings, darkTheme);
    const camps = drawing?.rows.map((name) => ['north', 'south'].includes(name));
    expect(camps?.[0]).toBe(camps?.[1]);
    expect(camps?.[2]).toBe(camps?.[3]);
    expect(drawing?.matrices[1].rows).toEqual(drawing?.rows);
    expect(drawingOf(run, { ...settings, epoch: 1 }, darkTheme)?.rows).toEqual(drawing?.rows);
    const values = drawing?.matrices[0].moment.matrix.values ?? [];
    const [first, second] = drawing?.rows.map((name) => compass.indexOf(name)) ?? [];
    expect(drawing?.matrices[0].values[0][1]).toBe(values[first][second]);
    const byRate = drawingOf(run, { ...settings, measure: 'conflict-rate' }, darkTheme)?.rows;
    expect(byRate?.map((name) => ['north', 'south'].includes(name))).toEqual(camps);
  });

  test('leaves tasks of which nothing is known as they are', () => {
    const unknown = [0, 1, 2].map(() => [null, null, null]);
    expect(clusteringOf(unknown, true, [2, 0, 1])).toEqual({ order: [2, 0, 1] });
  });
});

describe('playing', () => {
  test.each([
    [2, 1, 600],
    [50, 1, 240],
    [100, 1, 120],
    [1000, 10, 120],
  ])('%i epochs: every %i, %i ms each', (moments, stride, interval) =>
    expect(paceOf(moments)).toEqual({ stride, interval }),
  );

  test('reaches the latest and ends there', () => {
    expect(nextPosition(0, 3)).toBe(1);
    expect(nextPosition(995, 1000)).toBe(999);
    expect(nextPosition(2, 3)).toBeUndefined();
    expect(nextPosition(-1, 0)).toBeUndefined();
  });
});
