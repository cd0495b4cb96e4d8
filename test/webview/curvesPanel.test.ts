import { describe, expect, test } from 'vitest';
import { curvesHeader, curvesRows } from '../../webview/curves/csvRows';
import { toCsv } from '../../webview/shared/csv';
import { applyMessage, emptyView } from '../../webview/shared/runStore';
import { compass, empty, lastSent, running, schools, snapshot, useBench } from './fixtures/bench';
import { createJournal, nastyNames } from './fixtures/journal';
import { hasBrowser, settle } from './fixtures/page';
import { coloursOf, readPng } from './fixtures/pixels';

describe.skipIf(!hasBrowser)('the loss curves panel in a browser (skipped where there is no Chromium)', () => {
  const withPanel = useBench();

  test('lines have their colours, and follow the theme', async () => {
    await withPanel({ panel: 'curves' }, async (panel) => {
      await panel.send(snapshot(running));
      const dark = await coloursOf(panel.page, '.chart canvas');
      expect(dark.of('#56b4e9')).toBeGreaterThan(300);
      expect(dark.of('#ffa51e')).toBeGreaterThan(300);
      await panel.setTheme('light');
      const light = await coloursOf(panel.page, '.chart canvas');
      expect(light.of('#0072b2')).toBeGreaterThan(300);
      expect(light.of('#56b4e9')).toBeLessThan(5);
    });
  });

  test('events move the curves, and a gap asks for everything again', async () => {
    await withPanel({ panel: 'curves' }, async (panel) => {
      const events = createJournal({ tasks: compass });
      await panel.send({ ...snapshot(running), runs: [{ id: 'run-0', events: events.slice(0, 50) }] });
      const label = () => panel.page.locator('.chart canvas').getAttribute('aria-label');
      const progress = () => panel.page.locator('.progress-text').innerText();
      const before = { label: await label(), progress: await progress() };
      await panel.send({ type: 'events', id: 'run-0', events: events.slice(50, 120) });
      expect(await label()).not.toBe(before.label);
      expect(await progress()).not.toBe(before.progress);
      expect((await panel.sent()).filter(({ type }) => type === 'ready')).toHaveLength(1);
      await panel.send({ type: 'events', id: 'run-0', events: events.slice(130, 140) });
      expect((await panel.sent()).filter(({ type }) => type === 'ready')).toHaveLength(2);
    });
  });

  test('buttons ask for what they say, and only for what makes sense', async () => {
    await withPanel({ panel: 'curves' }, async (panel) => {
      await panel.send(empty);
      await panel.page.getByRole('button', { name: 'Run experiment' }).click();
      expect(await lastSent(panel, 'runExperiment')).toEqual({ type: 'runExperiment' });
      await panel.send(snapshot(running));
      await panel.page.getByRole('button', { name: 'Pause' }).click();
      expect(await lastSent(panel, 'request')).toEqual({ type: 'request', id: 'run-0', request: 'pause' });
      await panel.page.getByRole('button', { name: 'Pausing' }).waitFor();
      await panel.send(snapshot({ tasks: compass, done: 12, end: 'paused' }));
      await panel.page.getByRole('button', { name: 'Resume' }).click();
      expect(await lastSent(panel, 'request')).toEqual({ type: 'request', id: 'run-0', request: 'resume' });
      await panel.page.getByRole('button', { name: 'Stop' }).click();
      expect(await lastSent(panel, 'request')).toEqual({ type: 'request', id: 'run-0', request: 'stop' });
      await panel.page.getByRole('button', { name: 'Relatedness' }).click();
      expect(await lastSent(panel, 'open')).toEqual({ type: 'open', target: 'relatedness', id: 'run-0' });
      await panel.send(snapshot({ tasks: compass, done: 6, end: 'failed' }));
      await expect(panel.page.getByRole('button', { name: 'Stop' }).isVisible()).resolves.toBe(false);
      await panel.page.getByRole('button', { name: 'Show log' }).click();
      expect(await lastSent(panel, 'open')).toEqual({ type: 'open', target: 'log', id: 'run-0' });
      await panel.page.getByRole('button', { name: 'Open experiment' }).click();
      expect(await lastSent(panel, 'open')).toEqual({ type: 'open', target: 'experiment', id: 'run-0' });
    });
  });

  test('runs and tasks are picked from their lists, by keyboard too', async () => {
    await withPanel({ panel: 'curves' }, async (panel) => {
      await panel.send({
        ...snapshot({ ...running, seed: 1 }, { ...running, seed: 2 }),
        runs: snapshot(running).runs,
      });
      await panel.page.getByRole('button', { name: 'Runs:' }).click();
      await panel.page.getByRole('checkbox', { name: 'seed 2' }).check();
      expect(await lastSent(panel, 'select')).toEqual({ type: 'select', ids: ['run-1', 'run-0'] });
      await panel.page.keyboard.press('Escape');
      await panel.page.getByRole('button', { name: 'Tasks:' }).focus();
      await panel.page.keyboard.press('Enter');
      await panel.page.keyboard.press('Space');
      await settle(panel.page);
      expect(await panel.page.getByRole('button', { name: 'Tasks:' }).innerText()).toBe('3 of 4');
      expect(await panel.page.locator('.legend-label').allInnerTexts()).toEqual(['east', 'south', 'west']);
      await panel.send(snapshot({ tasks: schools, epochs: 4 }));
      await panel.page.keyboard.press('Escape');
      await panel.page.getByRole('button', { name: 'Tasks:' }).click();
      await panel.page.getByRole('textbox', { name: 'Search tasks' }).fill('school 13');
      expect(await panel.page.getByRole('dialog', { name: 'Tasks' }).getByRole('checkbox').count()).toBe(11);
    });
  });

  test('settings are kept over a reload, with the runs that were shown', async () => {
    let kept: unknown;
    await withPanel({ panel: 'curves' }, async (panel) => {
      await panel.send(snapshot(running));
      await panel.page.locator('vscode-checkbox', { hasText: 'Log y' }).click();
      await panel.page.getByRole('slider', { name: 'Smoothing' }).fill('0.6');
      await settle(panel.page);
      kept = await panel.kept();
      expect(kept).toMatchObject({ ids: ['run-0'], settings: { logY: true, smoothing: 0.6 } });
    });
    await withPanel({ panel: 'curves', state: kept }, async (panel) => {
      await panel.send(snapshot(running));
      expect(await panel.page.getByRole('slider', { name: 'Smoothing' }).inputValue()).toBe('0.6');
      expect(await panel.page.locator('vscode-checkbox', { hasText: 'Log y' }).getAttribute('aria-checked')).toBe(
        'true',
      );
      await panel.screenshot('curves-smooth-log');
    });
  });

  test('replicates are a band or lines; a chart per task; weights', async () => {
    await withPanel({ panel: 'curves' }, async (panel) => {
      const options = { tasks: compass, varyingWeights: true, phase: 'finished' } as const;
      await panel.send(snapshot({ ...options, seed: 1 }, { ...options, seed: 2 }, { ...options, seed: 3 }));
      await panel.screenshot('curves-replicates-band');
      const choose = async (list: string, choice: string) => {
        await panel.page.getByRole('combobox', { name: list }).click();
        await panel.page.getByRole('option', { name: choice }).click();
        await settle(panel.page);
      };
      await choose('Replicates', 'Each run');
      await choose('View', 'A chart per task');
      expect(await panel.page.locator('.chart-title').allInnerTexts()).toEqual(compass);
      expect(await panel.page.locator('.legend-label').allInnerTexts()).toHaveLength(3);
      await panel.screenshot('curves-chart-per-task');
      await choose('View', 'Task weights');
      expect(await panel.page.locator('.chart canvas').getAttribute('aria-label')).toContain(
        'Task weight by step, 12 lines',
      );
      for (const theme of ['dark', 'light', 'contrast'] as const) {
        await panel.setTheme(theme);
        await settle(panel.page);
        await panel.screenshot(`curves-weights-${theme}`);
      }
    });
  });

  test('zooming in and back, by drag and by keys', async () => {
    await withPanel({ panel: 'curves' }, async (panel) => {
      await panel.send(snapshot(running));
      const reset = panel.page.getByRole('button', { name: 'Reset zoom' });
      expect(await reset.isVisible()).toBe(false);
      const box = await panel.page.locator('.chart canvas').boundingBox();
      if (box === null) throw new Error('The chart has no box.');
      await panel.page.mouse.move(box.x + 200, box.y + 60);
      await panel.page.mouse.down();
      await panel.page.mouse.move(box.x + 500, box.y + 200, { steps: 5 });
      await panel.page.mouse.up();
      await reset.waitFor();
      await panel.screenshot('curves-zoomed');
      await reset.click();
      await reset.waitFor({ state: 'hidden' });
      await panel.page.locator('.chart canvas').focus();
      await panel.page.keyboard.press('+');
      await reset.waitFor();
      await panel.page.keyboard.press('0');
      await reset.waitFor({ state: 'hidden' });
    });
  });

  test('exports: CSV with every figure, PNG on the background of the theme', async () => {
    await withPanel({ panel: 'curves', theme: 'light' }, async (panel) => {
      const message = snapshot({ tasks: [...nastyNames], epochs: 4, phase: 'finished' });
      await panel.send(message);
      await panel.page.getByRole('button', { name: 'CSV' }).click();
      const csv = await lastSent(panel, 'export');
      const { runs, listings } = applyMessage(emptyView, message);
      expect(csv).toEqual({
        type: 'export',
        name: 'Quick-start-seed-1-curves.csv',
        format: 'csv',
        content: toCsv(curvesHeader, curvesRows(runs, listings)),
      });
      await panel.page.getByRole('button', { name: 'PNG' }).click();
      const png = await lastSent(panel, 'export');
      expect(png).toMatchObject({ format: 'png', name: 'Quick-start-seed-1-Loss.png' });
      const picture = await readPng(panel.page, png?.content ?? '');
      expect(picture.width).toBeGreaterThan(900);
      expect(picture.corner).toEqual([255, 255, 255, 255]);
      expect(picture.of('#0072b2')).toBeGreaterThan(300);
    });
  });

  test('100,000 recorded steps stay responsive', async () => {
    await withPanel({ panel: 'curves' }, async (panel) => {
      const events = createJournal({
        tasks: compass,
        epochs: 50,
        stepsPerEpoch: 2000,
        stepEvents: 2000,
        end: 'none',
      });
      expect(events.filter(({ type }) => type === 'step')).toHaveLength(100_000);
      await panel.send({ ...snapshot(running), runs: [{ id: 'run-0', events: events.slice(0, 90_000) }] });
      await panel.page.evaluate(() => {
        window.mtlTest.longest = 0;
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries())
            window.mtlTest.longest = Math.max(window.mtlTest.longest, duration);
        }).observe({ entryTypes: ['longtask'] });
      });
      for (let start = 90_000; start < 92_000; start += 200) {
        await panel.send({ type: 'events', id: 'run-0', events: events.slice(start, start + 200) });
      }
      await panel.page.getByRole('slider', { name: 'Smoothing' }).fill('0.9');
      await settle(panel.page);
      expect(await panel.page.locator('.progress-text').innerText()).toContain('epoch 4');
      const longest = await panel.page.evaluate(() => window.mtlTest.longest);
      expect(longest).toBeLessThan(1000);
    });
  });
});
