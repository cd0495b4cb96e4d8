import { describe, expect, test } from 'vitest';
import { compass, schools, snapshot, useBench } from './fixtures/bench';
import { measureNames } from './fixtures/journal';
import { hasBrowser, settle } from './fixtures/page';

describe.skipIf(!hasBrowser)('where matrices and charts lie (skipped where there is no Chromium)', () => {
  const withPanel = useBench();

  test('where the matrix is wider and higher than the panel, the cell that keys are at stays in sight', async () => {
    await withPanel({ panel: 'relatedness', width: 420, height: 500 }, async (panel) => {
      await panel.send(snapshot({ tasks: schools.slice(0, 50), epochs: 1 }));
      const canvas = panel.page.locator('.heatmap canvas').first();
      await canvas.focus();
      for (const key of ['ArrowRight', 'End']) await panel.page.keyboard.press(key);
      const outside = () =>
        panel.page
          .locator('.heatmap .cell-place')
          .first()
          .evaluate((place) => {
            const [cell, box] = [place.getBoundingClientRect(), place.closest('.heatmap')!.getBoundingClientRect()];
            const header = document.querySelector('.panel-header')!.getBoundingClientRect();
            return [
              Math.max(0, cell.right - box.right, box.left - cell.left),
              Math.max(0, cell.bottom - innerHeight, header.bottom - cell.top),
            ];
          });
      expect(await outside()).toEqual([0, 0]);
      for (let row = 0; row < 49; row++) await panel.page.keyboard.press('ArrowDown');
      expect(await panel.page.locator('.content > [role=status]').innerText()).toBe('school 50 and school 50: 1');
      expect(await outside()).toEqual([0, 0]);
      await panel.page.keyboard.press('Home');
      for (let row = 0; row < 49; row++) await panel.page.keyboard.press('ArrowUp');
      expect(await outside()).toEqual([0, 0]);
      // The names of the rows have come back.
      const box = panel.page.locator('.heatmap').first();
      expect(await box.evaluate(({ scrollLeft }) => scrollLeft)).toBe(0);
    });
  });

  test('where the matrix is scrolled, the names of its rows and columns stay in sight', async () => {
    await withPanel({ panel: 'relatedness', width: 420, height: 500 }, async (panel) => {
      await panel.send(snapshot({ tasks: schools.slice(0, 50), epochs: 1 }));
      const names = panel.page.locator('.stage .sticky-names:visible');
      expect(await names.count()).toBe(0);
      const scroll = (left: number, top: number) =>
        panel.page.evaluate(
          async ([x, y]) => {
            const box = document.querySelector('.heatmap')!;
            box.scrollLeft = x;
            window.scrollTo(0, y === 0 ? 0 : box.getBoundingClientRect().top + window.scrollY + y);
            await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
          },
          [left, top],
        );
      await scroll(1000, 0);
      expect(await names.count()).toBe(1);
      await scroll(1000, 200);
      expect(await names.count()).toBe(2);
      const places = await panel.page.evaluate(() => {
        const edges = (selector: string) => document.querySelector(selector)!.getBoundingClientRect();
        const [box, header] = [edges('.heatmap'), edges('.panel-header')];
        return {
          rows: edges('.row-names').left - box.left,
          columns: Math.round(edges('.column-names').top - header.bottom),
          corner: [edges('.names-corner').left - box.left, Math.round(edges('.names-corner').top - header.bottom)],
        };
      });
      expect(places).toEqual({ rows: 0, columns: 0, corner: [0, 0] });
      // They are what the matrix has there, also once that changes.
      const isCopy = () =>
        panel.page.evaluate(() => {
          const { width, height } = document.querySelector<HTMLCanvasElement>('.row-names')!;
          const [from, to] = ['.heatmap canvas', '.row-names'].map((selector) => {
            const context = new OffscreenCanvas(width, height).getContext('2d')!;
            context.drawImage(document.querySelector<HTMLCanvasElement>(selector)!, 0, 0);
            return context.getImageData(0, 0, width, height).data;
          });
          return from.every((value, at) => value === to[at]);
        });
      expect(await isCopy()).toBe(true);
      await panel.page.locator('.heatmap canvas').first().focus();
      for (const key of ['ArrowDown', 'ArrowDown', 'End', 'ArrowDown']) await panel.page.keyboard.press(key);
      expect(await isCopy()).toBe(true);
      await scroll(0, 0);
      expect(await names.count()).toBe(0);
    });
  });

  test('a cell that was looked at makes no matrix wider than it is, once the panel becomes narrow', async () => {
    await withPanel({ panel: 'relatedness', width: 1100, height: 1000 }, async (panel) => {
      await panel.send(snapshot({ tasks: compass, epochs: 1 }));
      const canvas = panel.page.locator('.heatmap canvas').first();
      await canvas.focus();
      for (const key of ['ArrowRight', 'End']) await panel.page.keyboard.press(key);
      const isWide = () =>
        panel.page
          .locator('.heatmap')
          .first()
          .evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
      await panel.page.setViewportSize({ width: 420, height: 1000 });
      await settle(panel.page);
      expect(await isWide()).toBe(false);
      await canvas.blur();
      await panel.page.setViewportSize({ width: 300, height: 1000 });
      await settle(panel.page);
      expect(await isWide()).toBe(false);
    });
  });

  test.each([
    [420, 'tag-affinity'],
    [901, 'tag-affinity'],
    [1111, 'tag-affinity'],
    [901, undefined],
    [1111, undefined],
    [1400, undefined],
  ])('at %d pixels, with %s beside it, the history of a pair begins at whole pixels', async (width, second) => {
    const settings = { ...(second === undefined ? {} : { second }), pair: ['school 1', 'school 3'] };
    await withPanel({ panel: 'relatedness', width, state: { settings } }, async (panel) => {
      await panel.send(snapshot({ tasks: schools.slice(0, 8), epochs: 2, measures: measureNames }));
      const places = await panel.page
        .locator('.pair-chart canvas:visible')
        .evaluateAll((all) =>
          all.map((canvas) => canvas.getBoundingClientRect()).flatMap(({ left, top }) => [left, top]),
        );
      expect(places).toHaveLength(second === undefined ? 2 : 4);
      for (const place of places) expect(place).toBeCloseTo(Math.round(place), 2);
    });
  });

  test.each([420, 701, 1111])(
    'at %d pixels every matrix begins at whole pixels, so that it is not blurred',
    async (width) => {
      const settings = { second: 'tag-affinity', grouping: { choice: 'linkage', groups: 2 } };
      await withPanel({ panel: 'relatedness', width, state: { settings } }, async (panel) => {
        await panel.send(snapshot({ tasks: compass, epochs: 2, measures: measureNames }));
        for (const name of ['Task map', 'Agreement of measures']) {
          await panel.page.getByText(name, { exact: true }).focus();
          await panel.page.keyboard.press('Enter');
        }
        await settle(panel.page);
        const places = await panel.page
          .locator('.heatmap canvas[tabindex]:visible')
          .evaluateAll((all) =>
            all.flatMap((canvas) => [canvas.getBoundingClientRect().left, canvas.getBoundingClientRect().top]),
          );
        expect(places).toHaveLength(6);
        for (const place of places) expect(place).toBeCloseTo(Math.round(place), 2);
      });
    },
  );
});
