import { describe, expect, test } from 'vitest';
import { meanOfKnown, rangeOf } from '../../src/common/numbers';

describe('lists of numbers', () => {
  test('have a range, however long they are', () => {
    const cells = Float64Array.from({ length: 400 * 400 }, (_, cell) => (cell === 7 ? -2 : cell % 5));
    expect(rangeOf(cells)).toEqual([-2, 4]);
    expect(rangeOf([])).toEqual([Infinity, -Infinity]);
  });

  test('have the mean of what is known', () => {
    expect([meanOfKnown([1, null, undefined, 4]), meanOfKnown([null]), meanOfKnown([])]).toEqual([2.5, null, null]);
  });
});
