import { describe, expect, test } from 'vitest';
import type { MatrixFigure } from '../../src/figures/matrixFigure';
import { matricesSvg, placeOf } from '../../src/figures/matrixSvg';
import { colourScale } from '../../src/figures/palette';
import { fitted, textWidth, xmlText } from '../../src/figures/svgText';
import { hasBrowser } from '../webview/fixtures/page';
import { drawn, useBrowser } from '../webview/fixtures/drawing';
import { nastyNames } from '../webview/fixtures/journal';
import { completeFigure, figureOf } from './figures';

const compass = ['north', 'east', 'south', 'west'];
const lone = 'half \ud83d of a pair, \u0000 and \u202e turned';

describe('a vector drawing', () => {
  test('has a cell and a value for each pair, and a diagonal where there is none', () => {
    const svg = matricesSvg('Compass', [figureOf('gradient-cosine', compass, true)]);
    const [unknown, values] = [svg.match(/<path /g), svg.match(/<text [^>]*>−?\d\.\d\d</g)];
    expect([unknown?.length, values?.length]).toEqual([4, 12]);
    expect(svg).toContain('never seen together');
    expect(svg).toContain('>pull together<');
  });

  test('of many tasks has no values, and of directed measures the directions', () => {
    const many = Array.from({ length: 139 }, (_, task) => `school ${task + 1}`);
    expect(placeOf(figureOf('gradient-cosine', many)).valueSize).toBe(0);
    expect(placeOf(figureOf('gradient-cosine', many.slice(0, 30))).valueSize).toBeGreaterThan(0);
    expect(matricesSvg('Run', [figureOf('pair-gain', compass)])).toMatch(/>takes<[\s\S]*>gives</);
  });

  test('has the tree of the clusters, the outlines of groups and the marks of intervals, and says what they are', () => {
    const figure = completeFigure('gradient-cosine', compass);
    const svg = matricesSvg('Compass', [figure]);
    const { joins, closest, furthest } = figure.dendrogram!;
    // A join is a path of four points.
    expect(svg.match(/M[\d. ]+L[\d. ]+L[\d. ]+L[\d. ]+(?=[M"])/g)).toHaveLength(joins.length);
    for (const end of [closest, furthest]) {
      expect(svg).toContain(`>${String(Number(end.toPrecision(2))).replace('-', '−')}</text>`);
    }
    const outlines = figure.groups!.flatMap(({ helpers }) => (helpers.length > 0 ? [1, 1] : [1]));
    expect(svg.match(/stroke-width="2.4"/g)).toHaveLength(outlines.length);
    expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
    expect(svg.match(/<circle /g)).toHaveLength(16);
    const cut = figure.values.flatMap((row, at) =>
      row.filter((_, column) => {
        const [low, high] = [figure.intervals!.lower[at][column]!, figure.intervals!.upper[at][column]!];
        return low <= 0 && high >= 0;
      }),
    );
    expect(svg.match(/<path d="[^"]*Z"/g) ?? []).toHaveLength(cut.length);
    const text = svg.replace(/<\/text>\s*<text [^>]*>/g, ' ');
    expect(text).toContain(
      'as wide as the 95 % bootstrap interval over 5 seeds. A cut corner: it holds the neutral value.',
    );
    expect(text).toContain('Outlined: the groups. Dashed: what helpers do for them. The tree joins tasks');
  });

  test('says of what moment a tree is that is not of the matrix, and nothing of marks that are too small', () => {
    const said = (names: readonly string[]) =>
      matricesSvg('Run', [{ ...completeFigure('gradient-cosine', names), treeMoment: 'epoch 9' }]).replace(
        /<\/text>\s*<text [^>]*>/g,
        ' ',
      );
    expect(said(compass)).toContain('at the mean of the matrix of epoch 9 between its two sides.');
    const many = said(Array.from({ length: 80 }, (_, task) => `school ${task + 1}`));
    expect(many).not.toMatch(/<circle |as wide as/);
  });

  test('texts are escaped and fit', () => {
    expect(xmlText('<a href="x">&\n\'')).toBe('&lt;a href=&quot;x&quot;&gt;&amp; &apos;');
    expect(xmlText(lone)).toBe('half \uFFFD of a pair,  and  turned');
    const long = fitted('a name that is far too long for this place, part 12', 12, 120);
    expect(long).toMatch(/^a name.*….*12$/);
    expect(textWidth(long, 12)).toBeLessThanOrEqual(120);
  });
});

describe.skipIf(!hasBrowser)('a vector drawing in a browser (skipped where there is no Chromium)', () => {
  const browser = useBrowser();

  test.each([
    ['one', [figureOf('gradient-cosine', compass, true)]],
    ['two', [figureOf('tag-affinity', compass), figureOf('conflict-rate', compass)]],
    ['nasty', [figureOf('loss-reliance', [...nastyNames, lone], true)]],
    ['complete-2', [completeFigure('gradient-cosine', compass.slice(0, 2))]],
    [
      'complete-beside',
      [completeFigure('loss-reliance', [...nastyNames, lone]), figureOf('rsa', [...nastyNames, lone])],
    ],
    [
      'complete-50',
      [
        completeFigure(
          'gradient-cosine',
          Array.from({ length: 50 }, (_, task) => `school ${task + 1}`),
        ),
      ],
    ],
    [
      '30-tasks',
      [
        figureOf(
          'debiased-cka',
          Array.from({ length: 30 }, (_, task) => `school ${task + 1}`),
        ),
      ],
    ],
    [
      '139-tasks',
      [
        figureOf(
          'gradient-cosine',
          Array.from({ length: 139 }, (_, task) => `school ${task + 1}`),
        ),
      ],
    ],
  ] as const)('is well-formed XML in which nothing reaches over the edge: %s', async (name, figures) => {
    const { problem, outside, scripts, size } = await drawn(
      browser(),
      matricesSvg(`Run <b> & "${lone}"`, figures),
      name,
    );
    expect(problem).toBe('');
    expect(outside).toEqual([]);
    expect(scripts).toBe(0);
    expect(size.width).toBeGreaterThan(300);
  });

  const tasks = (count: number) => Array.from({ length: count }, (_, task) => `task_number_${task + 1}`);
  const placesIn = async (figure: MatrixFigure, name: string) =>
    (await drawn(browser(), matricesSvg('Run', [figure]), name)).places;

  test('what columns do stands above their names', async () => {
    for (const names of [tasks(50), ['a', 'b']]) {
      const places = await placesIn(figureOf('tag-affinity', names), `takes-${names.length}`);
      const takes = places.find(({ text }) => text === 'takes')!;
      const columns = places.filter(({ text }) => names.includes(text)).slice(names.length);
      expect(columns).toHaveLength(names.length);
      expect(takes.bottom).toBeLessThan(Math.min(...columns.map(({ top }) => top)) + 3);
    }
  });

  test('the circles of the widest intervals lie beneath the numbers, and numbers within their cells', async () => {
    for (const count of [6, 12, 16]) {
      const names = tasks(count);
      const values = names.map((_, row) => names.map((__, column) => (row === column ? 1 : -0.88)));
      const ends = (end: number) => values.map((row) => row.map(() => end));
      const intervals = { lower: ends(-1), upper: ends(1), seeds: 2 };
      const places = await placesIn({ ...figureOf('rsa', names), values, intervals }, `wide-${count}`);
      const circles = places.filter(({ shape }) => shape === 'circle');
      const numbers = places.filter(({ text }) => /^(1\.00|−0\.88)$/.test(text));
      expect([circles.length, numbers.length]).toEqual([count ** 2, count ** 2]);
      circles.forEach((circle, at) => {
        const number = numbers[at];
        // A digit has its foot at four fifths of the height of its line.
        expect(circle.top).toBeGreaterThanOrEqual(number.top + 0.8 * (number.bottom - number.top) - 0.5);
      });
    }
    for (const count of [6, 12]) {
      const names = tasks(count);
      const values = names.map((_, row) => names.map((__, column) => (row === column ? 3e-5 : -9.9e-6)));
      const figure = { ...figureOf('tag-affinity', names), values, scale: colourScale(-1e-5, 1e-5, 'light') };
      const numbers = (await placesIn(figure, `small-${count}`)).filter(({ text }) => text === '−9.9e−6');
      expect(numbers).toHaveLength(count ** 2 - count);
      for (const { left, right } of numbers) expect(right - left).toBeLessThanOrEqual(placeOf(figure).cell - 4);
    }
  });
});
