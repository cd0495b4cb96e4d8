import { describe, expect, test } from 'vitest';
import type { TrivialFigures } from '../../src/runs/events';
import { groupGain, type GroupGain } from '../../src/runs/gain';
import { comparisonsOf } from '../../webview/curves/comparison';
import { drawingOf } from '../../webview/curves/drawing';
import { defaultSettings } from '../../webview/curves/settings';
import { applyMessage, emptyView, runLabel } from '../../webview/shared/runStore';
import { snapshot, useBench, type RunOptions } from './fixtures/bench';
import { nastyNames } from './fixtures/journal';
import { hasBrowser } from './fixtures/page';
import { darkTheme } from './fixtures/theme';

const tasks = ['north', 'south'];

/** What two seeds may have said: the first task gained, the second lost. */
function gainOf(seeds: readonly number[], names: readonly string[] = tasks): GroupGain {
  const figures = (role: 'baseline' | undefined) =>
    seeds.map((seed, place) => ({
      seed,
      ...(role && { role }),
      tasks: names.map((name) => ({ name, kind: 'regression' })),
      metrics: names.map((_, task) => ({
        test: { rmse: 1 + place / 1000 + (role === undefined ? (task % 2 === 0 ? -0.5 : 0.25) : 0) },
      })),
    }));
  return groupGain([...figures('baseline'), ...figures(undefined)])!;
}

/** The mean reaches a root mean squared error of so much. */
function meanAt(value: number, names: readonly string[] = tasks): readonly TrivialFigures[] {
  const metrics = names.map(() => ({ validation: { loss: 0.5, rmse: value }, test: { loss: 0.5, rmse: value } }));
  return [{ name: 'majority', metrics }];
}

function viewOf(...runs: readonly RunOptions[]) {
  return applyMessage(emptyView, snapshot(...runs));
}

describe('what sharing brought', () => {
  test('a row per task and one for all, from the run that knows of most seeds', () => {
    const { runs, listings } = viewOf(
      { tasks, seed: 2, gain: gainOf([1, 2]), trivial: meanAt(9) },
      { tasks, seed: 1, gain: gainOf([1]), trivial: meanAt(9) },
    );
    const [table, ...others] = comparisonsOf(runs, listings);
    expect(others).toEqual([]);
    expect(table.columns).toEqual(['Task', 'Metric', 'Alone', 'Shared', 'Gain %', '95 % interval', 'Verdict', 'Mean']);
    expect(table.rows.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['north', 'helped'],
      ['south', 'hurt'],
      ['all tasks (Δm)', undefined],
    ]);
    for (const { cells } of table.rows) expect(cells).toHaveLength(table.columns.length - 1);
    expect(table.rows[0].cells[0]).toBe('Root mean squared error, test');
    expect(table.rows[0].cells[3]).toMatch(/^\+49\.9/);
    expect(table.rows[1].cells[3]).toMatch(/^−24\.9/);
    expect(table.rows[1].cells[6]).toBe('9');
    expect(table.notes).toEqual([expect.stringMatching(/^Above 0 sharing is better.*Over 2 seeds/)]);
  });

  test('one seed says that nothing can be told', () => {
    const { runs, listings } = viewOf({ tasks, gain: gainOf([1]) });
    const [{ notes, rows, columns }] = comparisonsOf(runs, listings);
    expect(notes[0]).toContain('There is one seed, so nothing can be told about chance');
    expect(rows[0].cells[4]).toBe('');
    expect(columns).not.toContain('Mean');
  });

  test('without a baseline tasks stand against guessing; those that are no better are named', () => {
    const { runs, listings } = viewOf({ tasks, trivial: meanAt(0.01) });
    const [{ title, columns, notes }] = comparisonsOf(runs, listings);
    expect(title).toBe('Against guessing without the inputs');
    expect(columns).toEqual(['Task', 'Metric', 'Value', 'Mean']);
    expect(notes).toEqual(['No better than guessing without the inputs: north, south.']);
  });

  test('networks of an experiment are compared as one', () => {
    const { runs, listings } = viewOf(
      { tasks: ['south'], trivial: meanAt(9, ['south']), network: { number: 2, of: 2, serves: ['south'] } },
      { tasks: ['south', 'north'], trivial: meanAt(8, tasks), network: { number: 1, of: 2, serves: ['north'] } },
    );
    const [{ rows, notes }, ...others] = comparisonsOf(runs, listings);
    expect(others).toEqual([]);
    expect(rows.map(({ name, cells }) => [name, cells.at(-1)])).toEqual([
      ['north', '8'],
      ['south', '9'],
    ]);
    expect(notes).toEqual([]);
    expect(runLabel(runs[0].id, listings)).toBe('Quick start · network 2 of 2 · seed 1');
    expect(comparisonsOf(runs.slice(1), listings)).toEqual([]);
  });

  test('baselines that are shown beside their runs have no table of their own', () => {
    const gain = gainOf([1]);
    const { runs, listings } = viewOf(
      { tasks, gain, trivial: meanAt(9) },
      { tasks, role: 'baseline', trivial: meanAt(9) },
    );
    expect(comparisonsOf(runs, listings)).toHaveLength(1);
    expect(comparisonsOf(runs.slice(1), listings)[0].title).toBe('Against guessing without the inputs');
  });

  test('two experiments have a table each, with their names; runs that go on have none', () => {
    const { runs, listings } = viewOf(
      { tasks, gain: gainOf([1]) },
      { tasks, gain: gainOf([1]), experiment: 'Other' },
      { tasks, trivial: meanAt(1), experiment: 'Third', end: 'none' },
    );
    expect(comparisonsOf(runs, listings).map(({ title }) => title)).toEqual([
      'Quick start: Sharing against training each task alone',
      'Other: Sharing against training each task alone',
    ]);
    expect(comparisonsOf([], [])).toEqual([]);
  });
});

describe('the line of those who do not look', () => {
  const draw = (value: number, settings = {}) =>
    drawingOf(
      viewOf({ tasks, trivial: meanAt(value), varyingWeights: true }),
      { ...defaultSettings, metric: 'rmse', ...settings },
      darkTheme,
    );
  const references = (drawing: ReturnType<typeof draw>) =>
    drawing.specs.flatMap(({ lines }) => lines).filter(({ reference }) => reference === true);

  test('is there for each task where the curves reach it', () => {
    const found = references(draw(1.2));
    expect(found.map(({ label, detail, points }) => [label, detail, points.y])).toEqual([
      ['north', 'mean', [1.2, 1.2]],
      ['south', 'mean', [1.2, 1.2]],
    ]);
    expect(references(draw(1.2, { view: 'tasks' }))).toHaveLength(2);
  });

  test('is not there where it would squeeze the curves, nor among weights', () => {
    expect(references(draw(900))).toEqual([]);
    expect(references(draw(1.2, { view: 'weights' }))).toEqual([]);
  });
});

describe.skipIf(!hasBrowser)('in a browser (skipped where there is no Chromium)', () => {
  const withPanel = useBench();

  test('the table has its verdicts in words and signs; names are text', async () => {
    const names = nastyNames.slice(0, 5);
    await withPanel({ panel: 'curves' }, async (panel) => {
      await panel.send(
        snapshot({ tasks: names, gain: gainOf([1, 2], names), trivial: meanAt(9, names), phase: 'finished' }),
      );
      const table = panel.page.getByRole('region', { name: 'Comparison' });
      expect(await table.locator('.verdict-helped').allInnerTexts()).toEqual(['helped', 'helped', 'helped']);
      expect(await table.locator('.verdict-hurt .codicon-arrow-down').count()).toBe(2);
      expect(await table.locator('tbody th').first().innerText()).toBe(names[0]);
      expect(await panel.page.locator('.split-key').innerText()).toContain('mean');
      await panel.screenshot('curves-comparison');
    });
  });
});
