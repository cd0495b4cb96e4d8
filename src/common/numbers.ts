/** The mean of what is known; null where nothing is. */
export function meanOfKnown(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/**
 * The lowest and the highest; `[Infinity, -Infinity]` of none. For lists of any length: `Math.min(...list)` takes so many
 * only as arguments have room, about a hundred thousand.
 */
export function rangeOf(numbers: Iterable<number>): readonly [lowest: number, highest: number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const number of numbers) {
    lowest = Math.min(lowest, number);
    highest = Math.max(highest, number);
  }
  return [lowest, highest];
}
