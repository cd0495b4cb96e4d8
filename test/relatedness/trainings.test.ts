import { describe, expect, test } from 'vitest';
import { planTrainings, trainingsMeasuresOf, valuesOfTrainings } from '../../src/relatedness';

const [pairGain] = trainingsMeasuresOf(['pair-gain']);
const [leaveOneOut] = trainingsMeasuresOf(['leave-one-out-gain']);

describe('the networks that measures need', () => {
  const sets = (...planned: Parameters<typeof planTrainings>) => planTrainings(...planned).map(({ tasks }) => tasks);

  test('are each task alone and each pair, or all but one', () => {
    expect(sets([pairGain], 3)).toEqual([[0], [1], [2], [0, 1], [0, 2], [1, 2]]);
    expect(sets([leaveOneOut], 4)).toEqual([
      [1, 2, 3],
      [0, 2, 3],
      [0, 1, 3],
      [0, 1, 2],
    ]);
  });

  test('are trained once for measures that both need them, and never in place of the run itself', () => {
    const both = planTrainings([pairGain, leaveOneOut], 3);
    expect(both.map(({ tasks }) => tasks.length)).toEqual([1, 1, 1, 2, 2, 2]);
    expect(both[3]).toEqual({ tasks: [0, 1], measures: ['pair-gain', 'leave-one-out-gain'] });
    expect(sets([pairGain, leaveOneOut], 2)).toEqual([[0], [1]]);
    expect(sets([pairGain, leaveOneOut], 1)).toEqual([]);
  });

  test('of fifty tasks are 1275 for pairs and 50 more', () => {
    expect(sets([pairGain], 50)).toHaveLength(1275);
    expect(sets([pairGain, leaveOneOut], 50)).toHaveLength(1325);
  });
});

describe('the matrix of what networks reach', () => {
  const losses: Readonly<Record<string, readonly (number | null)[]>> = {
    '0': [1],
    '1': [2],
    '2': [4],
    '0 1': [0.5, 3],
    '0 2': [2, 3],
    '0 1 2': [0.9, 1.8, 2],
  };
  const reached = (tasks: readonly number[]) => losses[tasks.join(' ')];

  test('is relative to the task alone, and empty where a network is missing', () => {
    expect(valuesOfTrainings(pairGain, 3, reached)).toEqual([
      [null, -0.5, 0.25],
      [0.5, null, null],
      [-1, null, null],
    ]);
  });

  test('is relative to the network without the task', () => {
    const values = valuesOfTrainings(leaveOneOut, 3, reached);
    expect(values[1][0]).toBeCloseTo(0.55, 12);
    expect(values[1][2]).toBeCloseTo(1 / 3, 12);
    expect(values[2]).toEqual([expect.closeTo(-0.8, 12), expect.closeTo(0.4, 12), null]);
    expect(values[0]).toEqual([null, null, null]);
  });

  test('has no value of a task that has no rows to measure it on', () => {
    const values = valuesOfTrainings(pairGain, 2, (tasks) =>
      tasks.map((task) => (task === 1 ? null : 1 / tasks.length)),
    );
    expect(values).toEqual([
      [null, null],
      [0.5, null],
    ]);
  });
});
