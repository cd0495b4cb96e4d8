import type { Colour } from './colour';
import { between, contrast, parseColour } from './colour';

/** The four kinds of VS Code themes. */
export type ThemeKind = 'dark' | 'light' | 'high-contrast-dark' | 'high-contrast-light';

export function isDark(kind: ThemeKind): boolean {
  return kind === 'dark' || kind === 'high-contrast-dark';
}

export function isHighContrast(kind: ThemeKind): boolean {
  return kind === 'high-contrast-dark' || kind === 'high-contrast-light';
}

const black: Colour = [0, 0, 0, 1];
const white: Colour = [255, 255, 255, 1];

function colour(text: string): Colour {
  return parseColour(text) ?? black;
}

/**
 * Chosen so that people with any colour vision tell them apart (a test holds it, with the vision models of Machado et
 * al., 2009) and each has a contrast of 3 with the background; the idea is Okabe and Ito's, Color Universal Design, 2008,
 * whose own colours are made for one background.
 */
const lineColours: Readonly<Record<'dark' | 'light', readonly Colour[]>> = {
  dark: ['#56b4e9', '#ffa51e', '#f0567a', '#a5ffd2', '#a06bff', '#fff35c', '#4b87b4', '#d8d8d8'].map(colour),
  light: ['#0072b2', '#d2713a', '#6b0f45', '#1b9e77', '#3a0ca3', '#a83210', '#1e96ff', '#666666'].map(colour),
};

export const markers = ['circle', 'triangle', 'rect', 'rectRot', 'cross', 'star', 'crossRot'] as const;
export type Marker = (typeof markers)[number];

export interface LineStyle {
  readonly colour: Colour;
  readonly marker: Marker;
}

/**
 * Style of the line at a place in a list: eight colours and seven markers, so that no two of the first 56 are alike
 * and neighbours differ in both.
 */
export function lineStyle(place: number, kind: ThemeKind): LineStyle {
  const colours = lineColours[isDark(kind) ? 'dark' : 'light'];
  return { colour: colours[place % colours.length], marker: markers[place % markers.length] };
}

/** Training is solid; what was not trained on is dashed. In pixels. */
export const dashes = { train: [], validation: [6, 4] } as const;

/** A scale of colours: from low through the middle to high. */
export interface ColourScale {
  readonly low: number;
  readonly high: number;
  /** The value that means nothing either way; `low` where the scale has one direction only. */
  readonly middle: number;
  readonly at: (value: number) => Colour;
}

interface Ends {
  readonly low: Colour;
  readonly middle: Colour;
  readonly high: Colour;
}

/** Orange through the background's neutral to blue: both ends differ in hue for every kind of colour vision. */
const diverging: Readonly<Record<ThemeKind, Ends>> = {
  dark: { low: colour('#f08a24'), middle: colour('#2f3033'), high: colour('#4aa8ee') },
  light: { low: colour('#c75300'), middle: colour('#f1f1f1'), high: colour('#0068a8') },
  'high-contrast-dark': { low: colour('#ff9a33'), middle: colour('#000000'), high: colour('#5cc0ff') },
  'high-contrast-light': { low: colour('#b34700'), middle: colour('#ffffff'), high: colour('#005a94') },
};

/**
 * A scale from `low` to `high`. Where zero lies between, zero is the neutral middle and both directions run equally far.
 * Values beyond the ends have the colour of the end.
 */
export function colourScale(low: number, high: number, kind: ThemeKind): ColourScale {
  const { low: below, middle: neutral, high: above } = diverging[kind];
  if (low < 0 && high > 0) {
    const reach = Math.max(-low, high);
    return {
      low,
      high,
      middle: 0,
      at: (value) => (value < 0 ? between(neutral, below, -value / reach) : between(neutral, above, value / reach)),
    };
  }
  const span = high - low || 1;
  return { low, high, middle: low, at: (value) => between(neutral, above, (value - low) / span) };
}

/** Black or white, whichever is easier to read on a colour. */
export function textOn(background: Colour): Colour {
  return contrast(white, background) >= contrast(black, background) ? white : black;
}
