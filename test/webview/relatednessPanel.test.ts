import { describe, expect, test } from 'vitest';
import { relatednessHeader, relatednessRows } from '../../webview/relatedness/csvRows';
import { toCsv } from '../../webview/shared/csv';
import { colourScale } from '../../src/figures/palette';
import { applyMessage, emptyView } from '../../webview/shared/runStore';
import { compass, lastSent, running, schools, snapshot, useBench } from './fixtures/bench';
import { createJournal, measureNames, nastyNames } from './fixtures/journal';
import { hasBrowser, settle } from './fixtures/page';
import { coloursOf, readPng } from './fixtures/pixels';
import { recordTexts } from './fixtures/texts';

describe.skipIf(!hasBrowser)('the relatedness panel in a browser (skipped where there is no Chromium)', () => {
  const withPanel = useBench();

  test('cells have the colours of their values', async () => {
    await withPanel({ panel: 'relatedness', theme: 'light' }, async (panel) => {
      const message = snapshot({ tasks: compass });
      await panel.send(message);
      const { runs } = applyMessage(emptyView, message);
      const values = runs[0].state.relatedness.at(-1)?.matrices[0].values ?? [];
      const scale = colourScale(-1, 1, 'light');
      const colours = await coloursOf(panel.page, '.heatmap canvas');
      for (const value of values.flat()) {
        const [red, green, blue] = scale.at(value ?? 0).map(Math.round);
        expect(colours.near([red, green, blue])).toBeGreaterThan(1500);
      }
    });
  });

  test('the slider goes through the epochs and follows the latest', async () => {
    await withPanel({ panel: 'relatedness' }, async (panel) => {
      const events = createJournal({ tasks: compass, end: 'none' });
      const at = (epoch: number) =>
        events.findIndex((event) => event.type === 'relatedness' && event.epoch === epoch) + 1;
      await panel.send({ ...snapshot(running), runs: [{ id: 'run-0', events: events.slice(0, at(3)) }] });
      const words = () => panel.page.locator('.epoch-value').innerText();
      expect(await words()).toBe('epoch 3, step 300');
      await panel.send({ type: 'events', id: 'run-0', events: events.slice(at(3), at(4)) });
      expect(await words()).toBe('epoch 4, step 400');
      await panel.page.getByRole('slider', { name: 'Epoch' }).focus();
      await panel.page.keyboard.press('ArrowLeft');
      await settle(panel.page);
      expect(await words()).toBe('epoch 3, step 300');
      await panel.send({ type: 'events', id: 'run-0', events: events.slice(at(4), at(6)) });
      expect(await words()).toBe('epoch 3, step 300');
      await panel.page.locator('vscode-checkbox', { hasText: 'Follow latest' }).click();
      await settle(panel.page);
      expect(await words()).toBe('epoch 6, step 600');
    });
  });

  test('a cell opens the history of its pair, by click and by keys, and is announced', async () => {
    await withPanel({ panel: 'relatedness' }, async (panel) => {
      await panel.send(snapshot({ tasks: compass, apart: [[0, 1]] }));
      const canvas = panel.page.locator('.heatmap canvas').first();
      const box = await canvas.boundingBox();
      if (box === null) throw new Error('The matrix has no box.');
      await panel.page.mouse.click(box.x + box.width - 60, box.y + box.height - 40);
      await settle(panel.page);
      expect(await panel.page.locator('.pair-title').innerText()).toBe('west × west');
      await panel.screenshot('relatedness-pair');
      await canvas.focus();
      for (const key of ['ArrowUp', 'ArrowUp', 'ArrowLeft', 'Enter']) await panel.page.keyboard.press(key);
      await settle(panel.page);
      expect(await panel.page.locator('.pair-title').innerText()).toBe('south × south');
      await panel.page.getByRole('button', { name: 'Close this pair' }).click();
      await panel.page.locator('.pair-pane').waitFor({ state: 'hidden' });
      await panel.page.keyboard.press('Home');
      await panel.page.keyboard.press('ArrowUp');
      await panel.page.keyboard.press('ArrowUp');
      await panel.page.keyboard.press('ArrowRight');
      await settle(panel.page);
      const said = await panel.page.locator('.content > [role=status]').innerText();
      expect(said).toBe('north and east: never seen together');
    });
  });

  test('each measure has its words and its direction; two stand side by side with how far they agree', async () => {
    await withPanel({ panel: 'relatedness', width: 1200 }, async (panel) => {
      await panel.send(snapshot({ tasks: compass, measures: measureNames }));
      const choose = async (label: string, option: string) => {
        await panel.page.locator('.field', { hasText: label }).locator('vscode-dropdown').click();
        await panel.page.getByRole('option', { name: option, exact: true }).click();
        await settle(panel.page);
      };
      const legend = () => panel.page.locator('.matrix-legend').first().innerText();
      await choose('Measure', 'Conflict rate');
      expect(await legend()).toMatch(
        /^1\s+always in conflict\s+0\.5\s+as by chance\s+0\s+never in conflict\s+Lower is closer/,
      );
      await choose('Measure', 'TAG inter-task affinity');
      expect(await legend()).toMatch(/hurts\s+0\s+no effect\s+[\d.]+\s+helps\s+Rows give, columns take/);
      await panel.screenshot('relatedness-directed');
      expect(await panel.page.locator('.agreement').isVisible()).toBe(false);
      await choose('Beside it', 'Gradient cosine');
      expect(await panel.page.locator('.stage .matrix-title').allInnerTexts()).toEqual([
        'TAG inter-task affinity',
        'Gradient cosine',
      ]);
      expect(await panel.page.locator('.agreement').innerText()).toMatch(/[01]\.\d\d\s+.*Spearman over 6 pairs/);
      await panel.page.locator('vscode-checkbox', { hasText: 'Table' }).click();
      await settle(panel.page);
      expect(await panel.page.locator('caption').allInnerTexts()).toEqual([
        'TAG inter-task affinity, epoch 20, from the task of the row to that of the column',
        'Gradient cosine, epoch 20',
      ]);
      await panel.page
        .getByRole('button', { name: /^Highest/ })
        .first()
        .click();
      await settle(panel.page);
      expect(await panel.page.locator('.pair-now').allInnerTexts()).toEqual([
        expect.stringMatching(/^TAG inter-task affinity: 0\.\d+ at epoch 20$/),
        expect.stringMatching(/^Gradient cosine: 0\.\d+ at epoch 20$/),
      ]);
      await panel.screenshot('relatedness-beside');
    });
  });

  test('a measure of the trained model has no epoch in any place, but the one beside it has', async () => {
    await withPanel({ panel: 'relatedness', width: 1200, state: { settings: { measure: 'leep' } } }, async (panel) => {
      await panel.send(snapshot({ tasks: compass, trained: ['leep'], phase: 'finished' }));
      expect(await panel.page.locator('.epoch-slider').isVisible()).toBe(false);
      expect(await panel.page.locator('.toolbar .field', { hasText: 'Moment' }).innerText()).toContain(
        'the trained model',
      );
      await panel.page.getByRole('button', { name: /^Highest/ }).click();
      await settle(panel.page);
      const now = panel.page.locator('.pair-now:visible');
      expect(await now.innerText()).toMatch(/^LEEP: .*, the trained model$/);
      expect(await panel.page.locator('.pair-chart:visible').count()).toBe(0);
      await panel.screenshot('relatedness-trained');
      await panel.page.locator('.field', { hasText: 'Beside it' }).locator('vscode-dropdown').click();
      await panel.page.getByRole('option', { name: 'Gradient cosine', exact: true }).click();
      await settle(panel.page);
      await panel.page.getByRole('slider', { name: 'Epoch' }).focus();
      await panel.page.keyboard.press('Home');
      await settle(panel.page);
      expect(await panel.page.locator('.stage .matrix-title').allInnerTexts()).toEqual([
        'LEEP, the trained model',
        'Gradient cosine, epoch 1',
      ]);
      expect(await now.allInnerTexts()).toEqual([
        expect.stringMatching(/^LEEP: .*, the trained model$/),
        expect.stringMatching(/^Gradient cosine: .* at epoch 1$/),
      ]);
      expect(await panel.page.locator('.pair-chart:visible').count()).toBe(1);
      await panel.screenshot('relatedness-trained-beside');
    });
  });

  test.each([1100, 700, 420])('at %d pixels every measure of the open list can be seen and clicked', async (width) => {
    await withPanel({ panel: 'relatedness', width }, async (panel) => {
      await panel.send(snapshot({ tasks: compass, measures: measureNames }));
      await panel.page.locator('.field', { hasText: 'Measure' }).locator('vscode-dropdown').click();
      const options = panel.page.locator('.field', { hasText: 'Measure' }).locator('vscode-option');
      expect(await options.count()).toBe(measureNames.length);
      for (const option of await options.all()) await option.click({ trial: true, timeout: 2000 });
    });
  });

  test('training is played by the space bar, and by it stopped; a live run is not followed meanwhile', async () => {
    await withPanel({ panel: 'relatedness' }, async (panel) => {
      await panel.send(snapshot({ tasks: compass, epochs: 3 }));
      const slider = panel.page.getByRole('slider', { name: 'Epoch' });
      const words = panel.page.locator('.epoch-value');
      await slider.focus();
      await panel.page.keyboard.press('Space');
      await panel.page.getByText('epoch 1, step 100').waitFor();
      await panel.page.getByRole('button', { name: 'Stop playing' }).waitFor();
      await panel.page.getByText('epoch 2, step 200').waitFor();
      await panel.page.keyboard.press('Space');
      await panel.page.getByRole('button', { name: 'Play training' }).waitFor();
      expect(await words.innerText()).toBe('epoch 2, step 200');
      await panel.page.keyboard.press('Home');
      await settle(panel.page);
      expect(await words.innerText()).toBe('epoch 1, step 100');
      await panel.page.keyboard.press('Space');
      await panel.page.getByText('epoch 3, step 300').waitFor();
      await panel.page.getByRole('button', { name: 'Play training' }).waitFor();
      expect(
        await panel.page.locator('vscode-checkbox', { hasText: 'Follow latest' }).getAttribute('aria-checked'),
      ).toBe('true');
    });
  });

  test('the filter leaves the tasks whose names contain it, and says so where there is none', async () => {
    await withPanel({ panel: 'relatedness' }, async (panel) => {
      await panel.send(snapshot({ tasks: schools.slice(0, 50), epochs: 3 }));
      await panel.page.locator('vscode-checkbox', { hasText: 'Table' }).click();
      const filter = panel.page.getByRole('textbox', { name: 'Filter tasks' });
      await filter.fill('school 4, 17');
      await settle(panel.page);
      expect(await panel.page.locator('.matrix-table tbody th').count()).toBe(12);
      await panel.screenshot('relatedness-filtered');
      await filter.fill('<b>none</b>');
      await settle(panel.page);
      expect(await panel.page.locator('.stage').innerText()).toContain('No name of a task contains “<b>none</b>”.');
      expect(await panel.page.locator('.matrix-table').first().isVisible()).toBe(false);
      await filter.fill('');
      await settle(panel.page);
      expect(await panel.page.locator('.matrix-table tbody th').count()).toBe(50);
    });
  });

  test('the table has the same numbers', async () => {
    await withPanel({ panel: 'relatedness' }, async (panel) => {
      await panel.send(snapshot({ tasks: compass, apart: [[0, 1]] }));
      await panel.page.locator('vscode-checkbox', { hasText: 'Table' }).click();
      await settle(panel.page);
      expect(await panel.page.locator('.matrix-table td').allInnerTexts()).toHaveLength(17);
      expect(await panel.page.locator('.matrix-table tbody tr').first().innerText()).toMatch(
        /^north\s+1\.00\s+none\s+0\.\d\d/,
      );
      await panel.screenshot('relatedness-table');
    });
  });

  test.each(['light', 'dark', 'contrast'] as const)(
    'which task uses which expert is a matrix of its own, in theme %s',
    async (theme) => {
      await withPanel(
        { panel: 'relatedness', theme, state: { settings: { measure: 'usage/gates' } } },
        async (panel) => {
          const message = snapshot({ tasks: compass, experts: 6 });
          await panel.send(message);
          // Its rows are as in the file.
          expect(await panel.page.locator('.field', { hasText: 'Order' }).isVisible()).toBe(false);
          const canvas = panel.page.locator('.heatmap canvas').first();
          expect(await canvas.getAttribute('aria-label')).toContain('Highest of each row: north: expert 1, 1');
          await canvas.focus();
          await panel.page.keyboard.press('ArrowDown');
          for (const key of ['ArrowDown', 'End', 'ArrowLeft']) await panel.page.keyboard.press(key);
          await settle(panel.page);
          const said = panel.page.locator('.content > [role=status]');
          expect(await said.innerText()).toBe('east and expert 5: 0');
          for (const key of ['Home', 'ArrowRight', 'Enter']) await panel.page.keyboard.press(key);
          await settle(panel.page);
          expect(await panel.page.locator('.pair-title').innerText()).toBe('east × expert 2');
          await panel.screenshot(`relatedness-usage-${theme}`);
          await panel.page.getByRole('slider', { name: 'Epoch' }).focus();
          await panel.page.keyboard.press('Home');
          await settle(panel.page);
          expect(await canvas.getAttribute('aria-label')).toContain('at epoch 1.');
          await panel.page.getByRole('button', { name: 'CSV' }).click();
          expect((await lastSent(panel, 'export'))?.content).toContain(
            'run-0,usage/gates,2000,20,epoch 20,east,expert 2,1',
          );
        },
      );
    },
  );

  test('exports: CSV of all epochs, PNG on the background of the theme', async () => {
    await withPanel({ panel: 'relatedness', theme: 'dark' }, async (panel) => {
      const message = snapshot({ tasks: [...nastyNames], epochs: 3, phase: 'finished' });
      await panel.send(message);
      await panel.page.getByRole('button', { name: 'CSV' }).click();
      const csv = await lastSent(panel, 'export');
      const [run] = applyMessage(emptyView, message).runs;
      expect(csv).toMatchObject({ format: 'csv', name: 'Quick-start-seed-1-relatedness.csv' });
      expect(csv?.content).toBe(toCsv(relatednessHeader, relatednessRows('run-0', run.state)));
      await panel.page.getByRole('button', { name: 'PNG' }).click();
      const png = await lastSent(panel, 'export');
      const picture = await readPng(panel.page, png?.content ?? '');
      expect(picture.corner).toEqual([31, 31, 31, 255]);
      expect(picture.of('#4aa8ee')).toBeGreaterThan(1000);
    });
  });

  test.each([420, 1100])('at %d pixels the names that the cursor is at are whole, and strong', async (width) => {
    await withPanel({ panel: 'relatedness', width }, async (panel) => {
      await panel.send(snapshot({ tasks: ['north-east', 'south-west'], epochs: 1 }));
      const texts = await recordTexts(panel.page);
      await panel.page.locator('.heatmap canvas').first().focus();
      await panel.page.keyboard.press('ArrowRight');
      const written = (await texts()).map(({ text }) => text);
      expect(written.filter((text) => text === 'north-east')).toHaveLength(2);
      expect(written.filter((text) => text.includes('…'))).toEqual([]);
    });
  });

  test('139 tasks: going through the epochs takes no longer than a blink', async () => {
    await withPanel({ panel: 'relatedness', width: 1300 }, async (panel) => {
      await panel.send(snapshot({ tasks: schools, epochs: 6 }));
      const milliseconds = await panel.page.evaluate(async () => {
        const slider = document.querySelector<HTMLInputElement>('.epoch-slider input[type=range]');
        if (slider === null) throw new Error('There is no slider.');
        const start = performance.now();
        for (const position of ['0', '1', '2', '3', '4']) {
          slider.value = position;
          slider.dispatchEvent(new Event('input'));
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        }
        return (performance.now() - start) / 5;
      });
      expect(milliseconds).toBeLessThan(1000);
    });
  });
});
