import { describe, expect, test } from 'vitest';
import type { TaskInfo } from '../../src/data/taskSet';
import { metricsOf } from '../../src/experiment/metric';
import { areaUnderCurve, binaryMetrics, multiclassMetrics } from '../../src/model/metrics/classification';
import { pooledMetrics, taskMetrics } from '../../src/model/metrics';
import { regressionMetrics } from '../../src/model/metrics/regression';

const regression: TaskInfo = {
  name: 'task',
  kind: 'regression',
  stream: 0,
  column: 0,
  outputs: 1,
  classes: [],
  mean: 0,
  deviation: 1,
  loss: 'squared-error',
};

describe('metrics of regressions', () => {
  test('by hand: errors 1, 0, -1, 2 on targets 3, -0.5, 2, 7', () => {
    const metrics = regressionMetrics({ actual: [3, -0.5, 2, 7], predicted: [2, -0.5, 3, 5] })!;
    // Targets have mean 2.875 and squared deviation 29.1875; errors have mean 0.5 and squared deviation 5.
    expect(metrics.mse).toBeCloseTo(6 / 4, 12);
    expect(metrics.mae).toBeCloseTo(1, 12);
    expect(metrics.rmse).toBeCloseTo(Math.sqrt(1.5), 12);
    expect(metrics.r2).toBeCloseTo(1 - 6 / 29.1875, 12);
    expect(metrics.explainedVariance).toBeCloseTo(1 - 5 / 29.1875, 12);
  });

  test('a constant shift costs R² but no explained variance', () => {
    const metrics = regressionMetrics({ actual: [1, 2, 3], predicted: [2, 3, 4] })!;
    expect(metrics.explainedVariance).toBe(1);
    expect(metrics.r2).toBeCloseTo(1 - 3 / 2, 12);
  });

  test('a constant target has neither, no row has nothing', () => {
    const constant = regressionMetrics({ actual: [0.1, 0.1, 0.1], predicted: [0, 1, 2] });
    expect(Object.keys(constant!)).toEqual(['mse', 'mae', 'rmse']);
    expect(regressionMetrics({ actual: [], predicted: [] })).toBeUndefined();
  });
});

describe('the area under the curve', () => {
  test.each([
    { name: 'perfect order', scores: [0.1, 0.2, 0.8, 0.9], actual: [0, 0, 1, 1], area: 1 },
    { name: 'reverse order', scores: [0.9, 0.8, 0.2, 0.1], actual: [0, 0, 1, 1], area: 0 },
    { name: 'all tied', scores: [5, 5, 5, 5], actual: [0, 1, 0, 1], area: 0.5 },
    // Pairs (positive, negative): .35>.1, .35<.4, .8>.1, .8>.4.
    { name: 'one inversion', scores: [0.1, 0.4, 0.35, 0.8], actual: [0, 0, 1, 1], area: 0.75 },
    // Pairs: 2=2 counts half, 2>1, 3>2, 3>1.
    { name: 'one tie', scores: [2, 1, 2, 3], actual: [0, 0, 1, 1], area: 3.5 / 4 },
  ])('$name', ({ scores, actual, area }) => {
    expect(areaUnderCurve(scores, actual)).toBeCloseTo(area, 12);
  });

  test('equals the share of pairs in the right order, ties counted half, on 300 rounded scores', () => {
    const scores = Array.from({ length: 300 }, (_, row) => Math.round(10 * Math.sin(row * row)));
    const actual = scores.map((score, row) => (score + 8 * Math.cos(3 * row) > 0 ? 1 : 0));
    let won = 0;
    let pairs = 0;
    scores.forEach((high, i) =>
      scores.forEach((low, j) => {
        if (actual[i] !== 1 || actual[j] !== 0) return;
        pairs++;
        won += high > low ? 1 : high === low ? 0.5 : 0;
      }),
    );
    expect(pairs).toBeGreaterThan(1000);
    expect(areaUnderCurve(scores, actual)).toBeCloseTo(won / pairs, 12);
  });

  test('is not defined for one class', () => {
    expect(areaUnderCurve([1, 2], [1, 1])).toBeNaN();
    expect(binaryMetrics({ logits: [1, 2], actual: [1, 1] })).not.toHaveProperty('auc');
  });
});

describe('metrics of classes', () => {
  test('binary by hand', () => {
    const metrics = binaryMetrics({ logits: [2, -1, 0.5, -3], actual: [1, 1, 0, 0] })!;
    const losses = [
      Math.log(1 + Math.exp(-2)),
      Math.log(1 + Math.exp(1)),
      Math.log(1 + Math.exp(0.5)),
      Math.log(1 + Math.exp(-3)),
    ];
    expect(metrics.crossEntropy).toBeCloseTo(losses.reduce((a, b) => a + b) / 4, 12);
    expect(metrics.accuracy).toBe(0.5);
    // Each class: one hit, one miss, one false alarm.
    expect(metrics.macroF1).toBeCloseTo(0.5, 12);
    expect(metrics.auc).toBeCloseTo(3 / 4, 12);
  });

  test('cross-entropy stays finite for extreme logits', () => {
    expect(binaryMetrics({ logits: [1000, -1000], actual: [0, 1] })!.crossEntropy).toBe(1000);
    expect(multiclassMetrics({ logits: [1000, 0, 0, 1000], actual: [1, 1] }, 2)!.crossEntropy).toBe(500);
  });

  test('macro-F1 leaves out a class that neither occurs nor is predicted', () => {
    // Of three classes, class 2 is absent. Predictions 0, 1, 1; truths 0, 1, 0: F1 is 2/3 for both.
    const logits = [5, 1, 0, 1, 5, 0, 1, 5, 0];
    const metrics = multiclassMetrics({ logits, actual: [0, 1, 0] }, 3)!;
    expect(metrics.accuracy).toBeCloseTo(2 / 3, 12);
    expect(metrics.macroF1).toBeCloseTo(2 / 3, 12);
  });

  test('macro-F1 counts a class that is predicted but never true as 0', () => {
    const metrics = multiclassMetrics({ logits: [5, 1, 0, 1, 0, 5], actual: [0, 1] }, 3)!;
    expect(metrics.macroF1).toBeCloseTo(1 / 3, 12);
  });

  test('the AUC of several classes is the mean of each against the rest, by probability', () => {
    const logits = [3, 0, 0, 0, 3, 0, 0.5, 0, 3, 1, 2, 0];
    const metrics = multiclassMetrics({ logits, actual: [0, 1, 2, 0] }, 3)!;
    // Class 0 ranks its rows above the rest; class 1 ranks its one row above all; class 2 as well.
    expect(metrics.auc).toBe(1);
    const worse = multiclassMetrics({ logits, actual: [0, 0, 2, 1] }, 3)!;
    // Class 0: rows 0, 1 against 2, 3: row 0 beats both, row 1 neither.
    // Class 1: row 3 loses to row 1 alone. Class 2: row 2 beats all.
    expect(worse.auc).toBeCloseTo((2 / 4 + 2 / 3 + 1) / 3, 12);
  });

  test('binary and two-class metrics agree', () => {
    const logits = [2, -1, 0.5, -3, 1];
    const actual = [1, 1, 0, 0, 1];
    const two = multiclassMetrics({ logits: logits.flatMap((logit) => [0, logit]), actual }, 2)!;
    const one = binaryMetrics({ logits, actual })!;
    for (const name of ['crossEntropy', 'accuracy', 'macroF1', 'auc'] as const) {
      expect(two[name]).toBeCloseTo(one[name]!, 12);
    }
  });
});

describe('metrics of tasks', () => {
  test('are in the units of the data', () => {
    const task = { ...regression, mean: 10, deviation: 4 };
    const metrics = taskMetrics(task, { outputs: Float32Array.of(0, 1), targets: Float32Array.of(0.5, 1) });
    expect(metrics.mae).toBe(1);
    expect(metrics.mse).toBe(2);
  });

  test('pooled: each task by its own scale, over all rows together', () => {
    const tasks = [regression, { ...regression, mean: 100, deviation: 10 }];
    const pooled = pooledMetrics(tasks, [
      { outputs: Float32Array.of(1, 2), targets: Float32Array.of(1, 4) },
      { outputs: Float32Array.of(0), targets: Float32Array.of(0.5) },
    ]);
    expect(pooled).toEqual(regressionMetrics({ predicted: [1, 2, 100], actual: [1, 4, 105] }));
  });

  test('every kind gives the metrics that are announced for it, and none without rows', () => {
    const outputs = { regression: 1, binary: 1, multiclass: 2 };
    for (const kind of ['regression', 'binary', 'multiclass'] as const) {
      const task = { ...regression, kind, outputs: outputs[kind] };
      const predictions = { outputs: new Float32Array(2 * outputs[kind]), targets: Float32Array.of(0, 1) };
      expect(['loss', ...Object.keys(taskMetrics(task, predictions))]).toEqual(metricsOf([kind]));
      expect(taskMetrics(task, { outputs: new Float32Array(), targets: new Float32Array() })).toEqual({});
    }
  });
});
