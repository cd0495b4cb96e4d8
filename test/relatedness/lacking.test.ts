import { describe, expect, test } from 'vitest';
import {
  lackOf,
  measures,
  trainedMeasuresOf,
  valuesOfModel,
  type ModelView,
  type TaskKind,
  type TasksAhead,
} from '../../src/relatedness';
import { normals } from './inputs';

const kinds: readonly TaskKind[] = ['regression', 'binary', 'multiclass'];
const trained = trainedMeasuresOf(measures.map(({ name }) => name));
/** Those of what a model shows of tasks on the same rows, or of the labels alone. */
const viewed = trained.flatMap((measure) =>
  measure.needs === 'fisher' || measure.needs === 'contributions' || measure.needs === 'linearised tasks'
    ? []
    : [measure],
);

const outputs = { regression: 1, binary: 2, multiclass: 3 };

/** What a model shows of two tasks, the first of which gives and the second takes. */
function viewOf(tasks: readonly TaskKind[], rows: number): ModelView {
  const numbers = (what: string, task: number, count: number) => normals(what, task, count);
  return {
    labels: tasks.map((kind, task) => ({
      kind,
      values:
        kind === 'regression'
          ? numbers('labels', task, rows)
          : Float64Array.from({ length: rows }, (_, row) => row % 2),
    })),
    representations: tasks.map((_, task) => ({ values: numbers('read', task, rows * 2), rows, columns: 2 })),
    answers: tasks.map((kind, task) => {
      const columns = outputs[kind];
      const values = numbers('answers', task, rows * columns).map((value) => (columns === 1 ? value : 1 / columns));
      return {
        values:
          kind === 'regression' ? values : values.map((_, cell) => (cell % columns === 0 ? 0.6 : 0.4 / (columns - 1))),
        rows,
        columns,
      };
    }),
    // Heads of several outputs have no single weights.
    headWeights: tasks.map((kind, task) =>
      kind === 'multiclass' ? new Float64Array(2).fill(NaN) : numbers('weights', task, 2),
    ),
  };
}

function aheadOf(tasks: readonly TaskKind[], rows: number, more: Partial<TasksAhead> = {}): TasksAhead {
  return { tasks: tasks.map((kind) => ({ kind, table: 0, rows })), labelsApart: false, linearHeads: true, ...more };
}

describe.each(viewed)('$name', (measure) => {
  const pairs = kinds.flatMap((one) => kinds.map((other) => [one, other] as const));

  test.each(pairs)('has values of tasks of kind %s and %s where it says so', (one, other) => {
    const values = valuesOfModel(measure, viewOf([one, other], 12));
    const isEmpty = values[0][1] === null && values[1][0] === null;
    expect(lackOf(measure, aheadOf([one, other], 12)) === undefined).toBe(!isEmpty);
  });

  test('has values of as few rows as it says, and of no fewer', () => {
    const { rows = 2 } = measure.takes ?? {};
    const of = (count: number) => valuesOfModel(measure, viewOf(['binary', 'binary'], count))[0][1];
    expect(of(rows)).not.toBeNull();
    if (measure.takes?.rows === undefined) return;
    expect(of(rows - 1)).toBeNull();
    expect(lackOf(measure, aheadOf(['binary', 'binary'], rows - 1))).toBe('rows');
  });
});

test('tasks of different tables are compared at what they share alone', () => {
  const apart = { tasks: [0, 1].map((table) => ({ kind: 'binary' as const, table, rows: 9 })) };
  const lacks = Object.fromEntries(trained.map((one) => [one.name, lackOf(one, aheadOf([], 9, apart))]));
  expect(lacks).toMatchObject({
    'label-correlation': 'labels in the same rows',
    'residual-correlation': 'labels in the same rows',
    nce: 'labels in the same rows',
    'linear-cka': 'table',
    'debiased-cka': 'table',
    rsa: 'table',
    leep: 'table',
    logme: 'table',
    'h-score': 'table',
    'mtrl-correlation': 'table',
  });
  const others = ['fisher-distance', 'task2vec-distance', 'prediction-share', 'loss-reliance', 'grad-tae'];
  expect(others.map((name) => lacks[name])).toEqual(others.map(() => undefined));
});

test('one pair of a table is enough', () => {
  const tables = [0, 1, 1].map((table) => ({ kind: 'binary' as const, table, rows: table === 0 ? 100 : 2 }));
  const [rsa] = trainedMeasuresOf(['rsa']);
  expect(lackOf(rsa, aheadOf([], 9, { tasks: tables }))).toBe('rows');
  expect(lackOf(rsa, aheadOf([], 9, { tasks: tables.map((task) => ({ ...task, rows: 3 })) }))).toBeUndefined();
});

test('heads that are not linear on one representation have no weights to compare', () => {
  const lacking = trained.filter(
    (one) => lackOf(one, aheadOf(['regression', 'binary'], 9, { linearHeads: false })) === 'linear heads',
  );
  expect(lacking.map(({ name }) => name)).toEqual(['mtrl-correlation']);
});
