import { describe, expect, test } from 'vitest';
import { matricesSvg, placeOf } from '../../src/figures/matrixSvg';
import { fitted, textWidth, xmlText } from '../../src/figures/svgText';
import { hasBrowser } from '../webview/fixtures/page';
import { drawn, useBrowser } from '../webview/fixtures/drawing';
import { nastyNames } from '../webview/fixtures/journal';
import { figureOf } from './figures';

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
});
