import { describe, expect, test } from 'vitest';
import { fitStep, lossAfter, taskObjective, type LinearisedTask } from '../../src/relatedness/linearised';
import { gradTae } from '../../src/relatedness/measures/gradTae';
import { normals } from './inputs';

function regressionTask(features: readonly number[], labels: readonly number[]): LinearisedTask {
  const rows = { features, outputs: labels.map(() => 0), labels };
  return { kind: 'regression', train: rows, validation: rows };
}

describe('a fitted step', () => {
  test('of one number is the ridge solution', () => {
    const [step] = fitStep([taskObjective(regressionTask([1, 2, 3], [2, 4, 7]), 1)], 1, 0.5);
    // mean x² w + ridge w = mean x y
    expect(step).toBeCloseTo(31 / 3 / (14 / 3 + 0.5), 9);
  });

  test('of several tasks weighs each by its mean, however many rows it has', () => {
    const many = regressionTask([1, 1, 1, 1], [0, 0, 0, 0]);
    const [step] = fitStep([taskObjective(many, 1), taskObjective(regressionTask([1], [1]), 1)], 1, 0);
    expect(step).toBeCloseTo(0.5, 9);
  });

  test('of a binary task leaves no slope', () => {
    const features = normals('features', 1, 60);
    const labels = Float64Array.from({ length: 20 }, (_, row) =>
      features[3 * row] + 0.5 * features[3 * row + 1] > 0 ? 1 : 0,
    );
    const rows = { features, outputs: normals('outputs', 1, 20), labels };
    const task: LinearisedTask = { kind: 'binary', train: rows, validation: rows };
    const ridge = 0.01;
    const step = fitStep([taskObjective(task, 3)], 3, ridge);
    const value = (moved: Float64Array) =>
      lossAfter(task, rows, moved) + ridge * moved.reduce((sum, entry) => sum + entry * entry, 0);
    for (let k = 0; k < 3; k++) {
      const aside = (by: number) => value(step.map((entry, at) => (at === k ? entry + by : entry)));
      expect((aside(1e-4) - aside(-1e-4)) / 2e-4).toBeCloseTo(0, 6);
    }
  });

  test('without anything to learn is zero', () => {
    expect([...fitStep([taskObjective(regressionTask([0, 0], [1, 2]), 1)], 1, 1e-3)]).toEqual([0]);
  });
});

describe('Grad-TAE', () => {
  /** Rows of a linear task with weights `w`, split in two. */
  function task(weights: readonly number[], seed: number, rows: number, noise: number): LinearisedTask {
    const part = (stream: string, count: number) => {
      const features = normals(`${stream} x`, seed, 2 * count);
      const errors = normals(`${stream} e`, seed, count);
      const labels = errors.map(
        (error, row) => weights[0] * features[2 * row] + weights[1] * features[2 * row + 1] + noise * error,
      );
      return { features, outputs: new Float64Array(count), labels };
    };
    return { kind: 'regression', train: part('train', rows), validation: part('validation', 500) };
  }

  test('a task with few rows gains from one that wants the same, and loses from one that wants the opposite', () => {
    const tasks = [task([1, 2], 1, 6, 2), task([1, 2], 2, 200, 0.1), task([-1, -2], 3, 200, 0.1), null];
    const matrix = gradTae.measure({ tasks, width: 2, ridge: 5e-4 });
    expect(matrix[1][0]).toBeGreaterThan(0.05);
    expect(matrix[2][0]).toBeLessThan(0);
    expect(matrix.map((row) => row[3])).toEqual([null, null, null, null]);
    expect(matrix[0][0]).toBeNull();
  });

  test('averages over the sets that it is given', () => {
    const tasks = [task([1, 2], 1, 6, 2), task([1, 2], 2, 50, 0.1), task([-1, -2], 3, 50, 0.1)];
    const pair = gradTae.measure({ tasks, width: 2, subsets: [[0, 1]] });
    const all = gradTae.measure({ tasks, width: 2, subsets: [[0, 1, 2]] });
    const both = gradTae.measure({
      tasks,
      width: 2,
      subsets: [
        [0, 1],
        [0, 1, 2],
      ],
    });
    expect(both[1][0]).toBeCloseTo((pair[1][0]! + all[1][0]!) / 2, 12);
    expect(pair[2][0]).toBeNull();
  });
});
