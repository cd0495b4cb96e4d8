import { describe, expect, test } from 'vitest';
import { isUndecided } from '../../src/figures/intervals';
import { intervalWords } from '../../webview/relatedness/cellMarks';
import { lastSent, snapshot, useBench } from './fixtures/bench';
import { hasBrowser, settle } from './fixtures/page';

const eight = ['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west'] as const;

describe('intervals over seeds', () => {
  const intervals = { lower: [[0.312, null]], upper: [[0.5, null]], seeds: 5 };

  test('are said in words, where there is one', () => {
    expect(intervalWords(intervals, { row: 0, column: 0 })).toBe('95 % interval 0.312 to 0.5 over 5 seeds');
    expect(intervalWords(intervals, { row: 0, column: 1 })).toBe('');
    expect(intervalWords(undefined, { row: 0, column: 0 })).toBe('');
  });

  test('hold the neutral value or not', () => {
    expect(isUndecided([-0.1, 0.2], 0)).toBe(true);
    expect(isUndecided([0.1, 0.2], 0)).toBe(false);
    expect(isUndecided([-0.1, 0.2], undefined)).toBe(false);
  });
});

describe.skipIf(!hasBrowser)('means over seeds in the panel (skipped where there is no Chromium)', () => {
  const withPanel = useBench();

  test.each(['dark', 'light', 'contrast'] as const)(
    'cells have marks and words for their intervals, and so has the table, in theme %s',
    async (theme) => {
      await withPanel(
        { panel: 'relatedness', theme, state: { settings: { overSeeds: true, table: true } } },
        async (panel) => {
          await panel.send(snapshot({ tasks: eight, epochs: 3, seeds: 5 }));
          expect(await panel.page.locator('.epoch-slider').isVisible()).toBe(false);
          expect(await panel.page.locator('.mark-key:visible').count()).toBe(2);
          await panel.page.locator('.heatmap canvas').first().focus();
          for (const key of ['ArrowRight', 'ArrowRight']) await panel.page.keyboard.press(key);
          const said = panel.page.locator('.content > [role=status]');
          expect(await said.innerText()).toMatch(
            /^north and north-east: −0\.\d+, 95 % interval −0\.\d+ to −0\.\d+ over 5 seeds$/,
          );
          expect(await panel.page.locator('caption').innerText()).toBe('Gradient cosine, mean over 5 seeds');
          expect(await panel.page.locator('tbody tr').first().innerText()).toMatch(/1\.00 \(1\.00 to 1\.00\)/);
          await panel.screenshot(`relatedness-seeds-${theme}`);
        },
      );
    },
  );

  test('a map of the tasks opens by the keyboard, names every point, and is saved', async () => {
    await withPanel({ panel: 'relatedness', theme: 'light' }, async (panel) => {
      await panel.send(snapshot({ tasks: eight, epochs: 3 }));
      await panel.page.getByText('Task map').focus();
      await panel.page.keyboard.press('Enter');
      await settle(panel.page);
      expect(await panel.page.locator('.map-place circle').count()).toBe(8);
      const named = await panel.page.locator('.map-place circle').first().getAttribute('aria-label');
      expect(named).toMatch(/^north: closest to (east|south|west), 0\.\d+$/);
      expect(await panel.page.locator('.map-pane .note').innerText()).toMatch(/The plane shows \d+ % of how/);
      await panel.page.locator('.map-pane').getByRole('button', { name: 'SVG' }).click();
      expect((await lastSent(panel, 'export'))?.content).toContain('north-east');
      await panel.screenshot('relatedness-map');
    });
  });

  test('of a run alone there is nothing to choose', async () => {
    await withPanel({ panel: 'relatedness', state: { settings: { overSeeds: true } } }, async (panel) => {
      await panel.send(snapshot({ tasks: eight, epochs: 3 }));
      await settle(panel.page);
      expect(await panel.page.locator('.epoch-slider').isVisible()).toBe(true);
      expect(await panel.page.locator('.mark-key:visible').count()).toBe(0);
    });
  });
});
