import { describe, expect, test } from 'vitest';
import { measures, planTrainings, trainingsMeasuresOf, valuesOfTrainings, type Reached } from '../../src/relatedness';

const [pairGain] = trainingsMeasuresOf(['pair-gain']);
const [leaveOneOut] = trainingsMeasuresOf(['leave-one-out-gain']);
const [orderedTransfer] = trainingsMeasuresOf(['ordered-transfer']);

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
    expect(both[3]).toEqual({ tasks: [0, 1], measures: ['pair-gain', 'leave-one-out-gain'], leaves: [] });
    expect(sets([pairGain, leaveOneOut], 2)).toEqual([[0], [1]]);
    expect(sets([pairGain, leaveOneOut], 1)).toEqual([]);
  });

  test('are each task alone, and from each the others; these come last', () => {
    const plan = planTrainings([orderedTransfer, pairGain], 3);
    expect(
      plan.map(({ tasks, from }) => (from === undefined ? tasks.join(' with ') : `${tasks[0]} from ${from}`)),
    ).toEqual([
      '0',
      '1',
      '2',
      '0 with 1',
      '0 with 2',
      '1 with 2',
      '1 from 0',
      '2 from 0',
      '0 from 1',
      '2 from 1',
      '0 from 2',
      '1 from 2',
    ]);
    expect(plan[0]).toEqual({
      tasks: [0],
      measures: ['ordered-transfer', 'pair-gain'],
      leaves: ['row losses', 'model'],
    });
    expect(plan[3].leaves).toEqual([]);
    expect(plan[6]).toEqual({ tasks: [1], from: 0, measures: ['ordered-transfer'], leaves: ['row losses'] });
    expect(planTrainings([orderedTransfer], 1)).toEqual([]);
  });

  test('are as many as the measure says that it costs', () => {
    const byTraining = trainingsMeasuresOf(measures.map(({ name }) => name));
    expect(byTraining).not.toEqual([]);
    for (const measure of byTraining)
      for (const tasks of [3, 8])
        expect(sets([measure], tasks), measure.name).toHaveLength(measure.cost.trainings!(tasks));
    expect(sets([orderedTransfer], 2)).toHaveLength(orderedTransfer.cost.trainings!(2));
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
  const noRows = () => undefined;
  const reached: Reached = { losses: (tasks) => losses[tasks.join(' ')], atRows: noRows };

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
    const values = valuesOfTrainings(pairGain, 2, {
      losses: (tasks) => tasks.map((task) => (task === 1 ? null : 1 / tasks.length)),
      atRows: noRows,
    });
    expect(values).toEqual([
      [null, null],
      [0.5, null],
    ]);
  });

  test('ranks the starts of each task, and leaves those empty that came to no result', () => {
    const rows = [
      [
        [2, 2],
        [1, 1],
        [3, 3],
      ],
      [[1, 1], [2, 2], undefined],
      [[1, 1], undefined, undefined],
    ];
    const values = valuesOfTrainings(orderedTransfer, 3, { ...reached, atRows: (task, from) => rows[task][from] });
    const column = (task: number) => values.map((row) => row[task]);
    const [own, best, worst] = column(0).map(Number);
    expect(own + best + worst).toBeCloseTo(1, 9);
    expect([best > own, own > worst]).toEqual([true, true]);
    expect(column(1)).toEqual([expect.closeTo(0.999, 9), expect.closeTo(0.001, 9), null]);
    expect(column(2)).toEqual([null, null, null]);
  });
});
