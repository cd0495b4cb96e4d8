/** Red, green and blue from 0 to 255, and opacity from 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/** Reads `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb(…)` and `rgba(…)`: what VS Code writes into its variables. */
export function parseColour(text: string): Colour | undefined {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(text.trim())?.[1];
  if (hex !== undefined) return fromHex(hex);
  const parts = /^rgba?\(([^)]*)\)$/i
    .exec(text.trim())?.[1]
    .split(/[\s,/]+/)
    .filter((part) => part !== '');
  if (parts === undefined || parts.length < 3) return undefined;
  const numbers = parts.map((part) => (part.endsWith('%') ? Number(part.slice(0, -1)) / 100 : Number(part)));
  const [red, green, blue, alpha = 1] = numbers;
  return numbers.every(Number.isFinite) ? [red, green, blue, alpha] : undefined;
}

function fromHex(hex: string): Colour | undefined {
  const digits = hex.length <= 4 ? [...hex].map((digit) => digit + digit).join('') : hex;
  if (digits.length !== 6 && digits.length !== 8) return undefined;
  const part = (position: number) => parseInt(digits.slice(2 * position, 2 * position + 2), 16);
  return [part(0), part(1), part(2), digits.length === 8 ? part(3) / 255 : 1];
}

export function cssColour([red, green, blue, alpha]: Colour): string {
  const whole = [red, green, blue].map((part) => Math.round(Math.min(255, Math.max(0, part))));
  return alpha >= 1 ? `rgb(${whole.join(', ')})` : `rgba(${whole.join(', ')}, ${Number(alpha.toFixed(3))})`;
}

export function withAlpha([red, green, blue]: Colour, alpha: number): Colour {
  return [red, green, blue, alpha];
}

/** What is seen when `above` lies on the opaque `below`. */
export function over(above: Colour, below: Colour): Colour {
  const mix = (position: 0 | 1 | 2) => above[3] * above[position] + (1 - above[3]) * below[position];
  return [mix(0), mix(1), mix(2), 1];
}

/** Contrast of two opaque colours by WCAG 2: from 1 to 21. */
export function contrast(one: Colour, other: Colour): number {
  const [low, high] = [luminance(one), luminance(other)].sort((first, second) => first - second);
  return (high + 0.05) / (low + 0.05);
}

/** Relative luminance, 0 for black to 1 for white. */
export function luminance([red, green, blue]: Colour): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function gamma(share: number): number {
  const clipped = Math.min(1, Math.max(0, share));
  return 255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055);
}

/** Lightness, green to red, blue to yellow: Ottosson's Oklab, in which equal distances look equal. */
export function toOklab([red, green, blue]: Colour): readonly [number, number, number] {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ];
}

function fromOklab([lightness, a, b]: readonly [number, number, number]): Colour {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
    1,
  ];
}

/** The colour at `share` (0 to 1) of the way between two opaque ones, by what looks even. */
export function between(from: Colour, to: Colour, share: number): Colour {
  if (share <= 0) return from;
  if (share >= 1) return to;
  const [start, end] = [toOklab(from), toOklab(to)];
  const at = (position: 0 | 1 | 2) => start[position] + share * (end[position] - start[position]);
  return fromOklab([at(0), at(1), at(2)]);
}
