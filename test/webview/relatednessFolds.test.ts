import { describe, expect, test } from 'vitest';
import { initialRunState, reduceRuns } from '../../src/runs/state';
import { mapLayout, mapSvg } from '../../src/figures/mapFigure';
import { measureWords } from '../../src/figures/measureWords';
import { agreementMatrix } from '../../src/relatedness/statistics/agreement';
import { agreementsOf } from '../../webview/relatedness/agreements';
import { mapRows } from '../../webview/relatedness/mapExports';
import { defaultSettings } from '../../webview/relatedness/settings';
import { lastSent, schools, snapshot, useBench } from './fixtures/bench';
import { createJournal, measureNames } from './fixtures/journal';
import type { OpenPanel } from './fixtures/page';
import { hasBrowser, settle } from './fixtures/page';

const eight = ['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west'] as const;
const state = reduceRuns(initialRunState, createJournal({ tasks: eight, epochs: 3, measures: measureNames }));
const run = { id: 'a', state };

describe('a map of tasks', () => {
  const figure = {
    words: measureWords('gradient-cosine', undefined),
    moment: 'epoch 2',
    tasks: ['a & b', 'north', 'south'],
    values: [
      [1, 0.9, -0.5],
      [0.9, 1, -0.4],
      [-0.5, -0.4, 1],
    ],
    groups: [
      { serves: [0, 1], helpers: [] },
      { serves: [2], helpers: [0] },
    ],
  };

  test('has places, groups and words, and the same as CSV and SVG', () => {
    const layout = mapLayout(figure)!;
    expect(layout.points.map(({ said }) => said)).toEqual([
      'a & b: closest to north, 0.9; group 1',
      'north: closest to a & b, 0.9; group 1',
      'south: closest to north, −0.4; group 2',
    ]);
    const rows = mapRows({ figure, layout });
    expect(rows.map(([task, , , group]) => [task, group])).toEqual([
      ['a & b', 1],
      ['north', 1],
      ['south', 2],
    ]);
    const [near, far] = [1, 2].map((other) =>
      Math.hypot(Number(rows[0][1]) - Number(rows[other][1]), Number(rows[0][2]) - Number(rows[other][2])),
    );
    expect(near).toBeCloseTo(0.1, 1);
    expect(far).toBeCloseTo(1.5, 1);
    const svg = mapSvg('Run', figure, layout);
    expect(svg.match(/<circle /g)).toHaveLength(3);
    expect(svg).toContain('>a &amp; b</text>');
    expect(svg).toContain('Gradient cosine, epoch 2');
  });

  test('is none where no two tasks have a value', () => {
    expect(
      mapLayout({
        ...figure,
        tasks: ['a', 'b'],
        values: [
          [1, null],
          [null, 1],
        ],
        groups: [],
      }),
    ).toBeUndefined();
  });
});

describe('the agreement of all measures', () => {
  const at = (epoch: number | undefined, shown: readonly number[]) =>
    agreementsOf(run, { ...defaultSettings, ...(epoch === undefined ? {} : { epoch }) }, shown, { kind: 'dark' });

  test('is that of the matrices of the epoch and of the tasks that are shown', () => {
    const shown = [0, 2, 3, 5, 7];
    const { matrices } = state.relatedness[1];
    const picked = matrices.map((matrix) => ({
      ...matrix,
      values: shown.map((row) => shown.map((column) => matrix.values[row][column])),
    }));
    const agreements = at(2, shown)!;
    expect(agreements.measures).toEqual(matrices.map(({ measure }) => measure));
    expect(agreements.matrix.values).toEqual(agreementMatrix(picked));
    expect(agreements.moment).toBe('epoch 2');
  });

  test('is kept as long as nothing changes', () => {
    const all = eight.map((_, task) => task);
    expect(at(undefined, all)?.matrix.values).toBe(at(undefined, all)?.matrix.values);
    expect(at(1, all)?.matrix.values).not.toEqual(at(undefined, all)?.matrix.values);
  });

  test('takes two measures', () => {
    const one = { id: 'b', state: reduceRuns(initialRunState, createJournal({ tasks: eight, epochs: 1 })) };
    expect(agreementsOf(one, defaultSettings, [0, 1, 2], { kind: 'dark' })).toBeUndefined();
  });
});

describe.skipIf(!hasBrowser)('what the panel folds away (skipped where there is no Chromium)', () => {
  const withPanel = useBench();
  const open = async ({ page }: OpenPanel, name: string) => {
    await page.getByText(name, { exact: true }).focus();
    await page.keyboard.press('Enter');
    await settle(page);
  };

  test.each([
    ['dark', 1100, eight],
    ['light', 700, schools.slice(0, 50)],
    ['contrast', 420, eight.slice(0, 2)],
  ] as const)('map and agreement in theme %s at %i pixels', async (theme, width, tasks) => {
    const settings = { grouping: { choice: 'linkage', groups: 2 }, order: 'groups', table: tasks.length === 8 };
    await withPanel({ panel: 'relatedness', theme, width, height: 2000, state: { settings } }, async (panel) => {
      await panel.send(snapshot({ tasks, epochs: 3, measures: measureNames }));
      await panel.page.locator('.group-score', { hasText: 'core' }).waitFor();
      await open(panel, 'Task map');
      await open(panel, 'Agreement of measures');
      expect(await panel.page.locator('.map-place circle').count()).toBe(tasks.length);
      expect(await panel.page.locator('.map-number').count()).toBe(tasks.length);
      expect(await panel.page.locator('.agreement-pane canvas').isVisible()).toBe(tasks.length > 2);
      await panel.screenshot(`relatedness-folds-${theme}-${width}`);
    });
  });

  test('the map is of the tasks and the epoch that are shown, and is saved in three ways', async () => {
    await withPanel({ panel: 'relatedness', state: { settings: { filter: 'north', epoch: 2 } } }, async (panel) => {
      await panel.send(snapshot({ tasks: eight, epochs: 3 }));
      await open(panel, 'Task map');
      const saved = async (format: string) => {
        await panel.page.locator('.map-pane').getByRole('button', { name: format }).click();
        return (await lastSent(panel, 'export'))!;
      };
      const csv = await saved('CSV');
      expect(csv.name).toMatch(/gradient-cosine-map-epoch-2\.csv$/);
      const lines = csv.content.trim().split('\r\n');
      expect(lines.map((line) => line.split(',')[0])).toEqual(['task', 'north', 'north-east', 'north-west']);
      expect((await saved('SVG')).content.match(/<circle /g)).toHaveLength(3);
      const png = await saved('PNG');
      expect([png.format, png.content.startsWith('iVBOR')]).toEqual(['png', true]);
      await panel.page.locator('.map-place circle').first().focus();
      const before = await panel.page.locator('.map-place svg').innerHTML();
      await panel.page.getByRole('slider', { name: 'Epoch' }).fill('2');
      await expect.poll(() => panel.page.locator('.map-place svg').innerHTML()).not.toBe(before);
    });
  });

  test('a cell of the agreement is reached by keys, is said, and shows its two measures', async () => {
    await withPanel({ panel: 'relatedness', state: { settings: { table: true } } }, async (panel) => {
      await panel.send(snapshot({ tasks: eight, epochs: 3, measures: measureNames }));
      await open(panel, 'Agreement of measures');
      const pane = panel.page.locator('.agreement-pane');
      await pane.locator('canvas').focus();
      for (const key of ['ArrowRight', 'ArrowRight']) await panel.page.keyboard.press(key);
      const said = await panel.page.locator('.content > [role=status]').innerText();
      const value = /: (−?[\d.]+)$/.exec(said)?.[1] ?? '';
      expect(await pane.locator('tbody tr').count()).toBe(measureNames.length);
      await panel.page.keyboard.press('Enter');
      await settle(panel.page);
      expect(await panel.page.locator('.content > .stage .matrix-view:visible').count()).toBe(2);
      const shown = await panel.page.locator('.agreement-value').innerText();
      expect(Number(shown.replace('−', '-'))).toBeCloseTo(Number(value.replace('−', '-')), 1);
      await panel.screenshot('relatedness-agreement-chosen');
    });
  });
});
