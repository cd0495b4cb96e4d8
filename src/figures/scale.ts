import type { MeasureWords } from './measureWords';
import type { ColourScale, ThemeKind } from './palette';
import { colourScale } from './palette';

/** A measure as far as its scale goes. */
export type Scaled = Pick<MeasureWords, 'range' | 'neutral' | 'higherIsCloser'> & Partial<Pick<MeasureWords, 'every'>>;

/** Lowest and highest value of pairs of different tasks. */
export type Extent = readonly [number, number];

export function hasBounds({ range }: Scaled): boolean {
  return range.every(Number.isFinite);
}

/**
 * Between which values the colours run.
 * @param extent Where it is given, the values that there are; a neutral value is then in the middle, or at the end where
 *   it is an end of the measure's range. Otherwise the measure's own range.
 */
export function scaleLimits({ range, neutral }: Scaled, extent: Extent | undefined): readonly [number, number] {
  if (extent === undefined) {
    if (range.every(Number.isFinite)) return range;
    const centre = neutral ?? 0;
    return [Math.max(range[0], centre - 1), Math.min(range[1], centre + 1)];
  }
  const [low, high] = extent;
  if (neutral === undefined) return low < high ? extent : around(low);
  const reach = Math.max(Math.abs(low - neutral), Math.abs(high - neutral)) || 1;
  return [range[0] < neutral ? neutral - reach : neutral, neutral < range[1] ? neutral + reach : neutral];
}

/** Where all values are the same, from zero to it. */
function around(value: number): readonly [number, number] {
  return value < 0 ? [value, 0] : [0, value || 1];
}

/**
 * The colours of a measure.
 * @param extent The values that there are, where the colours are to fit them and not the measure's range.
 */
export function scaleOf(words: Scaled, extent: Extent | undefined, kind: ThemeKind): ColourScale {
  const [low, high] = scaleLimits(words, extent);
  return colourScale(low, high, kind, { neutral: words.neutral, lowerIsCloser: !words.higherIsCloser });
}

/** A place on the bar of colours: its value, and what that means. */
export interface ScaleMark {
  readonly value: number;
  readonly word: string;
}

/** The further end, the middle and the closer end of the bar, from left to right whichever way the values run. */
export function scaleMarks(words: MeasureWords, scale: ColourScale): readonly [ScaleMark, ScaleMark, ScaleMark] {
  const middle = (scale.low + scale.high) / 2;
  const isNeutral = words.neutral !== undefined && Math.abs(middle - words.neutral) <= 1e-9 * (scale.high - scale.low);
  const low = { value: scale.low, word: words.low };
  const high = { value: scale.high, word: words.high };
  const centre = { value: middle, word: isNeutral ? words.middle : '' };
  return scale.lowerIsCloser ? [high, centre, low] : [low, centre, high];
}
