import { describe, expect, test } from 'vitest';
import { groupTasks } from '../../src/relatedness/grouping';
import { dendrogramDepth, dendrogramOf } from '../../src/figures/dendrogram';
import { groupedOrder, groupsInRows, outlineOf, runsOf } from '../../src/figures/groups';
import { shownGroups } from '../../webview/relatedness/grouping';
import { applyMessage, emptyView } from '../../webview/shared/runStore';
import { compass, lastSent, schools, snapshot, useBench } from './fixtures/bench';
import { measureNames } from './fixtures/journal';
import type { OpenPanel } from './fixtures/page';
import { hasBrowser, settle } from './fixtures/page';
import { coloursOf } from './fixtures/pixels';
import { recordTexts } from './fixtures/texts';

const eight = ['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west'] as const;

describe('the dendrogram beside rows', () => {
  // Tasks 0 and 2 join at 0.9, then 1 with them at 0.3.
  const merges = [
    { left: 0, right: 2, affinity: 0.9, size: 2 },
    { left: 3, right: 1, affinity: 0.3, size: 3 },
  ];

  test('each join lies between its sides, and holds the rows of both', () => {
    const { joins, closest, furthest } = dendrogramOf(merges, [1, 0, 2], true);
    expect([closest, furthest]).toEqual([0.9, 0.3]);
    expect(joins).toEqual([
      { sides: [{ row: 1 }, { row: 2 }], value: 0.9, rows: [1, 2] },
      { sides: [{ row: 0 }, { row: 1.5, value: 0.9 }], value: 0.3, rows: [0, 2] },
    ]);
  });

  test('a distance has its own values and not those that were turned for it', () => {
    const turned = merges.map((merge) => ({ ...merge, affinity: merge.affinity - 1 }));
    const { closest, furthest } = dendrogramOf(turned, [1, 0, 2], false);
    expect([closest, furthest].map((value) => Number(value.toFixed(9)))).toEqual([0.1, 0.7]);
  });

  test('depth is to scale between the first join and the last', () => {
    const drawn = { joins: [], closest: 0.8, furthest: 0.2 };
    const [first, middle, last] = [0.8, 0.5, 0.2].map((value) => dendrogramDepth(drawn, value));
    expect(dendrogramDepth(drawn, undefined)).toBe(0);
    expect(first).toBeGreaterThan(0);
    expect(middle).toBeCloseTo((first + last) / 2, 9);
    expect(last).toBeCloseTo(1, 9);
    expect(dendrogramDepth({ joins: [], closest: 0.4, furthest: 0.4 }, 0.4)).toBe(1);
  });
});

describe('groups in a matrix', () => {
  const groups = [
    { serves: [0, 3], helpers: [1] },
    { serves: [1, 2], helpers: [] },
  ];

  test('their tasks lie together, as in the file within each, and tasks that are not shown are left out', () => {
    expect(groupedOrder(groups, [0, 1, 2, 3])).toEqual([0, 3, 1, 2]);
    expect(groupsInRows(groups, [0, 3, 2])).toEqual([
      { serves: [0, 1], helpers: [] },
      { serves: [2], helpers: [] },
    ]);
  });

  test('rows that lie together have one outline, others several', () => {
    expect(outlineOf(new Set([0, 1]), new Set([0, 1]))).toHaveLength(8);
    expect(outlineOf(new Set([0, 2]), new Set([0, 2]))).toHaveLength(16);
    expect(outlineOf(new Set([]), new Set([0]))).toEqual([]);
    expect(runsOf([5, 1, 2, 6])).toEqual([
      [1, 2],
      [5, 6],
    ]);
  });
});

describe('the groups that are shown', () => {
  const grouping = groupTasks(
    [
      [1, 0.5],
      [0.5, 1],
    ],
    true,
    { groups: 1, method: 'linkage', disjoint: true, alone: 0 },
  );
  const here = { runId: 'a', measure: 'tag-affinity' };
  const known = shownGroups(undefined, here, { grouping })!;

  test('are those that were found, or none where the search failed', () => {
    expect(known).toEqual({ ...here, groups: grouping.groups });
    expect(shownGroups(known, here, { failure: 'no' })).toBeUndefined();
  });

  test('stay while others are looked for, but are never those of another run or measure', () => {
    expect(shownGroups(known, here, undefined)).toBe(known);
    expect(shownGroups(known, { ...here, runId: 'b' }, undefined)).toBeUndefined();
    expect(shownGroups(known, { ...here, measure: 'conflict-rate' }, undefined)).toBeUndefined();
  });
});

describe.skipIf(!hasBrowser)('groups and clusters in the panel (skipped where there is no Chromium)', () => {
  const withPanel = useBench();
  const choose = async (panel: OpenPanel, label: string, option: string) => {
    await panel.page.locator(`vscode-dropdown[aria-label="${label}"]`).click();
    await panel.page.getByRole('option', { name: option, exact: true }).click();
    await settle(panel.page);
  };
  const found = (panel: OpenPanel) => panel.page.locator('.group-score', { hasText: 'Score' }).waitFor();

  test.each(['dark', 'light', 'contrast'] as const)(
    'rows by clusters have a dendrogram that follows the keyboard, in theme %s',
    async (theme) => {
      await withPanel({ panel: 'relatedness', theme, width: 1100 }, async (panel) => {
        await panel.send(snapshot({ tasks: eight }));
        const canvas = panel.page.locator('.heatmap canvas').first();
        const before = (await canvas.boundingBox())!;
        await choose(panel, 'Order', 'By clusters');
        expect((await canvas.boundingBox())!.width).toBeGreaterThan(before.width - 1);
        expect(await canvas.getAttribute('aria-label')).toMatch(/Joined first: .*; last, at −0\.\d+/);
        await canvas.focus();
        for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await panel.page.keyboard.press(key);
        await panel.screenshot(`relatedness-dendrogram-${theme}`);
      });
    },
  );

  test('groups are outlined, said in words with their score, and can be written as experiments', async () => {
    await withPanel({ panel: 'relatedness', width: 1100 }, async (panel) => {
      const message = snapshot({ tasks: eight, measures: measureNames });
      await panel.send(message);
      await choose(panel, 'Measure', 'TAG inter-task affinity');
      const colour = () => coloursOf(panel.page, '.heatmap canvas').then((pixels) => pixels.near([86, 180, 233]));
      const before = await colour();
      await choose(panel, 'Groups', 'Network selection');
      await found(panel);
      const [run] = applyMessage(emptyView, message).runs;
      const { values } = run.state.relatedness.at(-1)!.matrices.find(({ measure }) => measure === 'tag-affinity')!;
      const expected = groupTasks(values, true, { groups: 3, method: 'tag', disjoint: false, alone: 0 });
      const names = (tasks: readonly number[]) => tasks.map((task) => eight[task]).join(', ');
      const items = await panel.page.locator('.group-list li').allInnerTexts();
      expect(items.map((item) => item.replace(/\s+/g, ' '))).toEqual(
        expected.groups.map(
          ({ serves, helpers }, place) =>
            `${place + 1} Group ${place + 1}: ${names(serves)}${helpers.length > 0 ? ` — helped by ${names(helpers)}` : ''}`,
        ),
      );
      expect(await panel.page.locator('.group-score').innerText()).toContain('There is no better one.');
      await expect.poll(colour).toBeGreaterThan(before + 200);
      await panel.screenshot('relatedness-groups');
      await choose(panel, 'How many', 'at most 2');
      await panel.page.getByRole('button', { name: 'Write experiments for these groups…' }).click();
      expect(await lastSent(panel, 'group')).toEqual({
        type: 'group',
        id: 'run-0',
        measure: 'tag-affinity',
        groups: 2,
        method: 'tag',
        disjoint: false,
      });
      await choose(panel, 'Groups', 'Not shown');
      expect(await panel.page.locator('.group-result').isVisible()).toBe(false);
    });
  });

  test('no outlines of another measure are drawn while its own groups are looked for', async () => {
    await withPanel({ panel: 'relatedness', width: 1100 }, async (panel) => {
      await panel.page.evaluate(() => {
        const state = { waiting: false };
        class Waiting extends Worker {
          override postMessage(message: unknown) {
            if (!state.waiting) super.postMessage(message);
          }
        }
        Object.assign(window, { Worker: Waiting, state });
      });
      await panel.send(snapshot({ tasks: eight, measures: measureNames }));
      await choose(panel, 'Measure', 'TAG inter-task affinity');
      const colour = () => coloursOf(panel.page, '.heatmap canvas').then((pixels) => pixels.near([86, 180, 233]));
      const before = await colour();
      await choose(panel, 'Groups', 'Average linkage');
      await found(panel);
      await expect.poll(colour).toBeGreaterThan(before + 200);
      await panel.page.evaluate(() => {
        (window as unknown as { state: { waiting: boolean } }).state.waiting = true;
      });
      await choose(panel, 'How many', '2');
      expect(await colour()).toBeGreaterThan(before + 200);
      await choose(panel, 'Measure', 'Conflict rate');
      expect(await panel.page.locator('.group-score').innerText()).toBe('Looking for groups…');
      await choose(panel, 'Measure', 'TAG inter-task affinity');
      expect(await colour()).toBeLessThan(before + 20);
    });
  });

  test('a worker that failed is ended before another one is started', async () => {
    await withPanel({ panel: 'relatedness', width: 1100 }, async (panel) => {
      await panel.page.evaluate(() => {
        const count = { started: 0, ended: 0 };
        class Failing extends Worker {
          constructor() {
            super(URL.createObjectURL(new Blob(['onmessage = () => { throw new Error("too many") }'])));
            this.addEventListener('error', (event) => event.preventDefault());
            count.started++;
          }
          override terminate() {
            count.ended++;
            super.terminate();
          }
        }
        Object.assign(window, { Worker: Failing, count });
      });
      await panel.send(snapshot({ tasks: eight }));
      await choose(panel, 'Groups', 'Average linkage');
      await panel.page.locator('.group-score', { hasText: 'too many' }).waitFor();
      await choose(panel, 'How many', '2');
      const count = () => panel.page.evaluate(() => (window as unknown as { count: object }).count);
      await expect.poll(count).toEqual({ started: 2, ended: 2 });
    });
  });

  test('groups of fifty tasks are looked for while the panel goes on', async () => {
    await withPanel({ panel: 'relatedness', width: 1300, theme: 'light' }, async (panel) => {
      await panel.send(snapshot({ tasks: schools.slice(0, 50), epochs: 3 }));
      await choose(panel, 'Order', 'By clusters');
      await panel.screenshot('relatedness-dendrogram-50');
      // How long it says so depends on the machine.
      await panel.page.locator('.group-score').evaluate((score) => {
        const told: (string | null)[] = [];
        new MutationObserver(() => told.push(score.textContent)).observe(score, {
          childList: true,
          characterData: true,
        });
        Object.assign(window, { told });
      });
      await choose(panel, 'Groups', 'Network selection, disjoint');
      const told = () => panel.page.evaluate(() => (window as unknown as { told: readonly string[] }).told[0]);
      expect(await told()).toBe('Looking for groups…');
      await choose(panel, 'Groups', 'Spectral clustering');
      await choose(panel, 'How many', '2');
      await found(panel);
      const items = await panel.page.locator('.group-list li').allInnerTexts();
      expect(items[0]).toMatch(/school 1, school 3, school 5/);
      await panel.screenshot('relatedness-groups-50');
    });
  });

  test('two tasks, a narrow panel, two measures: everything has its place', async () => {
    await withPanel({ panel: 'relatedness', width: 420, theme: 'contrast' }, async (panel) => {
      await panel.send(snapshot({ tasks: eight, measures: measureNames }));
      await choose(panel, 'Order', 'By clusters');
      await choose(panel, 'Groups', 'Average linkage');
      await found(panel);
      await panel.screenshot('relatedness-groups-narrow');
    });
    await withPanel({ panel: 'relatedness', width: 1100 }, async (panel) => {
      await panel.send(snapshot({ tasks: compass.slice(0, 2) }));
      await choose(panel, 'Order', 'By clusters');
      await choose(panel, 'Groups', 'Average linkage');
      await found(panel);
      await choose(panel, 'Order', 'By clusters');
      await panel.screenshot('relatedness-groups-2');
    });
    await withPanel({ panel: 'relatedness', width: 1200, theme: 'light' }, async (panel) => {
      await panel.send(snapshot({ tasks: eight, measures: measureNames }));
      await choose(panel, 'Beside it', 'Conflict rate');
      await choose(panel, 'Groups', 'Average linkage');
      await found(panel);
      await choose(panel, 'Order', 'By clusters');
      await panel.screenshot('relatedness-groups-beside');
    });
  });

  test.each([1100, 420])(
    'at %i pixels the scale of the tree has the values of both its ends, side by side',
    async (width) => {
      await withPanel({ panel: 'relatedness', width, state: { settings: { order: 'clusters' } } }, async (panel) => {
        const texts = await recordTexts(panel.page);
        await panel.send(snapshot({ tasks: eight, epochs: 3 }));
        const [furthest, closest] = (await texts()).filter(({ baseline }) => baseline === 'top').slice(-2);
        expect(closest.text).toMatch(/^0\.\d+$/);
        expect(furthest.text).toMatch(/^−0\.\d+$/);
        expect(closest.y).toBe(furthest.y);
        expect(closest.right).toBeLessThan(furthest.left);
        expect(closest.left).toBeGreaterThan(0);
      });
    },
  );
});
