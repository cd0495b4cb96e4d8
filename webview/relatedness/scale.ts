import { extremePairs } from '../../src/figures/extremePairs';
import type { ColourScale, ThemeKind } from '../../src/figures/palette';
import type { Extent, Scaled } from '../../src/figures/scale';
import { hasBounds, scaleOf } from '../../src/figures/scale';
import type { Moment } from './matrixModel';

/** Over which values colours run: all that are possible, those of every epoch, or those of the epoch that is shown. */
export type ColourReach = 'range' | 'epochs' | 'epoch';

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

/** The colours of a measure, the same at every epoch unless they are asked to fit the one that is shown. */
export function measureScale(
  words: Scaled,
  moments: readonly Moment[],
  moment: Moment,
  { reach, kind }: { readonly reach: ColourReach; readonly kind: ThemeKind },
): ColourScale {
  const fitted = reach === 'epoch' ? [moment] : moments;
  return scaleOf(words, reach === 'range' && hasBounds(words) ? undefined : extentOf(fitted, words.every), kind);
}
