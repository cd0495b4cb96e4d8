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
 * places, those in the same order less those in opposite order, over `sqrt` of the untied pairs of either list.
 */
export function kendall(one: ArrayLike<number>, other: ArrayLike<number>): number | null {
  const [x, y] = bothKnown(one, other);
  if (x.length < leastRows) return null;
  let [agreement, untiedOne, untiedOther] = [0, 0, 0];
  for (let a = 0; a < x.length; a++) {
    for (let b = 0; b < a; b++) {
      const first = Math.sign(x[a] - x[b]);
      const second = Math.sign(y[a] - y[b]);
      agreement += first * second;
      untiedOne += Math.abs(first);
      untiedOther += Math.abs(second);
    }
  }
  return untiedOne === 0 || untiedOther === 0 ? null : agreement / Math.sqrt(untiedOne) / Math.sqrt(untiedOther);
}

function bothKnown(one: ArrayLike<number>, other: ArrayLike<number>): readonly [Float64Array, Float64Array] {
  const rows: number[] = [];
  for (let row = 0; row < one.length; row++) {
    if (Number.isFinite(one[row]) && Number.isFinite(other[row])) rows.push(row);
  }
  return [Float64Array.from(rows, (row) => one[row]), Float64Array.from(rows, (row) => other[row])];
}
