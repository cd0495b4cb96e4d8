import type { Colour } from './colour';
import { between, contrast, parseColour } from './colour';
import { decimalsFor } from './numbers';

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
  /** The value that has the background's neutral colour; an end where the scale has one direction only. */
  readonly middle: number;
  /** Whether the strongest blue is that of low values. */
  readonly lowerIsCloser: boolean;
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

/** What the values of a scale mean. */
export interface ScaleSense {
  /** The value that means nothing either way; undefined where there is none. */
  readonly neutral?: number | undefined;
  readonly lowerIsCloser?: boolean;
}

/**
 * A scale from `low` to `high`. Blue is closer and orange is further, whichever way the values run, and both directions
 * run equally far from the neutral value; without one the scale has one direction, from the further end to blue. Values
 * beyond the ends have the colour of the end.
 * @param sense Where none is given, zero is neutral where it lies between, and higher is closer.
 */
export function colourScale(low: number, high: number, kind: ThemeKind, sense?: ScaleSense): ColourScale {
  const { low: further, middle: plain, high: closer } = diverging[kind];
  const { neutral, lowerIsCloser = false } = sense ?? (low < 0 && high > 0 ? { neutral: 0 } : {});
  const middle = neutral ?? (lowerIsCloser ? high : low);
  const reach = Math.max(Math.abs(low - middle), Math.abs(high - middle)) || 1;
  return {
    low,
    high,
    middle,
    lowerIsCloser,
    at(value) {
      const share = (lowerIsCloser ? middle - value : value - middle) / reach;
      return share < 0 ? between(plain, further, -share) : between(plain, closer, share);
    },
  };
}

/** How many decimals the values of a scale are written with. */
export function decimalsOf({ low, high }: Pick<ColourScale, 'low' | 'high'>): number {
  return decimalsFor(Math.max(Math.abs(low), Math.abs(high)));
}

/** Black or white, whichever is easier to read on a colour. */
export function textOn(background: Colour): Colour {
  return contrast(white, background) >= contrast(black, background) ? white : black;
}
