import { describe, expect, test } from 'vitest';
import { toCsv } from '../../webview/shared/csv';
import { characters, fileName, oneLine, shorten, wrap } from '../../src/figures/labels';
import { cellValue, count, decimalsFor, duration, exactValue, shortValue } from '../../src/figures/numbers';
import { nastyNames } from './fixtures/journal';

describe('shorten', () => {
  test.each([
    ['short', 10, 'short'],
    ['exactly ten', 11, 'exactly ten'],
    ['mathematics final grade', 12, 'mathemat…ade'],
    ['first line\n  second', 40, 'first line second'],
    ['👩‍🔬👩‍🔬👩‍🔬👩‍🔬👩‍🔬👩‍🔬', 4, '👩‍🔬👩‍🔬…👩‍🔬'],
    ['anything', 1, 'a…'],
  ])('%j to %i characters', (text, limit, expected) => {
    expect(shorten(text, limit)).toBe(expected);
  });

  test('never gives more than was asked for, for names of any kind', () => {
    for (const name of nastyNames) {
      for (const limit of [2, 5, 20, 60]) expect(characters(shorten(name, limit)).length).toBeLessThanOrEqual(limit);
    }
  });

  test('takes away marks that would turn the writing direction of what follows', () => {
    expect(oneLine('abc\u202Edef\u0007')).toBe('abcdef');
  });
});

test.each([
  ['one two three four', 9, ['one two', 'three', 'four']],
  ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
  ['fits', 10, ['fits']],
])('wrap(%j, %i)', (text, width, expected) => {
  const lines = wrap(text, width);
  expect(lines).toEqual(expected);
  expect(lines.every((line) => line.length <= width)).toBe(true);
});

test.each([
  [['Census income · seed 1', 'loss'], 'png', 'Census-income-seed-1-loss.png'],
  [['../../etc/passwd'], 'csv', 'etc-passwd.csv'],
  [['🧪'], 'png', 'chart.png'],
  [['Élève'], 'csv', 'E-le-ve.csv'],
])('fileName(%j, %s)', (parts, extension, expected) => {
  expect(fileName(parts, extension)).toBe(expected);
});

describe('numbers', () => {
  test.each([
    [0, '0'],
    [0.123456, '0.1235'],
    [-1.5, '−1.5'],
    [1234.56, '1235'],
    [12_345_678, '1.235e7'],
    [0.0000123, '1.23e−5'],
    [NaN, 'not a number'],
    [-Infinity, '−∞'],
  ])('shortValue(%d)', (value, expected) => expect(shortValue(value)).toBe(expected));

  test.each([
    [0.12345678, '0.1234568'],
    [123456.7, '123456.7'],
    [1e-9, '1e−9'],
  ])('exactValue(%d)', (value, expected) => expect(exactValue(value)).toBe(expected));

  test.each([
    [1, '1.00'],
    [-0.126, '−0.13'],
    [-0.0049, '0.00'],
    [0, '0.00'],
    [0.0004, '0.0004'],
    [123.4, '120'],
  ])('cellValue(%d)', (value, expected) => expect(cellValue(value)).toBe(expected));

  test('small values of one matrix are all written alike', () => {
    const decimals = decimalsFor(7.57e-5);
    const texts = [0.000456, -8.7e-8, 0.000013, 0, -2e-7].map((value) => cellValue(value, decimals));
    expect(texts).toEqual(['4.6e−4', '−8.7e−8', '1.3e−5', '0', '−2.0e−7']);
    expect(cellValue(0.00123, decimalsFor(0.0012))).toBe('0.00123');
  });

  test.each([
    [4.25, '4.3 s'],
    [59.7, '1 min'],
    [75, '1 min 15 s'],
    [3600, '1 h'],
    [7_500, '2 h 5 min'],
    [90_000, '1 d 1 h'],
    [-1, ''],
  ])('duration(%d)', (seconds, expected) => expect(duration(seconds)).toBe(expected));

  test('count groups digits', () => expect(count(1_234_567)).toBe('1\u202f234\u202f567'));
});

describe('toCsv', () => {
  test('quotes what needs it and writes numbers in full', () => {
    const rows = [
      ['plain', 0.1 + 0.2, null],
      ['with, comma', NaN, 'and "quotes"'],
      ['two\nlines', 1e-12, ' spaces '],
    ] as const;
    expect(toCsv(['a', 'b', 'c'], rows)).toBe(
      'a,b,c\r\nplain,0.30000000000000004,\r\n"with, comma",,"and ""quotes"""\r\n"two\nlines",1e-12," spaces "\r\n',
    );
  });
});
