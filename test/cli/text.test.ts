import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { relatedness } from '../../src/api/relatedness';
import { hasPairs } from '../../src/relatedness/pairs';
import { count, formatDuration, formatNumber, formatSpread } from '../../src/cli/format';
import { nearest } from '../../src/cli/nearest';
import { renderRelatedness } from '../../src/cli/relatednessTable';
import { clean, shorten } from '../../src/cli/terminal';

describe('text for a terminal', () => {
  test.each([
    ['plain', 'plain'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['two\nlines\tand\r\nmore', 'two lines and more'],
    ['\u001b]0;title\u0007rest', 'rest'],
    ['right\u202eleft', 'right left'],
    ['<script>"😀"__proto__', '<script>"😀"__proto__'],
  ])('%j is shown as %j', (text, shown) => {
    expect(clean(text)).toBe(shown);
  });

  test('nothing that controls a terminal is left of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // eslint-disable-next-line no-control-regex -- they are what is looked for
        expect(clean(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  test.each([
    ['short', 10, 'short'],
    ['exactly ten', 11, 'exactly ten'],
    ['x'.repeat(500), 5, 'xxx…x'],
    ['one name of many', 9, 'one na…ny'],
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 2, '👨‍👩‍👧‍👦…'],
    ['', 3, ''],
  ])('%j cut to %i', (text, length, cut) => {
    expect(shorten(text, length)).toBe(cut);
  });
});

describe('figures', () => {
  test.each([
    [0.123456, '0.1235'],
    [12345.6, '12350'],
    [0, '0'],
    [-1.5, '-1.5'],
    [1.23e-9, '1.23e-9'],
  ])('%d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  test.each([
    [0, '0 s'],
    [1.26, '1.3 s'],
    [59.4, '59 s'],
    [59.6, '1:00'],
    [185, '3:05'],
    [3723, '1:02:03'],
  ])('%d seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test('spreads and counts', () => {
    expect(formatSpread({ mean: 0.91234, deviation: 0.00456 })).toBe('0.9123 ± 0.0046');
    expect([count(1, 'task'), count(2, 'task')]).toEqual(['1 task', '2 tasks']);
  });
});

describe('the nearest known word', () => {
  const known = ['run', 'validate', 'list'];
  test.each([
    ['rnu', 'run'],
    ['validat', 'validate'],
    ['lst', 'list'],
    ['something else', undefined],
  ])('of %s is %s', (word, found) => {
    expect(nearest(word, known)).toBe(found);
  });

  test('of nothing is nothing', () => {
    expect(nearest('run', [])).toBeUndefined();
  });
});

describe('relatedness in a terminal', () => {
  const names = (length: number) => Array.from({ length }, (_, task) => `task ${task}`);
  const run = (length: number, kind = 'regression', warnings: readonly string[] = []) => ({
    tasks: names(length).map((name) => ({ name, kind, metrics: [] })),
    warnings,
  });
  const matrix = (length: number, directed: boolean) => ({
    measure: 'some-measure',
    directed,
    higherIsCloser: true,
    values: names(length).map((_, from) =>
      names(length).map((__, to) => (from === 0 && to === 1 ? null : (from - to) / 100)),
    ),
  });

  test('a small matrix is shown whole; what was not observed is a dash', () => {
    expect(renderRelatedness(run(2), matrix(2, true)).split('\n')).toEqual([
      "Relatedness: some-measure, from a row's task to a column's",
      '        task 0  task 1',
      'task 0   0.000       -',
      'task 1   0.010   0.000',
    ]);
  });

  test('small values keep their digits, and a distance says which way it goes', () => {
    const small = {
      ...matrix(2, false),
      higherIsCloser: false,
      values: [
        [0, 0.00123],
        [0.00123, 0],
      ],
    };
    expect(renderRelatedness(run(2), small).split('\n')).toEqual([
      'Relatedness: some-measure, lower is closer',
      '        task 0  task 1',
      'task 0  0.0000  0.0012',
      'task 1  0.0012  0.0000',
    ]);
  });

  test('all numbers of a matrix have the same digits, and enough of them', () => {
    const shown = (far: number, near: number, half: number) => {
      const values = [
        [1, far, near],
        [far, 1, near],
        [near, near, 1],
      ];
      const moved = (by: number) => values.map((row) => row.map((value) => value + by));
      const over = { ...matrix(3, false), values, lower: moved(-half), upper: moved(half) };
      const [, line] = /^task 0(.*)$/m.exec(renderRelatedness(run(3), over, { seeds: 3 })) ?? [];
      return line.trim().split(/ {2,}/);
    };
    expect(shown(0.97, -0.001, 0.00075)).toEqual(['1.00', '0.97 ±0.00', '0.00 ±0.00']);
    expect(shown(0.002, 0.00003, 0.00001)).toEqual(['1.0e0', '2.0e-3 ±1.0e-5', '3.0e-5 ±1.0e-5']);
    expect(shown(0.002, 0.0003, 0.00001)).toEqual(['1.00000', '0.00200 ±0.00001', '0.00030 ±0.00001']);
    expect(shown(123.4, 5, 1.26)).toEqual(['1', '123 ±1', '5 ±1']);
    expect(shown(12.34, 5, 1.26)).toEqual(['1.0', '12.3 ±1.3', '5.0 ±1.3']);
  });

  test('names of columns that differ at their end are told apart', () => {
    const tasks = ['task_number_one', 'task_number_two'].map((name) => ({ name, kind: 'regression', metrics: [] }));
    const [, head] = renderRelatedness({ tasks, warnings: [] }, matrix(2, false)).split('\n');
    expect(head.trim()).toBe('task_n…one  task_n…two');
  });

  test('of a large one the closest and the least close pairs are shown, each once where it is symmetric', () => {
    const lines = renderRelatedness(run(13), matrix(13, false)).split('\n');
    expect(lines).toHaveLength(1 + 2 * (1 + 1 + 8));
    expect(lines[3]).toMatch(/^task 1 +task 2 +-0\.01$/);
    expect(lines[13]).toMatch(/^task 0 +task 12 +-0\.12$/);
    const directed = renderRelatedness(run(13), matrix(13, true)).split('\n');
    expect(directed[2]).toMatch(/^from +to +value$/);
    expect(directed[3]).toMatch(/^task 12 +task 0 +0\.12$/);
  });

  test('over seeds each mean has half of its interval, or a pair both ends', () => {
    const over = (length: number) => {
      const { values, ...rest } = matrix(length, false);
      const shifted = (by: number) => values.map((row) => row.map((value) => (value === null ? null : value + by)));
      return { ...rest, values, lower: shifted(-0.02), upper: shifted(0.04) };
    };
    expect(renderRelatedness(run(2), over(2), { seeds: 3 }).split('\n')).toEqual([
      'Relatedness: some-measure, mean over 3 seeds ± half of its 95 % interval',
      '              task 0  task 1',
      'task 0         0.000       -',
      'task 1  0.010 ±0.030   0.000',
    ]);
    const pairs = renderRelatedness(run(13), over(13), { seeds: 3 }).split('\n');
    expect(pairs[0]).toBe('Relatedness: some-measure, mean over 3 seeds');
    expect(pairs[3]).toMatch(/^task 1 +task 2 +-0\.01 +-0\.03 to 0\.03$/);
  });

  test('where a measure has found nothing it says so, and why where that is known', () => {
    const empty = (measure: string) => ({
      ...matrix(2, false),
      measure,
      values: [
        [1, null],
        [null, 1],
      ],
    });
    const said = (measure: string, of = run(2)) => renderRelatedness(of, empty(measure)).split('\n').slice(1);
    expect(said('leep')).toEqual([
      'leep has found nothing of any two tasks: it is about classes, and all tasks predict numbers.',
    ]);
    expect(said('leep', run(2, 'binary'))).toEqual(['leep has found nothing of any two tasks.']);
    expect(said('gradient-cosine')).toEqual([
      'gradient-cosine has found nothing of any two tasks: no step that was measured had rows of both.',
    ]);
    const told = 'The networks of `pair-gain` failed.';
    expect(said('pair-gain', run(2, 'regression', ['Another thing.', told]))).toEqual([
      `pair-gain has found nothing of any two tasks: ${told}`,
    ]);
  });

  test('measures that are said to be about classes have no value for numbers', () => {
    const labels = [0, 1].map(() => ({ kind: 'regression' as const, values: [1, 2, 3, 5] }));
    const values = [0.1, 0.4, 0.3, 0.9, 0.2, 0.2, 0.5, 0.1];
    const representations = labels.map(() => ({ values, rows: 4, columns: 2 }));
    for (const measured of [
      relatedness('leep', { probabilities: [null, null], labels }),
      relatedness('nce', { labels }),
      relatedness('h-score', { representations, labels }),
    ]) {
      expect(hasPairs(measured.values)).toBe(false);
    }
    expect(hasPairs(relatedness('logme', { representations, labels }).values)).toBe(true);
  });

  test('of one task there is nothing to show', () => {
    expect(renderRelatedness(run(1), matrix(1, false))).toBe('');
  });
});
