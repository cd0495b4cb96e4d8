import { describe, expect, test } from 'vitest';
import { initialRunState, reduceRuns } from '../../src/runs/state';
import { mapLayout, mapSvg } from '../../src/figures/mapFigure';
import { measureWords } from '../../src/figures/measureWords';
import { textWidth } from '../../src/figures/svgText';
import type { PlanePoints } from '../../src/relatedness/procrustes';
import { agreementMatrix } from '../../src/relatedness/statistics/agreement';
import { agreementsOf } from '../../webview/relatedness/agreements';
import { agreementRows } from '../../webview/relatedness/csvRows';
import { drawingOf } from '../../webview/relatedness/drawing';
import { mapRows } from '../../webview/relatedness/mapExports';
import { nextPoint } from '../../webview/relatedness/mapKeys';
import { defaultSettings } from '../../webview/relatedness/settings';
import { mapFigureOf } from '../../webview/relatedness/shownMap';
import { lastSent, schools, snapshot, useBench } from './fixtures/bench';
import { createJournal, measureNames } from './fixtures/journal';
import type { OpenPanel } from './fixtures/page';
import { hasBrowser, settle } from './fixtures/page';
import { readPng } from './fixtures/pixels';
import { darkTheme } from './fixtures/theme';

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

  test('lies as its reference does, with the same distances', () => {
    const plain = mapLayout(figure)!.points.map(({ place }) => place);
    const turned = plain.map(([x, y]) => [-y, -x] as const);
    const layout = mapLayout({ ...figure, reference: { moment: 'epoch 1', points: turned } })!;
    layout.points.forEach(({ place: [x, y] }, task) => {
      expect(x).toBeCloseTo(turned[task][0], 6);
      expect(y).toBeCloseTo(turned[task][1], 6);
    });
    expect(layout.note).toContain('turned to lie as that of epoch 1 does');
    expect(layout.note).not.toContain('one scale');
  });

  test.each([
    [3, 640],
    [12, 396],
    [50, 396],
  ])('of %i tasks in %i pixels has names beside each other, and says how many have no room', (count, width) => {
    const tasks = schools.slice(0, count);
    const values = tasks.map((_, row) => tasks.map((__, column) => Math.cos(row * 7.3 - column * 7.3)));
    const size = { width, height: 300, margin: 60, font: 12 };
    const { points, note } = mapLayout({ ...figure, tasks, values, groups: [] }, size)!;
    const boxes = points.flatMap(({ label, x, y, radius }) => [
      [x - radius, y - radius, x + radius, y + radius],
      ...(label ? [[label.x, label.y - 11, label.x + textWidth(label.text, size.font), label.y + 3]] : []),
    ]);
    const names = boxes.filter(([left, , right]) => right - left > 20);
    for (const box of names)
      for (const other of boxes)
        if (box !== other)
          expect(
            box[2] <= other[0] + 1e-6 ||
              box[0] >= other[2] - 1e-6 ||
              box[3] <= other[1] + 1e-6 ||
              box[1] >= other[3] - 1e-6,
          ).toBe(true);
    for (const [left, top, right, bottom] of boxes)
      expect(left >= 0 && top >= 0 && right <= width && bottom <= size.height).toBe(true);
    const unnamed = points.filter(({ label }) => !label).length;
    if (unnamed === 0) expect(note).not.toContain('no room');
    else expect(note).toContain(`no room for ${unnamed} names`);
    expect(unnamed).toBeLessThan(count === 50 ? 36 : 1);
  });

  test('through training stays as it lies first, whatever epoch is shown and though others are still to come', () => {
    const placesAt = (events: number, epoch: number) => {
      const journal = createJournal({ tasks: eight, epochs: 12 });
      const shown = { id: 'a', state: reduceRuns(initialRunState, journal.slice(0, events)) };
      const drawing = drawingOf(shown, { ...defaultSettings, epoch }, darkTheme)!;
      return mapLayout(mapFigureOf(shown.state, drawing))!.points.map(({ place }) => place);
    };
    const all = Array.from({ length: 12 }, (_, epoch) => placesAt(Infinity, epoch + 1));
    // How far two maps are from each other, beside how far the tasks are from the middle.
    const apart = (one: PlanePoints, other: PlanePoints) =>
      Math.hypot(...one.flatMap(([x, y], at) => [x - other[at][0], y - other[at][1]])) / Math.hypot(...one.flat());
    const flipped = (points: PlanePoints): PlanePoints[] => [
      points.map(([x, y]) => [-x, y]),
      points.map(([x, y]) => [x, -y]),
      points.map(([x, y]) => [-x, -y]),
    ];
    for (const points of all)
      for (const other of flipped(points)) expect(apart(points, all[0])).toBeLessThanOrEqual(apart(other, all[0]));
    const live = createJournal({ tasks: eight, epochs: 12 }).findIndex(
      (event) => event.type === 'relatedness' && event.epoch === 5,
    );
    expect(placesAt(live + 1, 5)).toEqual(all[4]);
  });

  test('has one scale at all epochs, by which tasks that draw apart do so', () => {
    const shown = { id: 'a', state: reduceRuns(initialRunState, createJournal({ tasks: eight, epochs: 12 })) };
    const size = { width: 640, height: 400, margin: 60, font: 12 };
    const layouts = Array.from({ length: 12 }, (_, epoch) => {
      const drawing = drawingOf(shown, { ...defaultSettings, epoch: epoch + 1 }, darkTheme)!;
      return mapLayout(mapFigureOf(shown.state, drawing), size)!;
    });
    // Pixels of one unit, and whether a map touches the room that names have.
    const scales = layouts.flatMap(({ points }) => points.map(({ x, place }) => (x - size.width / 2) / place[0]));
    for (const scale of scales) expect(scale).toBeCloseTo(scales[0], 6);
    const ends = layouts.map(({ points }) =>
      Math.max(...points.flatMap(({ x, y }) => [Math.abs(x - 320) / 260, Math.abs(y - 200) / 170])),
    );
    expect(Math.max(...ends)).toBeCloseTo(1, 6);
    expect(Math.min(...ends)).toBeLessThan(0.9);
    for (const { note } of layouts) expect(note).toContain('All epochs have one scale.');
  });

  test('of the trained model or of very many tasks fills its frame as well', () => {
    const at = (tasks: readonly string[], settings: object, epochs: number) => {
      const journal = createJournal({ tasks, epochs, stepEvents: 1, trained: ['leep'] });
      const shown = { id: 'a', state: reduceRuns(initialRunState, journal) };
      return mapFigureOf(shown.state, drawingOf(shown, { ...defaultSettings, ...settings }, darkTheme)!);
    };
    expect(at(eight, { measure: 'leep' }, 3).reach).toBeUndefined();
    expect(at(eight, {}, 1).reach).toBeUndefined();
    const many = at(schools.slice(0, 100), { epoch: 2 }, 40);
    const wide = (points: readonly { readonly x: number }[]) => Math.max(...points.map(({ x }) => Math.abs(x - 320)));
    expect(wide(mapLayout(many)!.points)).toBeLessThanOrEqual(260 + 1e-6);
  });

  test('has keys that reach every point, always to their own side', () => {
    const points = [
      { x: 5, y: 1 },
      { x: 1, y: 9 },
      { x: 3, y: 4 },
    ];
    expect(nextPoint('ArrowRight', points, 1)).toBe(2);
    expect(nextPoint('ArrowRight', points, 2)).toBe(0);
    expect(nextPoint('ArrowRight', points, 0)).toBe(0);
    expect(nextPoint('ArrowDown', points, 0)).toBe(2);
    expect(nextPoint('ArrowUp', points, 1)).toBe(2);
    expect(nextPoint('Home', points, 0)).toBe(1);
    expect(nextPoint('End', points, 1)).toBe(0);
    expect(nextPoint('Enter', points, 1)).toBeUndefined();
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

  test('is saved as numbers by the names of the measures, each pair once', () => {
    const agreements = at(2, [0, 2, 3, 5, 7])!;
    const rows = agreementRows('a', agreements);
    const { measures, matrix } = agreements;
    expect(rows).toHaveLength((measures.length * (measures.length + 1)) / 2);
    expect(rows[2]).toEqual(['a', 'epoch 2', 'gradient-cosine', 'conflict-rate', matrix.values[0][2]]);
    expect(rows.at(-1)).toEqual(['a', 'epoch 2', 'embedding-cosine', 'embedding-cosine', 1]);
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
      expect(await panel.page.locator('.agreement-pane canvas[tabindex]').isVisible()).toBe(tasks.length > 2);
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

  test('in a narrow panel the names of the map are as large as in a wide one, and keys go from point to point', async () => {
    await withPanel({ panel: 'relatedness', width: 420, height: 1400 }, async (panel) => {
      await panel.send(snapshot({ tasks: eight, epochs: 3 }));
      await open(panel, 'Task map');
      const map = panel.page.locator('.map-place');
      const heights = () =>
        map.locator('text').evaluateAll((names) => names.map((name) => name.getBoundingClientRect().height));
      const narrow = await heights();
      expect(narrow.length).toBe(8);
      expect(Math.min(...narrow)).toBeGreaterThan(11);
      const box = (await map.locator('svg').boundingBox())!;
      expect(box.x + box.width).toBeLessThanOrEqual(420);
      await panel.page.keyboard.press('Tab');
      const name = () => panel.page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
      const left = () => map.locator('circle:focus').getAttribute('cx').then(Number);
      expect(await name()).toMatch(/^north: closest to /);
      await panel.page.keyboard.press('Home');
      for (let [step, before] = [0, await left()]; step < 7; step++) {
        await panel.page.keyboard.press('ArrowRight');
        expect(await left()).toBeGreaterThanOrEqual(before);
        before = await left();
      }
      const last = await name();
      expect(await panel.page.locator('.map-said').innerText()).toBe(last);
      await panel.page.keyboard.press('ArrowRight');
      expect(await name()).toBe(last);
      await panel.page.keyboard.press('Tab');
      expect(await panel.page.evaluate(() => document.activeElement?.textContent)).toBe('PNG');
      expect(await panel.page.locator('.map-said').innerText()).toMatch(/^Point at a task/);
      await panel.screenshot('relatedness-map-420');
      await panel.page.setViewportSize({ width: 1100, height: 1400 });
      await settle(panel.page);
      expect((await map.locator('svg').boundingBox())!.width).toBeGreaterThan(700);
      expect(await heights()).toEqual(narrow);
    });
  });

  test('the agreement is saved in four ways, of the epoch that is shown', async () => {
    await withPanel({ panel: 'relatedness', theme: 'dark', state: { settings: { epoch: 2 } } }, async (panel) => {
      await panel.send(snapshot({ tasks: eight, epochs: 3, measures: measureNames }));
      await open(panel, 'Agreement of measures');
      const saved = async (format: string) => {
        await panel.page.locator('.agreement-pane').getByRole('button', { name: format }).click();
        return (await lastSent(panel, 'export'))!;
      };
      const csv = await saved('CSV');
      expect(csv.name).toMatch(/agreement-epoch-2\.csv$/);
      expect(csv.content.split('\r\n').slice(0, 2)).toEqual([
        'run,moment,measure,other,spearman',
        'run-0,epoch 2,gradient-cosine,gradient-cosine,1',
      ]);
      const svg = await saved('SVG');
      expect(svg.name).toMatch(/agreement-epoch-2\.svg$/);
      expect(svg.content.match(/>−?\d\.\d\d</g)).toHaveLength(measureNames.length ** 2);
      expect(svg.content).toContain('Agreement of measures, epoch 2');
      const latex = await saved('LaTeX');
      expect(latex.name).toMatch(/agreement-epoch-2\.tex$/);
      expect(latex.content).toContain('\\label{tab:agreement-epoch-2}');
      expect(latex.content).toContain('TAG inter{-}task affinity & ');
      const png = await saved('PNG');
      const picture = await readPng(panel.page, png.content);
      expect(picture.corner).toEqual([31, 31, 31, 255]);
      expect(picture.of('#4aa8ee')).toBeGreaterThan(1000);
    });
  });

  test('a cell of the agreement is reached by keys, is said, and shows its two measures', async () => {
    await withPanel({ panel: 'relatedness', state: { settings: { table: true } } }, async (panel) => {
      await panel.send(snapshot({ tasks: eight, epochs: 3, measures: measureNames }));
      await open(panel, 'Agreement of measures');
      const pane = panel.page.locator('.agreement-pane');
      await pane.locator('canvas[tabindex]').focus();
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
