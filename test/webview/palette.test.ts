import { describe, expect, test } from 'vitest';
import type { Colour } from '../../src/figures/colour';
import { between, contrast, cssColour, parseColour, toOklab } from '../../src/figures/colour';
import type { ThemeKind } from '../../src/figures/palette';
import { colourScale, lineStyle, textOn } from '../../src/figures/palette';

const backgrounds: Readonly<Record<ThemeKind, Colour>> = {
  dark: [31, 31, 31, 1],
  light: [255, 255, 255, 1],
  'high-contrast-dark': [0, 0, 0, 1],
  'high-contrast-light': [255, 255, 255, 1],
};
const kinds = Object.keys(backgrounds) as ThemeKind[];

/** How people without one kind of cone see a colour: Machado et al., 2009, full severity, on linear light. */
const visions = {
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

function seenWith(matrix: readonly number[], colour: Colour): Colour {
  const linear = colour
    .slice(0, 3)
    .map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  const row = (at: number) =>
    Math.min(1, Math.max(0, matrix[at] * linear[0] + matrix[at + 1] * linear[1] + matrix[at + 2] * linear[2]));
  const gamma = (share: number) => 255 * (share <= 0.0031308 ? 12.92 * share : 1.055 * share ** (1 / 2.4) - 0.055);
  return [gamma(row(0)), gamma(row(3)), gamma(row(6)), 1];
}

function distance(one: Colour, other: Colour): number {
  const [first, second] = [toOklab(one), toOklab(other)];
  return Math.hypot(first[0] - second[0], first[1] - second[1], first[2] - second[2]);
}

describe.each(kinds)('lines on %s', (kind) => {
  const styles = Array.from({ length: 56 }, (_, place) => lineStyle(place, kind));

  test('every line has a contrast of at least 3 with the background', () => {
    for (const { colour } of styles.slice(0, 8)) expect(contrast(colour, backgrounds[kind])).toBeGreaterThanOrEqual(3);
  });

  test('no two of 56 lines look alike, and neighbours differ in colour and marker', () => {
    expect(new Set(styles.map(({ colour, marker }) => `${cssColour(colour)} ${marker}`)).size).toBe(56);
    for (let place = 1; place < 56; place++) {
      expect(styles[place].marker).not.toBe(styles[place - 1].marker);
      expect(cssColour(styles[place].colour)).not.toBe(cssColour(styles[place - 1].colour));
    }
  });

  test.each(Object.entries(visions))('colours stay apart with %s, the first five clearly', (_, matrix) => {
    const seen = styles.slice(0, 8).map(({ colour }) => seenWith(matrix, colour));
    for (let one = 0; one < 8; one++) {
      for (let other = one + 1; other < 8; other++) {
        expect(distance(seen[one], seen[other])).toBeGreaterThan(other < 5 ? 0.08 : 0.05);
      }
    }
  });
});

describe.each(kinds)('the scale of a matrix on %s', (kind) => {
  const scale = colourScale(-1, 1, kind);

  test.each(Object.entries(visions))('conflict and agreement stay apart with %s', (_, matrix) => {
    for (const value of [0.3, 0.6, 1]) {
      const apart = distance(seenWith(matrix, scale.at(-value)), seenWith(matrix, scale.at(value)));
      expect(apart).toBeGreaterThan(0.08 * value);
    }
  });

  test('goes evenly away from the neutral middle on both sides', () => {
    const from = (value: number) => distance(scale.at(value), scale.at(0));
    for (const side of [-1, 1]) {
      const distances = [0, 0.25, 0.5, 0.75, 1].map((value) => from(side * value));
      for (let place = 1; place < 5; place++) expect(distances[place]).toBeGreaterThan(distances[place - 1]);
    }
  });

  test('values in cells can be read: a contrast of at least 4.5', () => {
    for (let value = -1; value <= 1; value += 0.05) {
      expect(contrast(textOn(scale.at(value)), scale.at(value))).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe('colours', () => {
  test.each([
    ['#fff', [255, 255, 255, 1]],
    ['#0078d4', [0, 120, 212, 1]],
    ['#00000080', [0, 0, 0, 128 / 255]],
    ['rgb(1, 2, 3)', [1, 2, 3, 1]],
    ['rgba(255, 255, 255, 0.7)', [255, 255, 255, 0.7]],
    ['rgb(10 20 30 / 50%)', [10, 20, 30, 0.5]],
    [' #ABCDEF ', [171, 205, 239, 1]],
  ])('parseColour(%j)', (text, expected) => expect(parseColour(text)).toEqual(expected));

  test.each(['', 'inherit', '#12', 'rgb(1, 2)', 'var(--x)'])('parseColour(%j) is nothing', (text) => {
    expect(parseColour(text)).toBeUndefined();
  });

  test('contrast of black and white is 21', () => {
    expect(contrast([0, 0, 0, 1], [255, 255, 255, 1])).toBeCloseTo(21, 6);
  });

  test('between two colours: both ends are exact, the middle of grey is grey', () => {
    expect(between([0, 0, 0, 1], [255, 255, 255, 1], 0)).toEqual([0, 0, 0, 1]);
    expect(between([0, 0, 0, 1], [255, 255, 255, 1], 1)).toEqual([255, 255, 255, 1]);
    const [red, green, blue] = between([0, 0, 0, 1], [255, 255, 255, 1], 0.5);
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(0.1);
  });

  test('a range without zero inside runs one way', () => {
    const scale = colourScale(0, 2, 'light');
    expect(scale.at(0)).toEqual(colourScale(-1, 1, 'light').at(0));
    expect(scale.at(2)).toEqual(colourScale(-1, 1, 'light').at(1));
    expect(scale.at(5)).toEqual(scale.at(2));
  });
});
