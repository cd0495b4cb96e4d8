import type { ColourScale, ThemeKind } from '../shared/palette';
import { colourScale } from '../shared/palette';
import type { MeasureWords } from './measureWords';
import type { Moment } from './matrixModel';
import { extremePairs } from './matrixModel';

/** Over which values colours run: all that are possible, those of every epoch, or those of the epoch that is shown. */
export type ColourReach = 'range' | 'epochs' | 'epoch';

/** A measure as far as its scale goes. */
export type Scaled = Pick<MeasureWords, 'range' | 'neutral' | 'higherIsCloser'> & Partial<Pick<MeasureWords, 'every'>>;

/** Lowest and highest value of pairs of different tasks. */
export type Extent = readonly [number, number];

export function hasBounds({ range }: Scaled): boolean {
  return range.every(Number.isFinite);
}

/** The extent of the moments; undefined where no pair has a value. */
export function extentOf(moments: readonly Moment[], every = false): Extent | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const { matrix } of moments) {
    const pairs = extremePairs(matrix.values, every);
    if (pairs === undefined) continue;
    low = Math.min(low, pairs.lowest.value);
    high = Math.max(high, pairs.highest.value);
  }
  return low <= high ? [low, high] : undefined;
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

/** The colours of a measure, the same at every epoch unless they are asked to fit the one that is shown. */
export function measureScale(
  words: Scaled,
  moments: readonly Moment[],
  moment: Moment,
  { reach, kind }: { readonly reach: ColourReach; readonly kind: ThemeKind },
): ColourScale {
  const fitted = reach === 'epoch' ? [moment] : moments;
  const extent = reach === 'range' && hasBounds(words) ? undefined : extentOf(fitted, words.every);
  const [low, high] = scaleLimits(words, extent);
  return colourScale(low, high, kind, { neutral: words.neutral, lowerIsCloser: !words.higherIsCloser });
}
