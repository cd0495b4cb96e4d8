import { describe, expect, test } from 'vitest';
import type { SplitRows, TaskSet } from '../../src/data/taskSet';
import { trivialPredictors } from '../../src/training/trivialPredictors';
import { draftTaskSet, type TaskDraft } from '../model/taskSets';

type Labels = readonly (number | null)[];

/** A task set of one stream: per task the labels of each split, null where a row has none. */
function labelled(
  tasks: readonly (TaskDraft & { readonly labels: Readonly<Record<'train' | 'validation' | 'test', Labels>> })[],
  pooled = false,
): TaskSet {
  const drafted = draftTaskSet([{ tasks, inputs: 1 }], pooled);
  const split = (name: 'train' | 'validation' | 'test'): SplitRows => {
    const rows = tasks[0].labels[name].length;
    const cells = Array.from({ length: rows }, (_, row) => tasks.map(({ labels }) => labels[name][row])).flat();
    return {
      rows,
      numeric: new Float32Array(rows),
      codes: new Uint16Array(),
      targets: Float32Array.from(cells, (value) => value ?? 0),
      mask: Float32Array.from(cells, (value) => (value === null ? 0 : 1)),
    };
  };
  const splits = { train: split('train'), validation: split('validation'), test: split('test') };
  return { ...drafted, streams: [{ ...drafted.streams[0], splits }] };
}

describe('predictors that do not look at the inputs', () => {
  test('a binary task: shares with half a row more, and guessing', () => {
    const taskSet = labelled([
      { kind: 'binary', labels: { train: [1, 1, 1, 0, null], validation: [1, 1, 0, 0], test: [1, 1, 1, null] } },
    ]);
    const [majority, uniform] = trivialPredictors(taskSet);
    const positive = 3.5 / 5;
    const entropy = -(2 * Math.log(positive) + 2 * Math.log(1 - positive)) / 4;
    expect(majority.name).toBe('majority');
    expect(majority.metrics[0].validation).toEqual({
      loss: expect.closeTo(entropy, 6) as number,
      crossEntropy: expect.closeTo(entropy, 6) as number,
      accuracy: 0.5,
      macroF1: expect.closeTo((2 / 3 + 0) / 2, 12) as number,
      auc: 0.5,
    });
    // One class alone has no AUC.
    expect(majority.metrics[0].test).toMatchObject({
      accuracy: 1,
      crossEntropy: expect.closeTo(-Math.log(positive), 6) as number,
    });
    expect(majority.metrics[0].test).not.toHaveProperty('auc');
    expect(uniform.name).toBe('uniform');
    expect(uniform.metrics[0].validation).toEqual({
      loss: Math.LN2,
      crossEntropy: Math.LN2,
      accuracy: 0.5,
      macroF1: 0.5,
      auc: 0.5,
    });
    expect(uniform.metrics[0].test).not.toHaveProperty('auc');
  });

  test('several classes, one of them never trained', () => {
    const labels = { train: [0, 0, 2, 0], validation: [0, 1, 2], test: [] };
    const [majority, uniform] = trivialPredictors(labelled([{ kind: 'multiclass', classes: ['a', 'b', 'c'], labels }]));
    const shares = [3.5, 0.5, 1.5].map((count) => count / 5.5);
    const entropy = -shares.reduce((sum, share) => sum + Math.log(share), 0) / 3;
    expect(majority.metrics[0].validation).toMatchObject({
      accuracy: 1 / 3,
      auc: 0.5,
      crossEntropy: expect.closeTo(entropy, 6) as number,
    });
    expect(uniform.metrics[0].validation).toMatchObject({ accuracy: 1 / 3, auc: 0.5, crossEntropy: Math.log(3) });
    expect(majority.metrics[0]).not.toHaveProperty('test');
  });

  test('guessing has the F1 that many random guesses have', () => {
    const test = Array.from({ length: 60_000 }, (_, row) => (row % 10 < 7 ? 0 : row % 10 < 9 ? 1 : 2));
    const labels = { train: [0, 1, 2], validation: [0, 1, 2], test };
    const taskSet = labelled([
      { kind: 'multiclass', classes: ['a', 'b', 'c'], labels: { ...labels, train: test, validation: test } },
    ]);
    let state = 7;
    const guesses = test.map(() => (state = (state * 48271) % 2147483647) % 3);
    const scores = [0, 1, 2].map((label) => {
      const hits = guesses.filter((guess, row) => guess === label && test[row] === label).length;
      return (
        (2 * hits) / (guesses.filter((guess) => guess === label).length + test.filter((one) => one === label).length)
      );
    });
    const expected = scores.reduce((sum, score) => sum + score, 0) / 3;
    expect(trivialPredictors(taskSet)[1].metrics[0].test?.macroF1).toBeCloseTo(expected, 2);
  });

  test.each([
    ['squared-error', (4 + 0 + 16) / 3],
    ['absolute-error', (2 + 0 + 4) / 3],
    ['huber', (1.5 + 0 + 3.5) / 3],
  ] as const)('a regression predicts the training mean, in units of the data; its loss is the %s', (loss, expected) => {
    const labels = { train: [0, 2, null], validation: [3, 1, 5], test: [null, null, null] };
    const predictors = trivialPredictors(labelled([{ kind: 'regression', loss, mean: 10, deviation: 2, labels }]));
    expect(predictors).toHaveLength(1);
    const { validation, test: none } = predictors[0].metrics[0];
    expect(validation?.loss).toBeCloseTo(expected, 6);
    expect(validation?.mae).toBeCloseTo((2 * (2 + 0 + 4)) / 3, 6);
    expect(validation?.mse).toBeCloseTo((4 * (4 + 0 + 16)) / 3, 6);
    expect(none).toBeUndefined();
  });

  test('mixed kinds keep their places; regressions have no uniform guess', () => {
    const numbers = { train: [1, 2], validation: [1, 2], test: [1, 2] };
    const [majority, uniform] = trivialPredictors(
      labelled([
        { kind: 'regression', labels: numbers },
        { kind: 'binary', labels: { train: [0, 1], validation: [0, 1], test: [0, 1] } },
      ]),
    );
    expect(majority.metrics.map((splits) => Object.keys(splits))).toEqual([
      ['validation', 'test'],
      ['validation', 'test'],
    ]);
    expect(uniform.metrics.map((splits) => Object.keys(splits))).toEqual([[], ['validation', 'test']]);
  });

  test('tasks that are values of one column are measured together, too, each by its own mean', () => {
    const taskSet = labelled(
      [
        { kind: 'regression', labels: { train: [1, null], validation: [1, null], test: [2, null] } },
        { kind: 'regression', labels: { train: [null, 5], validation: [null, 5], test: [null, 4] } },
      ],
      true,
    );
    const [{ pooled }] = trivialPredictors(taskSet);
    expect(pooled?.validation).toMatchObject({ loss: 0, mse: 0, r2: 1 });
    expect(pooled?.test).toMatchObject({ loss: 1, mse: 1 });
  });
});
