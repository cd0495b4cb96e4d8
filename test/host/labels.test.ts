import { describe, expect, test } from 'vitest';
import { agoText, durationText } from '../../src/host/labels/duration';
import { figureText, markdownText, shortened } from '../../src/host/labels/figures';
import { sparkline } from '../../src/host/labels/sparkline';

describe('durations', () => {
  test.each([
    [-5, '0 s'],
    [0, '0 s'],
    [12_400, '12 s'],
    [59_600, '1 min'],
    [65_000, '1 min 5 s'],
    [12 * 60_000 + 4000, '12 min'],
    [3_600_000, '1 h'],
    [5_400_000, '1 h 30 min'],
    [72 * 3_600_000, '3 days'],
  ])('%d ms is %s', (milliseconds, text) => expect(durationText(milliseconds)).toBe(text));

  test.each([
    [10, 'just now'],
    [-100, 'just now'],
    [50, '1 min ago'],
    [600, '10 min ago'],
    [7200, '2 h ago'],
    [4 * 86_400, '4 days ago'],
  ])('%d s back is %s', (seconds, text) => expect(agoText(1_000_000_000 - seconds * 1000, 1_000_000_000)).toBe(text));
});

describe('figures', () => {
  test.each([
    [0, '0'],
    [1, '1'],
    [-1200, '−1200'],
    [0.00005, '5e−5'],
    [1.2e-7, '1.2e−7'],
    [0.123456, '0.1235'],
    [-0.98765, '−0.9877'],
    [0.001299, '0.0013'],
    [12.3456, '12.35'],
    [999.94, '999.9'],
    [12_345.6, '12346'],
    [0.00001234, '1.23e−5'],
    [45_678_901, '4.57e7'],
    [NaN, 'NaN'],
    [-Infinity, '−Infinity'],
  ])('%d is %s', (value, text) => expect(figureText(value)).toBe(text));

  test('long and many-lined texts become one short line, emoji whole', () => {
    expect(shortened('  two\n lines ', 20)).toBe('two lines');
    expect(shortened('🙂'.repeat(10), 4)).toBe('🙂🙂🙂…');
  });

  test.each([
    '<script>alert(1)</script>',
    '[a](command:mtl.run)',
    '$(trash)',
    '**bold** `code` | # x',
    '![i](http://x)',
  ])('markdown shows %s as it is', (text) => {
    const shown = markdownText(text);
    expect(shown).not.toMatch(/(^|[^\\])[[\]()`*#|$!]/);
    expect(shown).not.toMatch(/[<>]/);
    const back = shown.replace(/\\(.)/g, '$1').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
    expect(back).toBe(text);
  });
});

describe('sparklines', () => {
  test.each([
    [[], 8, ''],
    [[null, NaN], 8, ''],
    [[1], 8, '▁'],
    [[2, 2, 2], 8, '▁▁▁'],
    [[8, 7, 6, 5, 4, 3, 2, 1], 8, '█▇▆▅▄▃▂▁'],
    [[0, null, 7], 8, '▁█'],
    [[0, 0, 7, 7], 2, '▁█'],
  ])('%j in %d characters is %s', (values, width, line) => expect(sparkline(values, width)).toBe(line));

  test('a logarithmic scale shows a fall over magnitudes as a line', () => {
    expect(sparkline([1, 0.1, 0.01, 0.001], 8, 'logarithmic')).toBe('█▆▃▁');
    expect(sparkline([1, 0.1, 0.01, 0.001], 8)).toBe('█▂▁▁');
    expect(sparkline([7, 0], 8, 'logarithmic')).toBe('█▁');
  });

  test('never wider than asked for', () => {
    for (const count of [1, 5, 16, 17, 999]) {
      expect([
        ...sparkline(
          Array.from({ length: count }, (_, step) => step),
          16,
        ),
      ]).toHaveLength(Math.min(count, 16));
    }
  });
});
