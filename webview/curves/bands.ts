import type { Points } from '../shared/thinning';
import { firstAtLeast } from '../shared/thinning';

/** Several curves as one: their mean, and how far they lie apart. */
export interface Band {
  readonly x: readonly number[];
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** So many points where the curves were not measured at the same places. */
const places = 400;

/**
 * Mean, lowest and highest of curves at common places. Where they were measured at the same places, those are taken;
 * otherwise each is read between its points. A curve counts only between its own ends.
 */
export function bandOf(curves: readonly Points[], log: boolean): Band {
  const x = commonPlaces(curves, log);
  const rows = curves.map((curve) => x.map((at) => valueAt(curve, at)));
  const columns = x.map((_, place) => rows.map((row) => row[place]).filter(Number.isFinite));
  const kept = x.map((_, place) => place).filter((place) => columns[place].length > 0);
  return {
    x: kept.map((place) => x[place]),
    mean: kept.map((place) => columns[place].reduce((sum, value) => sum + value, 0) / columns[place].length),
    low: kept.map((place) => Math.min(...columns[place])),
    high: kept.map((place) => Math.max(...columns[place])),
  };
}

function commonPlaces(curves: readonly Points[], log: boolean): readonly number[] {
  const longest = curves.reduce<readonly number[]>((best, { x }) => (x.length > best.length ? x : best), []);
  // Runs that ended at different epochs still share the places of the longest.
  if (curves.every(({ x }) => x.every((at, place) => at === longest[place]))) return longest;
  const all = curves.flatMap(({ x }) => (x.length === 0 ? [] : [x[0], x[x.length - 1]]));
  const positive = all.filter((at) => !log || at > 0);
  const low = Math.min(...positive);
  const high = Math.max(...positive);
  if (!(high > low)) return positive.length === 0 ? [] : [low];
  const share = (place: number) => place / (places - 1);
  return Array.from({ length: places }, (_, place) =>
    log ? low * (high / low) ** share(place) : low + (high - low) * share(place),
  );
}

/** The value of a curve at a place, on the straight line between its neighbours; NaN beyond its ends. */
export function valueAt({ x, y }: Points, at: number): number {
  const next = firstAtLeast(x, at);
  if (next < x.length && x[next] === at) return y[next];
  if (next === 0 || next === x.length) return NaN;
  const share = (at - x[next - 1]) / (x[next] - x[next - 1]);
  return y[next - 1] + share * (y[next] - y[next - 1]);
}
