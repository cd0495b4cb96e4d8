import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { groupTasks } from '../../../src/relatedness/grouping';
import { selectNetworks, type MeasuredNetwork } from '../../../src/relatedness/grouping/budget';

interface Published {
  readonly maximize: boolean;
  readonly matrix: Readonly<Record<string, Readonly<Record<string, number>>>>;
}
interface Golden {
  readonly grouping_published_matrices: Readonly<
    Record<string, Readonly<Record<string, string | { readonly value: number; readonly groups: string[][] }>>>
  >;
  readonly grouping_standley_tables: {
    readonly tables: Readonly<
      Record<string, Readonly<Record<string, { total_loss: number; networks: { tasks: number[]; cost: number }[] }>>>
    >;
  };
}

const golden = JSON.parse(readFileSync(new URL('../../golden/golden.json', import.meta.url), 'utf8')) as Golden;
/** The published tables are not part of the project: see the README beside the figures. */
const shared = path.resolve(import.meta.dirname, '../../../../shared/data');
const affinities = path.join(shared, 'tag_published_affinities.json');

describe.skipIf(!existsSync(affinities))('the groups of published matrices (../shared/data)', () => {
  const published = existsSync(affinities)
    ? (JSON.parse(readFileSync(affinities, 'utf8')) as Record<string, Published>)
    : {};
  const rows = Object.entries(golden.grouping_published_matrices).flatMap(([name, entries]) =>
    Object.entries(entries).flatMap(([splits, expected]) =>
      typeof expected === 'string' ? [] : [{ name, groups: Number(splits.replace('splits=', '')), expected }],
    ),
  );

  test.each(rows)('$name in $groups', ({ name, groups, expected }) => {
    const { matrix, maximize } = published[name];
    const tasks = Object.keys(matrix);
    // In the published tables the row is the task that is affected, and ours is the one that affects.
    const values = tasks.map((from) => tasks.map((to) => matrix[to][from]));
    const losses = name.startsWith('HOA');
    const found = groupTasks(values, maximize, { groups, alone: losses ? 'diagonal' : 'never' });
    expect(found.exact).toBe(true);
    expect(found.score).toBeCloseTo(expected.value, 9);
    const ours = found.groups.map(({ serves, helpers }) => [...serves, ...helpers].map((task) => tasks[task]).sort());
    const theirs = expected.groups.map((group) => [...group].sort());
    // Theirs has sets beside these where more of them change nothing.
    for (const group of ours) expect(theirs).toContainEqual(group);
  });
});

const tables = { results: 'standley_results.txt', results_small_data: 'standley_results_small_data.txt' };

describe.each(Object.entries(tables))('the choice under a budget of the published table %s', (name, file) => {
  const text = path.join(shared, file);

  test.skipIf(!existsSync(text)).each(Object.entries(golden.grouping_standley_tables.tables[name]))(
    'budget %s (../shared/data)',
    (budget, { total_loss: loss, networks }) => {
      const table = readFileSync(text, 'utf8').trimEnd().split('\n').flatMap(networksOfLine);
      const found = selectNetworks(table, 5, Number(budget))!;
      expect(found.loss).toBeCloseTo(loss, 9);
      expect(found.cost).toBeLessThanOrEqual(Number(budget));
      const ours = found.networks.map((position) => ({ tasks: table[position].tasks, cost: table[position].cost }));
      expect(ours).toEqual(expect.arrayContaining(networks));
      expect(ours).toHaveLength(networks.length);
    },
  );
});

/** The first line holds five networks of one task each, at half the cost; a blank is a task that is not there. */
function networksOfLine(line: string, position: number): MeasuredNetwork[] {
  const losses = line.split('\t').slice(0, 5);
  const tasks = losses.flatMap((loss, task) => (loss.trim() === '' ? [] : [task]));
  if (position === 0) return tasks.map((task) => ({ tasks: [task], cost: 0.5, losses: [Number(losses[task])] }));
  return [{ tasks, cost: 1, losses: tasks.map((task) => Number(losses[task])) }];
}
