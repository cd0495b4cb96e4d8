import { describe, expect, test } from 'vitest';
import { measuredRuns, overReplicates, withReplicates, type MeasuredRun } from '../../src/runs/replicated';
import { initialRunState, reduceRuns } from '../../src/runs/state';
import { finishedBody, journalOf, startedBody } from './fixtures/events';
import type { RunRecord } from '../../src/runs/record';

const record: RunRecord = {
  ...{ id: 'r', group: 'g', experiment: 'x', file: '/x', folder: '/', version: '1' },
  ...{ seed: 1, engine: 'auto', overrides: [], created: 0 },
};

type Cell = number | null;

function measured(seed: number, tasks: readonly string[], values: readonly (readonly Cell[])[], network?: number) {
  const matrix = { measure: 'gradient-cosine', directed: false, higherIsCloser: true, values };
  return {
    seed,
    tasks,
    relatedness: [matrix],
    ...(network !== undefined && { network: { number: network, of: 2, serves: tasks } }),
  } satisfies MeasuredRun;
}

function pair(value: Cell): readonly (readonly Cell[])[] {
  return [
    [1, value],
    [value, 1],
  ];
}

const names = ['north', 'south'];

describe('matrices over replicates', () => {
  test('the mean with an interval that holds it, over the seeds in their order', () => {
    const others = [0.2, 0.4, 0.3, 0.5].map((value, seed) => measured(seed + 1, names, pair(value)));
    const { seeds, matrices } = overReplicates(measured(5, names, pair(0.6)), others)!;
    expect(seeds).toEqual([1, 2, 3, 4, 5]);
    const [{ values, lower, upper, ...rest }] = matrices;
    expect(rest).toEqual({ measure: 'gradient-cosine', directed: false, higherIsCloser: true });
    expect(values[0][1]).toBeCloseTo(0.4, 12);
    expect(lower![0][1]).toBeGreaterThan(0.2);
    expect(lower![0][1]).toBeLessThan(0.35);
    expect(upper![0][1]).toBeGreaterThan(0.45);
    expect(upper![0][1]).toBeLessThan(0.6);
    expect([lower![0][0], upper![0][0], lower![1][0]]).toEqual([1, 1, lower![0][1]]);
  });

  test('tasks are matched by name; one that another seed lacks counts where it is', () => {
    const own = measured(
      2,
      ['a', 'b', 'c'],
      [
        [1, 0.1, 0.2],
        [0.1, 1, 0.3],
        [0.2, 0.3, 1],
      ],
    );
    const other = measured(
      1,
      ['c', 'x', 'a'],
      [
        [1, 0.9, 0.4],
        [0.9, 1, 0.8],
        [0.4, 0.8, 1],
      ],
    );
    const [{ values, lower, upper }] = overReplicates(own, [other])!.matrices;
    expect(values[0][2]).toBeCloseTo(0.3, 12);
    expect([lower![0][2], upper![0][2]]).toEqual([0.2, 0.4]);
    expect([values[0][1], lower![0][1], upper![0][1]]).toEqual([0.1, null, null]);
  });

  test('of two runs of a seed the later counts, and other networks have other tasks', () => {
    const own = measured(2, names, pair(0.4), 1);
    const others = [
      measured(1, names, pair(-1), 1),
      measured(1, names, pair(0.2), 1),
      measured(3, names, pair(-1), 2),
      measured(4, names, pair(-1)),
    ];
    const { seeds, matrices } = overReplicates(own, others)!;
    expect(seeds).toEqual([1, 2]);
    expect(matrices[0].values[0][1]).toBeCloseTo(0.3, 12);
  });

  test.each<[string, readonly MeasuredRun[]]>([
    ['no other', []],
    ['only its own seed', [measured(2, names, pair(0))]],
    ['none that measured', [{ ...measured(1, names, []), relatedness: [] }]],
    [
      'none by its measures',
      [{ ...measured(1, names, []), relatedness: [{ ...measured(1, names, pair(0)).relatedness[0], measure: 'rsa' }] }],
    ],
  ])('%s: there is nothing over seeds', (_, others) => {
    expect(overReplicates(measured(2, names, pair(0)), others)).toBeUndefined();
  });

  test('runs that have not finished and baselines are no replicates', () => {
    const ended = reduceRuns(initialRunState, journalOf([startedBody(), finishedBody()]));
    const going = reduceRuns(initialRunState, journalOf([startedBody()]));
    const runs = [
      { record: { ...record, seed: 1 }, state: ended },
      { record: { ...record, seed: 2 }, state: going },
      { record: { ...record, seed: 3, role: 'baseline' as const }, state: ended },
    ];
    expect(measuredRuns(runs).map(({ seed, tasks }) => [seed, tasks])).toEqual([[1, names]]);
  });

  test('the state has them, and a measure without them keeps its own matrix', () => {
    const replicated = overReplicates(measured(2, names, pair(0.4)), [measured(1, names, pair(0.2))])!;
    const events = journalOf([startedBody(), { type: 'replicated', ...replicated }, finishedBody()]);
    const state = reduceRuns(initialRunState, events);
    expect(state.replicated).toMatchObject(replicated);
    const [own] = finishedBody().relatedness;
    const shown = withReplicates([own, { ...own, measure: 'rsa' }], state.replicated);
    expect(shown.map(({ measure, lower }) => [measure, lower !== undefined])).toEqual([
      ['gradient-cosine', true],
      ['rsa', false],
    ]);
    expect(withReplicates([own], undefined)).toEqual([own]);
  });
});
