import { describe, expect, test } from 'vitest';
import { buildModel } from '../../src/model/model';
import { createUsage } from '../../src/training/usage';
import { draftExperiment, draftTaskSet } from '../model/taskSets';
import { run } from './runs';

const number = { kind: 'regression' as const };
const data = { generate: 'related-regressions' as const, tasks: 3, rows: 400, inputs: 6 };
const tasks = Object.fromEntries([1, 2, 3].map((task) => [`task ${task}`, { target: `y${task}`, ...number }]));

test('gates are averaged over the labelled rows of each task; a task without one has none', () => {
  const taskSet = draftTaskSet([
    { tasks: [number, number], inputs: 2 },
    { tasks: [number], inputs: 2 },
  ]);
  const model = buildModel(draftExperiment({ model: { sharing: { name: 'mmoe', experts: 2 } } }), taskSet);
  const usage = createUsage(model);
  expect(usage.matrices()).toEqual([]);
  usage.add(0, [1, 0, 1, 0, 0, 0], { 'usage/gates': [1.5, 0.5, 0, 0] });
  usage.add(0, [1, 0, 1, 0], { 'usage/gates': [0.5, 1.5, 0, 0] });
  usage.add(1, [1], { 'usage/gates': [0.25, 0.75] });
  expect(usage.matrices()).toEqual([
    {
      name: 'gates',
      title: 'Gate values',
      rows: ['task 0', 'task 1', 'task 2'],
      columns: ['expert 1', 'expert 2'],
      shows: 'use',
      values: [
        [0.5, 0.5],
        [null, null],
        [0.25, 0.75],
      ],
    },
  ]);
});

describe('a run journals how tasks use what they share, after every epoch', () => {
  test.each([
    ['mmoe', ['gates']],
    ['ple', ['gates/0', 'gates/1']],
    ['cross-stitch', ['stitch/0', 'stitch/1']],
    ['ltb', ['branching/0', 'branching/1']],
    ['task-embedding', ['embedding', 'similarity']],
  ] as const)('%s', async (name, probes) => {
    const { outcome, of } = await run({
      data,
      tasks,
      model: { sharing: name, encoder: { layers: [8, 6] } },
      training: { epochs: 2, batchSize: 64, optimizer: { name: 'adam', learningRate: 0.01 } },
    });
    expect(outcome).toBe('finished');
    const events = of('usage');
    expect(events.map(({ epoch }) => epoch)).toEqual([1, 2]);
    for (const { matrices } of events) {
      expect(matrices.map((matrix) => matrix.name)).toEqual(probes);
      for (const { rows, columns, values } of matrices) {
        expect(values).toHaveLength(rows.length);
        for (const row of values) {
          expect(row).toHaveLength(columns.length);
          if (!name.startsWith('task') && name !== 'cross-stitch') {
            expect(row.reduce<number>((sum, value) => sum + value!, 0)).toBeCloseTo(1, 4);
          }
        }
      }
    }
    expect(events[1].matrices[0].values).not.toEqual(events[0].matrices[0].values);
  });

  test('nothing where nothing is shared, nor relatedness, and says so', async () => {
    const { outcome, of } = await run({ data, tasks, model: { sharing: 'single-task' }, training: { epochs: 1 } });
    expect(outcome).toBe('finished');
    expect([of('usage'), of('relatedness')]).toEqual([[], []]);
    expect(of('warning').map(({ message }) => message)).toEqual([expect.stringMatching(/`single-task` no parameter/)]);
  });
});
