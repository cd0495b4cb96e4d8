import { describe, expect, test } from 'vitest';
import { taskMap } from '../../src/relatedness/taskMap';

const distance = (one: readonly number[], other: readonly number[]) =>
  Math.hypot(...one.map((x, axis) => x - other[axis]));
const unbounded = { higherIsCloser: false, range: [0, Infinity] } as const;

describe('the map of tasks', () => {
  test('points of a plane come back, whichever way they lie', () => {
    const places = [
      [0, 0],
      [3, 0],
      [3, 4],
      [-1, 2],
      [5, 5],
    ];
    const values = places.map((one) => places.map((other) => distance(one, other)));
    const { points, share, filled } = taskMap(values, unbounded);
    for (const [row, one] of points.entries())
      for (const [column, other] of points.entries()) expect(distance(one, other)).toBeCloseTo(values[row][column], 9);
    expect(share).toBeCloseTo(1, 9);
    expect(filled).toBe(0);
    for (const axis of [0, 1]) expect(points.reduce((sum, point) => sum + point[axis], 0)).toBeCloseTo(0, 9);
  });

  test('four tasks equally far from each other need three axes: two show two thirds', () => {
    const values = Array.from({ length: 4 }, (_, row) =>
      Array.from({ length: 4 }, (__, column) => (row === column ? 0 : 1)),
    );
    expect(taskMap(values, unbounded).share).toBeCloseTo(2 / 3, 9);
  });

  test('a cosine is as far as it is from 1, directions are averaged and the diagonal is not looked at', () => {
    const { dissimilarities } = taskMap(
      [
        [0.2, 0.5, null],
        [0.7, null, -1],
        [0, -1, 1],
      ],
      { higherIsCloser: true, range: [-1, 1] },
    );
    expect([...dissimilarities].map((value) => Number(value.toFixed(9)))).toEqual([0, 0.4, 1, 0.4, 0, 2, 1, 2, 0]);
  });

  test('without a bound the closest pair is the measure of all', () => {
    const gain = [
      [null, 0.3, 0.1],
      [0.3, null, -0.2],
      [0.1, -0.2, null],
    ];
    const { dissimilarities } = taskMap(gain, { higherIsCloser: true, range: [-Infinity, Infinity] });
    expect(dissimilarities[1]).toBe(0);
    expect(dissimilarities[5]).toBeCloseTo(0.5, 9);
  });

  test('a pair without a value lies where its tasks lie on the mean', () => {
    const values = [
      [0, 1, null],
      [1, 0, 3],
      [null, 3, 0],
    ];
    const { dissimilarities, filled } = taskMap(values, unbounded);
    expect(filled).toBe(1);
    expect(dissimilarities[2]).toBe((1 + 3) / 2);
  });

  test('two tasks lie on a line; tasks that are all alike at one place', () => {
    const two = taskMap(
      [
        [null, 4],
        [4, null],
      ],
      unbounded,
    ).points;
    expect(distance(two[0], two[1])).toBeCloseTo(4, 9);
    expect(two.every(([, y]) => Math.abs(y) < 1e-9)).toBe(true);
    const alike = taskMap(
      [
        [0, 0],
        [0, 0],
      ],
      unbounded,
    );
    expect(alike.points.flat().every((value) => value === 0)).toBe(true);
    expect(alike.share).toBe(1);
  });

  test('nothing can be mapped where no two tasks have a value', () => {
    expect(() =>
      taskMap(
        [
          [1, null],
          [null, 1],
        ],
        unbounded,
      ),
    ).toThrow('No two tasks have a value.');
  });
});
