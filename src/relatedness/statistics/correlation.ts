import { orderOf, ranksAmong } from './ranks';

/** Fewer rows than this have a correlation of -1 or 1 whatever they hold. */
export const leastRows = 3;

/**
 * Pearson's correlation of the places at which both lists have a finite number. Null where fewer than three have, or
 * where one of the lists is the same in all of them.
 */
export function pearson(one: ArrayLike<number>, other: ArrayLike<number>): number | null {
  let [count, meanOne, meanOther, squareOne, squareOther, product] = [0, 0, 0, 0, 0, 0];
  // One pass with running means (Welford), so that large offsets lose nothing.
  for (let row = 0; row < one.length; row++) {
    const [x, y] = [one[row], other[row]];
    // Both finite, or it is neither.
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    count++;
    const fromOne = x - meanOne;
    const fromOther = y - meanOther;
    meanOne += fromOne / count;
    meanOther += fromOther / count;
    squareOne += fromOne * (x - meanOne);
    squareOther += fromOther * (y - meanOther);
    product += fromOne * (y - meanOther);
  }
  if (count < leastRows) return null;
  const constant = (squares: number, mean: number) => squares <= count * (1e-12 * mean) ** 2;
  if (constant(squareOne, meanOne) || constant(squareOther, meanOther)) return null;
  return Math.min(1, Math.max(-1, product / Math.sqrt(squareOne) / Math.sqrt(squareOther)));
}

/** Values with their order, for rank correlations of many pairs of lists. */
export interface Ordered {
  readonly values: ArrayLike<number>;
  readonly order: Uint32Array;
}

export function ordered(values: ArrayLike<number>): Ordered {
  return { values, order: orderOf(values) };
}

/** Spearman's rank correlation, with ties, of the places at which both lists have a finite number. */
export function spearman(one: Ordered, other: Ordered): number | null {
  const among = (list: Ordered, second: ArrayLike<number>) =>
    ranksAmong(list.values, list.order, (place) => !Number.isFinite(second[place]));
  return pearson(among(one, other.values), among(other, one.values));
}

/**
 * Kendall's rank correlation τ_b, with ties, of the places at which both lists have a finite number: of all pairs of
 * places, those in the same order less those in opposite order, over `sqrt` of the untied pairs of either list. In
 * n log n steps, because 200 tasks have 39,800 ordered pairs to compare (Knight, A Computer Method for Calculating
 * Kendall's Tau with Ungrouped Data, 1966): sorted by the first list, what is in opposite order are the exchanges of a
 * merge sort by the second.
 */
export function kendall(one: ArrayLike<number>, other: ArrayLike<number>): number | null {
  const [x, y] = bothKnown(one, other);
  if (x.length < leastRows) return null;
  const order = Uint32Array.from(x.keys()).sort((a, b) => x[a] - x[b] || y[a] - y[b]);
  const first = Float64Array.from(order, (place) => x[place]);
  const second = Float64Array.from(order, (place) => y[place]);
  const tiedOne = tiedPairs(first, () => true);
  const tiedBoth = tiedPairs(first, (a, b) => second[a] === second[b]);
  const opposite = sortCountingExchanges(second);
  const all = (x.length * (x.length - 1)) / 2;
  const tiedOther = tiedPairs(second, () => true);
  const [untiedOne, untiedOther] = [all - tiedOne, all - tiedOther];
  if (untiedOne === 0 || untiedOther === 0) return null;
  const same = all - tiedOne - tiedOther + tiedBoth - opposite;
  return (same - opposite) / Math.sqrt(untiedOne) / Math.sqrt(untiedOther);
}

/** How many pairs of places of a sorted list are tied, of those that are neighbours of which `also` holds. */
function tiedPairs(sorted: Float64Array, also: (one: number, other: number) => boolean): number {
  let [pairs, run] = [0, 1];
  for (let place = 1; place <= sorted.length; place++) {
    if (place < sorted.length && sorted[place] === sorted[place - 1] && also(place - 1, place)) {
      run++;
    } else {
      pairs += (run * (run - 1)) / 2;
      run = 1;
    }
  }
  return pairs;
}

/** Sorts a list in its place, by merging; how many pairs were in descending order. */
function sortCountingExchanges(values: Float64Array): number {
  let from = values;
  let to: Float64Array = new Float64Array(values.length);
  let exchanges = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      exchanges += mergeRuns(from, to, start, width);
    }
    [from, to] = [to, from];
  }
  if (from !== values) values.set(from);
  return exchanges;
}

/** Merges the two sorted runs of `width` from `start` on; how many pairs between them were in descending order. */
function mergeRuns(from: Float64Array, to: Float64Array, start: number, width: number): number {
  const middle = Math.min(start + width, from.length);
  const end = Math.min(start + 2 * width, from.length);
  let [left, right, exchanges] = [start, middle, 0];
  for (let place = start; place < end; place++) {
    if (left < middle && (right >= end || from[left] <= from[right])) {
      to[place] = from[left++];
    } else {
      exchanges += middle - left;
      to[place] = from[right++];
    }
  }
  return exchanges;
}

function bothKnown(one: ArrayLike<number>, other: ArrayLike<number>): readonly [Float64Array, Float64Array] {
  const rows: number[] = [];
  for (let row = 0; row < one.length; row++) {
    if (Number.isFinite(one[row]) && Number.isFinite(other[row])) rows.push(row);
  }
  return [Float64Array.from(rows, (row) => one[row]), Float64Array.from(rows, (row) => other[row])];
}
