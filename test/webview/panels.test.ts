import { describe, expect, test } from 'vitest';
import type { Snapshot } from './fixtures/bench';
import { compass, empty, running, schools, snapshot, useBench } from './fixtures/bench';
import { nastyNames } from './fixtures/journal';
import { hasBrowser, settle } from './fixtures/page';
import type { ThemeName } from './fixtures/themes';

const states: readonly (readonly [name: string, panel: 'curves' | 'relatedness', message: Snapshot, words: string])[] =
  [
    ['curves-empty', 'curves', empty, 'No run yet'],
    ['curves-untrusted', 'curves', { ...empty, notice: 'Runs need a trusted folder.' }, 'Runs need a trusted folder.'],
    [
      'curves-starting',
      'curves',
      { ...snapshot({ ...running, phase: 'starting' }), runs: [{ id: 'run-0', events: [] }] },
      'Starting',
    ],
    ['curves-begun', 'curves', snapshot({ tasks: compass, done: 0, end: 'none' }), 'Training has begun'],
    [
      'curves-running',
      'curves',
      snapshot({ ...running, warnings: ['Column "x7" is constant and left out.'] }),
      '1 warning',
    ],
    ['curves-paused', 'curves', snapshot({ tasks: compass, done: 9, end: 'paused' }), 'Paused at step'],
    ['curves-finished', 'curves', snapshot({ tasks: compass, phase: 'finished' }), 'Results, of the best epoch'],
    ['curves-stopped', 'curves', snapshot({ tasks: compass, done: 8, end: 'stopped' }), 'Stopped at step'],
    ['curves-failed', 'curves', snapshot({ tasks: compass, done: 6, end: 'failed' }), 'The run failed at step'],
    [
      'curves-interrupted',
      'curves',
      snapshot({ ...running, phase: 'interrupted' }),
      'The process of this run is gone.',
    ],
    ['curves-nasty', 'curves', snapshot({ tasks: [...nastyNames], experiment: nastyNames[0] }), '__proto__'],
    ['curves-139-tasks', 'curves', snapshot({ tasks: schools, epochs: 6, pooled: true }), '127 of 139 tasks'],
    ['relatedness-empty', 'relatedness', empty, 'No run yet'],
    ['relatedness-training', 'relatedness', snapshot({ tasks: compass, done: 0, end: 'none' }), 'Training'],
    ['relatedness-running', 'relatedness', snapshot(running), 'pull together'],
    [
      'relatedness-failed',
      'relatedness',
      snapshot({ tasks: compass, done: 6, end: 'failed' }),
      'The run failed at step',
    ],
    [
      'relatedness-nasty',
      'relatedness',
      snapshot({
        tasks: [...nastyNames],
        apart: [
          [0, 3],
          [2, 5],
        ],
      }),
      'never seen together',
    ],
    ['relatedness-50-tasks', 'relatedness', snapshot({ tasks: schools.slice(0, 50), epochs: 4 }), 'in conflict'],
    ['relatedness-139-tasks', 'relatedness', snapshot({ tasks: schools, epochs: 4 }), 'in conflict'],
  ];

describe.skipIf(!hasBrowser)('both panels in a browser (skipped where there is no Chromium)', () => {
  const withPanel = useBench();

  test.each<ThemeName>(['dark', 'light', 'contrast'])('every state has its words: %s', async (theme) => {
    for (const name of ['curves', 'relatedness'] as const) {
      await withPanel({ panel: name, theme }, async (panel) => {
        for (const [state, , message, words] of states.filter(([, where]) => where === name)) {
          await panel.send(message);
          expect(await panel.page.locator('#root').innerText(), state).toContain(words);
          expect(
            await panel.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
            state,
          ).toBe(true);
          await panel.screenshot(`${state}-${theme}`);
        }
      });
    }
  });

  test.each([400, 700, 1600])('nothing is wider than a panel of %i pixels', async (width) => {
    for (const name of ['curves', 'relatedness'] as const) {
      await withPanel({ panel: name, width }, async (panel) => {
        await panel.send(snapshot(running));
        expect(
          await panel.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
        ).toBeLessThanOrEqual(0);
        await panel.screenshot(`${name}-${width}-pixels`);
      });
    }
  });

  test('names are shown as text and are nothing else', async () => {
    for (const name of ['curves', 'relatedness'] as const) {
      await withPanel({ panel: name }, async (panel) => {
        const before = await panel.page.evaluate(() => document.querySelectorAll('script, img, b, iframe').length);
        await panel.send(snapshot({ tasks: [...nastyNames], experiment: nastyNames[1], warnings: [nastyNames[0]] }));
        if (name === 'relatedness') await panel.page.locator('vscode-checkbox', { hasText: 'Table' }).click();
        await settle(panel.page);
        expect(await panel.page.evaluate(() => document.querySelectorAll('script, img, b, iframe').length)).toBe(
          before,
        );
        const shown = await panel.page
          .locator('tbody th, tfoot th')
          .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('title')));
        for (const task of nastyNames) expect(shown).toContain(task);
        expect(await panel.page.evaluate(() => Object.keys(Object.prototype))).toEqual([]);
      });
    }
  });
});
