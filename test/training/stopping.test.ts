import { describe, expect, test } from 'vitest';
import type { StopEarly } from '../../src/experiment/schema';
import { initialWatch, shouldStop, watchedValue, watchEpoch } from '../../src/training/stopping';

function watchAll(values: readonly (number | undefined)[], rule?: StopEarly) {
  return values.reduce((watch, value, position) => watchEpoch(watch, position + 1, value, rule), initialWatch);
}
const rule = (metric: StopEarly['metric'], patience = 2, minimumImprovement = 0): StopEarly => ({
  metric,
  patience,
  minimumImprovement,
});

describe('early stopping', () => {
  test.each([
    { name: 'lower is better for a loss', metric: 'loss', values: [3, 2, 2.5], best: 2, waited: 1 },
    { name: 'higher is better for accuracy', metric: 'accuracy', values: [0.5, 0.7, 0.6, 0.6], best: 2, waited: 2 },
    { name: 'the same value is no improvement', metric: 'loss', values: [2, 2, 2], best: 1, waited: 2 },
  ] as const)('$name', ({ metric, values, best, waited }) => {
    const watch = watchAll(values, rule(metric));
    expect(watch.best?.epoch).toBe(best);
    expect(watch.epochsWithoutImprovement).toBe(waited);
    expect(shouldStop(watch, rule(metric))).toBe(waited >= 2);
  });

  test('smaller changes than the minimum do not count', () => {
    const watch = watchAll([1, 0.95, 0.91, 0.89], rule('loss', 5, 0.1));
    expect(watch.best).toEqual({ epoch: 4, value: 0.89 });
    expect(watchAll([1, 0.95, 0.91], rule('loss', 5, 0.1)).epochsWithoutImprovement).toBe(2);
  });

  test('without a rule the best epoch is known and nothing stops', () => {
    const watch = watchAll([3, 1, 2, 2, 2, 2, 2]);
    expect(watch.best?.epoch).toBe(2);
    expect(shouldStop(watch, undefined)).toBe(false);
  });

  test('without a value the last epoch is the best', () => {
    expect(watchAll([undefined, undefined]).best).toEqual({ epoch: 2 });
  });

  test('watches the mean over the tasks that have the metric, or the summed loss', () => {
    const validation = [{ loss: 1, auc: 0.8 }, { loss: 2 }, { loss: 4, auc: 0.6 }, {}];
    expect(watchedValue(rule('auc'), validation)).toBeCloseTo(0.7, 12);
    expect(watchedValue(undefined, validation)).toBe(7);
    expect(watchedValue(rule('r2'), validation)).toBeUndefined();
  });
});
