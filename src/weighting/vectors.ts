/** `sum over t of weights[t] * rows[t]`. */
export function combine(rows: readonly ArrayLike<number>[], weights: ArrayLike<number>): Float64Array {
  const result = new Float64Array(rows[0].length);
  rows.forEach((row, task) => {
    const weight = weights[task];
    if (weight !== 0) for (let k = 0; k < result.length; k++) result[k] += weight * row[k];
  });
  return result;
}

/** `one * first + other * second`; absent is zero. */
export function mix(
  one: number,
  first: Float64Array | undefined,
  other: number,
  second: ArrayLike<number>,
): Float64Array {
  const result = new Float64Array(second.length);
  for (let k = 0; k < result.length; k++) result[k] = (first ? one * first[k] : 0) + other * second[k];
  return result;
}
