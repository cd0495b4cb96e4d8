import { describe, expect, test } from 'vitest';
import { predictionsOf } from '../../src/relatedness/grouping/prediction';
import type { FinishedRun } from '../../src/runs/gain';
import { foretold, groupCheck } from '../../src/runs/groupCheck';

const both = { isTogether: false, isAlone: false };
const tasks = ['a', 'b', 'c'].map((name) => ({ name, kind: 'regression' }));

/** Five seeds whose root mean squared errors are about this, task by task. */
function around(...errors: readonly number[]): readonly FinishedRun[] {
  return [1, 2, 3, 4, 5].map((seed) => ({
    seed,
    tasks,
    metrics: tasks.map((_, task) => ({ test: { rmse: errors[task] * (1 + ((seed * (task + 2)) % 5) / 1000) } })),
  }));
}

/** The same figures from two networks a seed, of which the second has a task that helps. */
function inNetworks(runs: readonly FinishedRun[]): readonly FinishedRun[] {
  return runs.flatMap(({ seed, metrics }) => [
    {
      seed,
      network: { number: 2, of: 2, serves: ['a'] },
      tasks: [tasks[2], tasks[0]],
      metrics: [{ test: { rmse: 99 } }, metrics[0]],
    },
    { seed, network: { number: 1, of: 2, serves: ['b', 'c'] }, tasks: tasks.slice(1), metrics: metrics.slice(1) },
  ]);
}

describe('the check of groups', () => {
  const alone = around(1, 1, 1);

  test.each([
    ['held', around(0.8, 0.7, 0.9), around(1.1, 0.9, 1.2)],
    ['did not hold', around(0.8, 0.7, 0.9), around(0.5, 0.5, 0.5)],
    ['did not hold', around(1.1, 1.2, 1.1), around(1.5, 1.5, 1.5)],
    ['cannot be told', around(0.8, 0.7, 0.9), around(0.8, 0.7, 0.9)],
  ])('%s', (verdict, grouped, together) => {
    const check = groupCheck({ grouped: inNetworks(grouped), together, alone }, both);
    expect(check.verdict).toBe(verdict);
    expect(check.againstAlone?.gain.tasks.map(({ task }) => task)).toEqual(['a', 'b', 'c']);
    expect(check.againstAlone?.gain.overall.pValue).toBeLessThan(0.001);
    expect(check.togetherAgainstAlone?.gain.seeds).toEqual([1, 2, 3, 4, 5]);
  });

  test('the two tests that decide are adjusted for being two, the third stands alone', () => {
    const { againstAlone, againstTogether, togetherAgainstAlone } = groupCheck(
      { grouped: around(0.99, 1.01, 1.002), together: around(1.01, 0.99, 1.003), alone },
      both,
    );
    const [one, other] = [againstAlone!, againstTogether!].map(({ gain }) => gain.overall.pValue!);
    const found = [againstAlone!.pValue, againstTogether!.pValue];
    const smaller = Math.min(1, 2 * Math.min(one, other));
    expect(Math.min(...found.map((value) => value!))).toBeCloseTo(smaller, 12);
    expect(togetherAgainstAlone!.pValue).toBe(togetherAgainstAlone!.gain.overall.pValue);
  });

  test('where one of the two is missing the other does not decide as if it were the only one', () => {
    // Worse by 1.4 % with a p-value between 0.025 and 0.05.
    const worse = [0, 0.01, 0.015, 0.02, 0.025].map((change) => 1 + change);
    const grouped = alone.map((run, seed) => ({
      ...run,
      metrics: run.metrics.map(({ test }) => ({ test: { rmse: test!.rmse! * worse[seed] } })),
    }));
    for (const missing of ['alone', 'together'] as const) {
      const runs = { grouped, together: alone, alone, [missing]: [] };
      const there = missing === 'alone' ? 'againstTogether' : 'againstAlone';
      const only = groupCheck(runs, { isAlone: missing === 'alone', isTogether: missing === 'together' });
      const found = groupCheck(runs, both);
      expect([only.verdict, found.verdict]).toEqual(['did not hold', 'cannot be told']);
      expect(found[there]!.pValue).toBeCloseTo(2 * only[there]!.pValue!, 12);
    }
  });

  test('groups that are one of the two stand against the other alone', () => {
    const together = around(0.8, 0.8, 0.8);
    const same = groupCheck({ grouped: together, together, alone }, { isTogether: true, isAlone: false });
    expect([same.verdict, same.againstTogether]).toEqual(['held', undefined]);
    const apart = groupCheck({ grouped: alone, together, alone }, { isTogether: false, isAlone: true });
    expect([apart.verdict, apart.againstAlone]).toEqual(['did not hold', undefined]);
  });

  test('without a seed that has all, and of one seed, nothing is told', () => {
    const grouped = inNetworks(around(0.5, 0.5, 0.5));
    const missing = grouped.filter(({ network }) => network?.number === 1);
    expect(groupCheck({ grouped: missing, together: [], alone }, both)).toEqual({ verdict: 'cannot be told' });
    const one = groupCheck({ grouped: grouped.slice(0, 2), together: around(2, 2, 2), alone }, both);
    expect([one.verdict, one.againstAlone?.verdict]).toEqual(['cannot be told', 'cannot be told']);
    // Better than all together alone does not do where the runs of each alone are missing.
    expect(groupCheck({ grouped, together: around(2, 2, 2), alone: [] }, both).verdict).toBe('cannot be told');
  });
});

describe('what a measure foretells of groups', () => {
  const values = [
    [1, 0.6, -0.2],
    [0.4, 1, null],
    [-0.4, 0.2, 1],
  ];
  const groups = [
    { serves: [0, 1], helpers: [] },
    { serves: [2], helpers: [] },
  ];

  test('a task gains as far as its group is closer to it than all tasks are', () => {
    const found = predictionsOf(values, true, groups, 0);
    expect(found.map(({ inGroup }) => inGroup)).toEqual([0.4, 0.6, 0]);
    expect(found.map(({ amongAll }) => amongAll)).toEqual([0, 0.4, -0.2]);
    [0.4, 0.2, 0.2].forEach((change, task) => expect(found[task].change).toBeCloseTo(change, 12));
    expect(predictionsOf(values, false, groups, null).map(({ change }) => change)).toEqual([
      -0.4,
      expect.closeTo(-0.2),
      null,
    ]);
  });

  test('a group of all tasks changes nothing, to the last bit', () => {
    const odd = [
      [1, 0.1, 0.7, 0.3],
      [0.2, 1, 0.1, 0.9],
      [0.3, 0.6, 1, 0.7],
      [0.1, 0.2, 0.2, 1],
    ];
    const all = [
      { serves: [3, 1], helpers: [0, 2] },
      { serves: [2, 0], helpers: [] },
    ];
    const changes = predictionsOf(odd, true, all, 0).map(({ change }) => change);
    expect([changes[1], changes[3]]).toEqual([0, 0]);
    const check = groupCheck({ grouped: around(0.9, 0.8, 1.1), together: around(1, 1, 1), alone: [] }, both);
    const told = new Map([
      ['a', 0],
      ['b', 0.2],
    ]);
    expect(foretold(told, check.againstTogether!.gain)).toMatchObject({ tasks: 1, right: 1 });
  });

  test('is held against what came about', () => {
    const check = groupCheck({ grouped: around(0.9, 0.8, 1.1), together: around(1, 1, 1), alone: [] }, both);
    const told = foretold(
      new Map([
        ['a', 0.1],
        ['b', 0.2],
        ['c', -0.1],
        ['d', 1],
      ]),
      check.againstTogether!.gain,
    );
    expect(told).toEqual({ tasks: 3, right: 3, spearman: expect.closeTo(1, 12) as number });
    const few = foretold(
      new Map([
        ['a', -0.1],
        ['b', null],
        ['c', -0.1],
      ]),
      check.againstTogether!.gain,
    );
    expect(few).toEqual({ tasks: 2, right: 1, spearman: null });
  });
});
