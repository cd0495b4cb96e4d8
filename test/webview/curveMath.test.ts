import { assert, property, double, array, integer } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bandOf, valueAt } from '../../webview/curves/bands';
import { smooth } from '../../webview/shared/smoothing';
import { visible } from '../../webview/shared/thinning';
import { linearTicks, logTicks } from '../../webview/shared/ticks';

describe('smooth', () => {
  test('leaves values as they are with weight 0', () => expect(smooth([3, 1, 2], 0)).toEqual([3, 1, 2]));

  test('is the corrected exponential average', () => {
    // m_2 = (0.5 * 0.5 * 4 + 0.5 * 2) / (1 - 0.25)
    const [first, second] = smooth([4, 2], 0.5);
    expect(first).toBeCloseTo(4, 12);
    expect(second).toBeCloseTo(8 / 3, 12);
  });

  test('keeps a constant constant, from the first value on', () => {
    for (const value of smooth(
      Array.from({ length: 50 }, () => 0.7),
      0.95,
    ))
      expect(value).toBeCloseTo(0.7, 10);
  });

  test('passes over values that are not finite', () => {
    const [, gap, after] = smooth([1, NaN, 1], 0.9);
    expect(gap).toBeNaN();
    expect(after).toBeCloseTo(1, 12);
  });
});

describe('visible', () => {
  const points = {
    x: Array.from({ length: 100_000 }, (_, place) => place),
    y: Array.from({ length: 100_000 }, (_, place) => (place === 54_321 ? 99 : Math.sin(place))),
  };

  test('keeps at most four points a column, and the one spike', () => {
    const kept = visible(points, { from: 0, to: 99_999, columns: 500, log: false });
    expect(kept.length).toBeLessThanOrEqual(4 * 502);
    expect(kept).toContain(54_321);
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(99_999);
  });

  test('shows every point of a narrow window, with a neighbour on either side', () => {
    expect(visible(points, { from: 100.5, to: 103.5, columns: 500, log: false })).toEqual([100, 101, 102, 103, 104]);
  });

  test('divides a logarithmic axis by its decades', () => {
    const kept = visible(points, { from: 1, to: 99_999, columns: 100, log: true });
    const early = kept.filter((position) => position < 100).length;
    expect(early).toBeGreaterThan(60);
    expect(kept.length).toBeLessThanOrEqual(4 * 102);
  });

  test('positions rise, and the extremes of any window are kept', () => {
    const values = array(double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 400 });
    assert(
      property(values, integer({ min: 1, max: 20 }), (y, columns) => {
        const x = y.map((_, place) => place);
        const kept = visible({ x, y }, { from: 0, to: y.length - 1, columns, log: false });
        expect(kept).toEqual([...new Set(kept)].sort((one, other) => one - other));
        const drawn = kept.map((position) => y[position]);
        expect(Math.max(...drawn)).toBe(Math.max(...y));
        expect(Math.min(...drawn)).toBe(Math.min(...y));
      }),
    );
  });
});

describe('ticks', () => {
  test.each([
    [0.01, 1000, 10, [0.01, 0.1, 1, 10, 100, 1000]],
    [0.05, 2, 10, [0.05, 0.1, 0.2, 0.5, 1, 2]],
    [0.2, 0.9, 8, [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]],
    [1e-6, 1e6, 5, [1e-6, 1e-3, 1, 1e3, 1e6]],
    [0, 1, 5, []],
  ])('logTicks(%d, %d, %i)', (low, high, most, expected) => expect(logTicks(low, high, most)).toEqual(expected));

  test.each([
    [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [-0.3, 0.3, 6, [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]],
    [3, 3, 5, [3]],
    [0, 1999, 4, [0, 500, 1000, 1500]],
  ])('linearTicks(%d, %d, %i)', (low, high, most, expected) => expect(linearTicks(low, high, most)).toEqual(expected));
});

test('ticks of whole numbers have none between', () => {
  expect(linearTicks(1, 4, 6, 1)).toEqual([1, 2, 3, 4]);
  expect(linearTicks(1, 400, 6, 1)).toEqual([100, 200, 300, 400]);
});

describe('bandOf', () => {
  test('takes the common places where there are such, also when one run is longer', () => {
    const band = bandOf(
      [
        { x: [1, 2, 3], y: [3, 2, 1] },
        { x: [1, 2], y: [5, 6] },
      ],
      false,
    );
    expect(band).toEqual({ x: [1, 2, 3], mean: [4, 4, 1], low: [3, 2, 1], high: [5, 6, 1] });
  });

  test('reads between points where the places differ', () => {
    const band = bandOf(
      [
        { x: [0, 10], y: [0, 10] },
        { x: [0, 4, 10], y: [2, 6, 12] },
      ],
      false,
    );
    expect(band.x.length).toBeGreaterThan(300);
    band.x.forEach((x, place) => {
      expect(band.mean[place]).toBeCloseTo(x + 1, 9);
      expect(band.low[place]).toBeCloseTo(x, 9);
      expect(band.high[place]).toBeCloseTo(x + 2, 9);
    });
  });

  test('a curve counts only between its ends', () => {
    expect(valueAt({ x: [1, 2], y: [5, 6] }, 0.5)).toBeNaN();
    expect(valueAt({ x: [1, 2], y: [5, 6] }, 2.5)).toBeNaN();
    expect(valueAt({ x: [1, 2], y: [5, 6] }, 1.25)).toBe(5.25);
  });
});
