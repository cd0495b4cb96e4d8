/** The places of a list in ascending order of its values; places without a finite value are left out. */
export function orderOf(values: ArrayLike<number>): Uint32Array {
  const places: number[] = [];
  for (let place = 0; place < values.length; place++) if (Number.isFinite(values[place])) places.push(place);
  return Uint32Array.from(places).sort((one, other) => values[one] - values[other]);
}

/**
 * Ranks from 1, ties sharing the mean of theirs, among the places of `order` that are not left out.
 * @returns as long as `values`; NaN where a place has no rank
 */
export function ranksAmong(
  values: ArrayLike<number>,
  order: Uint32Array,
  leftOut: (place: number) => boolean = () => false,
): Float64Array {
  const result = new Float64Array(values.length).fill(NaN);
  const tied: number[] = [];
  let below = 0;
  const close = () => {
    for (const place of tied) result[place] = below + (tied.length + 1) / 2;
    below += tied.length;
    tied.length = 0;
  };
  for (const place of order) {
    if (leftOut(place)) continue;
    if (tied.length > 0 && values[place] !== values[tied[0]]) close();
    tied.push(place);
  }
  close();
  return result;
}

/** Ranks from 1, ties sharing the mean of theirs; NaN where a value is not finite. */
export function ranks(values: ArrayLike<number>): Float64Array {
  return ranksAmong(values, orderOf(values));
}
