import { describe, expect, test } from 'vitest';
import { alignedPoints, type PlanePoints } from '../../src/relatedness/procrustes';

const places: PlanePoints = [
  [0, 0],
  [3, 0],
  [3, 4],
  [-1, 2],
  [5, 5],
];

/** Turned by an angle, mirrored before that or not, and moved. */
const moved = (points: PlanePoints, angle: number, mirrored: boolean, [left, up] = [0, 0]): PlanePoints =>
  points.map(([x, y]) => {
    const height = mirrored ? -y : y;
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    return [left + cosine * x - sine * height, up + sine * x + cosine * height];
  });
const distances = (points: PlanePoints) =>
  points.flatMap(([x, y]) => points.map((other) => Math.hypot(x - other[0], y - other[1])));

function expectPoints(found: PlanePoints, wanted: PlanePoints): void {
  expect(found).toHaveLength(wanted.length);
  for (const [at, point] of found.entries())
    for (const axis of [0, 1] as const) expect(point[axis]).toBeCloseTo(wanted[at][axis], 9);
}

describe('points that are aligned with others', () => {
  test.each([
    [0, false],
    [2.1, false],
    [Math.PI, false],
    [0, true],
    [-0.7, true],
  ])('a copy turned by %d, mirrored: %s, lies where the original does', (angle, mirrored) => {
    expectPoints(alignedPoints(moved(places, angle, mirrored, [7, -2]), places), places);
  });

  test('keep their distances where they are others', () => {
    const others: PlanePoints = [
      [1, 0],
      [4, 1],
      [2, 2],
      [-3, 0.5],
      [5, 8],
    ];
    const found = alignedPoints(others, places);
    distances(found).forEach((distance, at) => expect(distance).toBeCloseTo(distances(others)[at], 9));
  });

  test('lie nearer than at any other turn, mirrored or not', () => {
    const others: PlanePoints = places.map(([x, y], at) => [x + 0.4 * Math.sin(at), y - 0.7 * Math.cos(3 * at)]);
    const apart = (points: PlanePoints) =>
      points.reduce((all, [x, y], at) => all + (x - places[at][0]) ** 2 + (y - places[at][1]) ** 2, 0);
    const found = alignedPoints(moved(others, 1.3, true), places);
    const middle = ([0, 1] as const).map((axis) => found.reduce((all, point) => all + point[axis] / found.length, 0));
    const centred: PlanePoints = found.map(([x, y]) => [x - middle[0], y - middle[1]]);
    for (const mirrored of [false, true])
      for (let angle = 0.05; angle < 6.3; angle += 0.05)
        expect(apart(moved(centred, angle, mirrored, middle as [number, number]))).toBeGreaterThan(apart(found));
  });

  test('on a line or at one place are not mirrored, nor turned where nothing says how', () => {
    const line: PlanePoints = [
      [-2, 0],
      [2, 0],
    ];
    expectPoints(alignedPoints(line, moved(line, 1, false)), moved(line, 1, false));
    expectPoints(alignedPoints(places, [...places].fill([1, 2])), moved(places, 0, false, [-1, -0.2]));
    expectPoints(alignedPoints([...places].fill([1, 2]), places), [...places].fill([2, 2.2]));
    expect(alignedPoints([], [])).toEqual([]);
  });

  test('are as many as those', () => {
    expect(() => alignedPoints(places, places.slice(1))).toThrow('5 points for a reference of 4');
  });
});
