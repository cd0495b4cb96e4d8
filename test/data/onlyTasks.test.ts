import { describe, expect, test } from 'vitest';
import { onlyTasks } from '../../src/experiment/onlyTasks';
import { prepareTasks } from '../../src/data/prepare';
import type { TaskSet } from '../../src/data/taskSet';
import { csv, experimentOf, folderWith, refusal } from './support';

/** 30 rows with targets of which some have no label. */
const rows = Array.from({ length: 30 }, (_, row) => [
  row,
  row % 3 === 0 ? '' : row * 2,
  row % 2 === 0 ? '' : 100 - row,
  row % 5 === 0 ? '' : row % 4 < 2 ? 'yes' : 'no',
  `school ${row % 3}`,
]);
const folder = folderWith({ 'table.csv': csv([['n', 'y', 'z', 'b', 'school'], ...rows]) });
const data = { source: 'table.csv', split: { train: 0.6, validation: 0.2, test: 0.2, seed: 4 } };
const named = experimentOf({
  data,
  inputs: { numeric: { columns: 'rest' } },
  tasks: {
    y: { target: 'y', kind: 'regression' },
    z: { target: 'z', kind: 'regression' },
    b: { target: 'b', kind: 'binary' },
  },
});
const each = experimentOf({ data, tasks: { each: 'school', target: 'y', kind: 'regression' } });

/** What each labelled row of a task looks like: its inputs and its label, in order. */
function labelled({ tasks, streams }: TaskSet, name: string) {
  const task = tasks.find((candidate) => candidate.name === name)!;
  const { splits, numericWidth, categorical, tasks: columns } = streams[task.stream];
  return Object.values(splits).map(({ rows: count, numeric, codes, targets, mask }) =>
    Array.from({ length: count }, (_, row) => row)
      .filter((row) => mask[row * columns.length + task.column] === 1)
      .map((row) => [
        ...numeric.subarray(row * numericWidth, (row + 1) * numericWidth),
        ...codes.subarray(row * categorical.length, (row + 1) * categorical.length),
        targets[row * columns.length + task.column],
      ]),
  );
}

describe('some of the tasks', () => {
  test.each([
    [
      ['z', 'y'],
      ['y', 'z'],
    ],
    [['b'], ['b']],
    [
      ['b', 'y', 'z'],
      ['y', 'z', 'b'],
    ],
  ])('%j have the rows, inputs and labels that they have among all', async (chosen, names) => {
    const all = await prepareTasks(named, folder);
    const some = await prepareTasks(onlyTasks(named, chosen), folder);
    expect(some.tasks.map(({ name }) => name)).toEqual(names);
    for (const name of names) {
      expect(labelled(some, name)).toEqual(labelled(all, name));
      const described = ({ tasks }: TaskSet) => ({
        ...tasks.find((task) => task.name === name)!,
        stream: undefined,
        column: undefined,
      });
      expect(described(some)).toEqual(described(all));
    }
    expect(some.streams[0].inputNames).toEqual(all.streams[0].inputNames);
  });

  test('rows without a label for any of them are left out', async () => {
    const { streams } = await prepareTasks(onlyTasks(named, ['z']), folder);
    const counts = Object.values(streams[0].splits).map(({ rows: count, mask }) => [count, mask.length]);
    expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(2 * 15);
    for (const { mask } of Object.values(streams[0].splits)) expect(mask.every((value) => value === 1)).toBe(true);
  });

  test('values of a column', async () => {
    const all = await prepareTasks(each, folder);
    const some = await prepareTasks(onlyTasks(each, ['school 2']), folder);
    expect(some.tasks).toEqual([{ ...all.tasks.at(-1), column: 0 }]);
    expect(labelled(some, 'school 2')).toEqual(labelled(all, 'school 2'));
    expect(some.streams[0].splits.train.rows).toBe(labelled(all, 'school 2')[0].length);
    expect(some.pooled).toBe(true);
  });

  test('tasks with tables of their own', async () => {
    const own = { data, inputs: { numeric: { columns: ['n'] }, categorical: { columns: [] } } };
    const tables = experimentOf({
      tasks: {
        y: { ...own, target: 'y', kind: 'regression' },
        z: { ...own, target: 'z', kind: 'regression' },
        b: { ...own, target: 'b', kind: 'binary' },
      },
    });
    const all = await prepareTasks(tables, folder);
    const some = await prepareTasks(onlyTasks(tables, ['b', 'y']), folder);
    expect(some.tasks.map(({ name, stream, column }) => [name, stream, column])).toEqual([
      ['y', 0, 0],
      ['b', 1, 0],
    ]);
    expect(some.streams).toEqual([all.streams[0], { ...all.streams[2], tasks: [1] }]);
  });

  test('a value that the column does not have', async () => {
    expect(await refusal({ ...each, only: ['school 2', 'school 7'] }, folder)).toEqual([
      {
        code: 'unknown-task',
        severity: 'error',
        path: ['only', 1],
        message: 'There is no task `school 7`. Did you mean `school 1`?',
        suggestion: 'school 1',
      },
    ]);
  });
});

describe('primary tasks of auto-lambda', () => {
  const withPrimary = (primary?: string[]) =>
    experimentOf({ ...named, training: { weighting: { name: 'auto-lambda', ...(primary && { primary }) } } });

  test.each([
    [['y', 'b'], ['y']],
    [['b'], undefined],
    [undefined, undefined],
  ])('of %j those that are trained are left: %j', (primary, left) => {
    expect(onlyTasks(withPrimary(primary), ['z', 'y']).training.weighting).toEqual(
      withPrimary(left).training.weighting,
    );
  });
});
