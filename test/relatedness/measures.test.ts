import { describe, expect, test } from 'vitest';
import { measures, measureByName } from '../../src/relatedness';
import { measureCases } from './inputs';

/** The largest difference where both have a value; infinite where only one has. */
function distance(one: readonly (number | null)[], other: readonly (number | null)[]): number {
  return Math.max(
    ...one.map((value, at) => {
      const second = other[at];
      return value === null || second === null ? (value === second ? 0 : Infinity) : Math.abs(value - second);
    }),
  );
}

test('every measure is tried here', () => {
  expect(measureCases.map(({ measure }) => measure.name).sort()).toEqual(measures.map(({ name }) => name).sort());
});

test('a measure is found by its name', () => {
  for (const measure of measures) expect(measureByName(measure.name)).toBe(measure);
  expect(measureByName('closeness')).toBeUndefined();
});

describe.each(measureCases)('$measure.name', ({ measure, matrixOf }) => {
  const tasks = [1, 2, 3, 4, 5, 6];

  test('stays in its range, and has values', () => {
    const values = matrixOf(tasks)
      .flat()
      .filter((value) => value !== null);
    // The diagonal may have none, and one kind of task in three.
    expect(values.length).toBeGreaterThanOrEqual(18);
    for (const value of values) {
      expect(value).toBeGreaterThanOrEqual(measure.range[0]);
      expect(value).toBeLessThanOrEqual(measure.range[1]);
    }
  });

  test('is directed as it says', () => {
    const matrix = matrixOf(tasks);
    const transposed = tasks.map((_, row) => tasks.map((__, column) => matrix[column][row]));
    if (measure.directed) expect(distance(matrix.flat(), transposed.flat())).toBeGreaterThan(1e-6);
    else expect(matrix).toEqual(transposed);
  });

  test('does not depend on the order of the tasks', () => {
    const order = [3, 5, 0, 4, 1, 2];
    const matrix = matrixOf(tasks);
    const moved = matrixOf(order.map((place) => tasks[place]));
    const expected = order.map((row) => order.map((column) => matrix[row][column]));
    expect(distance(moved.flat(), expected.flat())).toBeLessThan(1e-9);
  });

  test('takes no task, one task and fifty', () => {
    expect(matrixOf([])).toEqual([]);
    expect(matrixOf([1])).toHaveLength(1);
    const many = matrixOf(Array.from({ length: 50 }, (_, task) => task));
    expect(many).toHaveLength(50);
    expect(many.every((row) => row.length === 50)).toBe(true);
  });

  test('costs more for more tasks', () => {
    const size = { tasks: 4, rows: 100, features: 10, parameters: 1000 };
    const cost = measure.cost.multiplications(size);
    expect(cost).toBeGreaterThan(0);
    expect(measure.cost.multiplications({ ...size, tasks: 8 })).toBeGreaterThan(cost);
    if (measure.cost.trainings) expect(measure.cost.trainings(8)).toBeGreaterThan(measure.cost.trainings(4));
  });
});

const bounded = measureCases.filter(
  ({ measure: { directed, higherIsCloser, range } }) => !directed && Number.isFinite(range[higherIsCloser ? 1 : 0]),
);

test.each(bounded)('$measure.name: nothing is closer to a task than its double', ({ measure, matrixOf }) => {
  const [[, double]] = matrixOf([2, 2, 1]);
  expect(double).toBeCloseTo(measure.range[measure.higherIsCloser ? 1 : 0], 9);
});
