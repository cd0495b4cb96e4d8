import { describe, expect, test } from 'vitest';
import type { StopEarly } from '../../src/experiment/schema';
import type { MetricValues } from '../../src/model/metrics';
import { isExhausted, keepBest } from '../../src/training/keeping';
import { initialProgress } from '../../src/training/progress';

/** Two tasks, each with one value of one parameter, which holds the number of the epoch. */
const tasks = [[{ parameter: 'w', start: 0, length: 1 }], [{ parameter: 'w', start: 1, length: 1 }]];
const rule: StopEarly = { metric: 'auc', patience: 2, minimumImprovement: 0 };

function train(epochs: readonly (readonly MetricValues[])[], stopEarly?: StopEarly, independent = true) {
  const progress = initialProgress(2, []);
  const best: number[] = [];
  let ended: number | undefined;
  for (const validation of epochs) {
    progress.epoch++;
    const read = () => ({ w: Float32Array.of(progress.epoch, progress.epoch) });
    if (keepBest(progress, validation, stopEarly, independent ? tasks : undefined, read)) best.push(progress.epoch);
    if (isExhausted(progress, stopEarly)) ended ??= progress.epoch;
  }
  return { kept: [...progress.kept!.w], best, ended };
}

const losses = (first: number, second: number) => [{ loss: first }, { loss: second }];

describe('which parameters are kept', () => {
  test('each task has its best epoch where none is shared, all have the common one else', () => {
    const epochs = [losses(3, 9), losses(1, 8), losses(2, 5), losses(2, 7)];
    expect(train(epochs)).toEqual({ kept: [2, 3], best: [1, 2, 3], ended: undefined });
    expect(train(epochs, undefined, false)).toEqual({ kept: [3, 3], best: [1, 2, 3], ended: undefined });
  });

  test('training goes on until every task has stopped; one that has stopped takes nothing more', () => {
    const stopEarly: StopEarly = { ...rule, metric: 'loss' };
    const epochs = [losses(1, 9), losses(2, 8), losses(2, 7), losses(0, 6), losses(0, 6), losses(0, 6)];
    expect(train(epochs, stopEarly)).toMatchObject({ kept: [1, 4], ended: 6 });
  });

  test('a task without the metric goes by its loss, one without any figure by what is watched of all', () => {
    const epochs = [0.5, 0.7, 0.6, 0.6].map((auc, epoch) => [{ auc, loss: epoch }, { loss: 4 - epoch }]);
    expect(train(epochs, rule)).toMatchObject({ kept: [2, 4], ended: undefined });
    const blind = [0.5, 0.7, 0.6, 0.6].map((auc) => [{ auc }, {}]);
    expect(train(blind, rule)).toMatchObject({ kept: [2, 2], ended: 4 });
  });

  test('without a figure of any task the last epoch is kept', () => {
    expect(
      train(
        [
          [{}, {}],
          [{}, {}],
          [{}, {}],
        ],
        rule,
      ),
    ).toEqual({ kept: [3, 3], best: [1, 2, 3], ended: undefined });
  });
});
