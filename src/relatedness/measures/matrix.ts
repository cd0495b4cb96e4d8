import type { RelatednessValues } from '../measure';

/** A matrix whose two directions are the same; `of` is asked once for each pair, and for each task with itself. */
export function symmetricMatrix(count: number, of: (one: number, other: number) => number | null): RelatednessValues {
  const rows = Array.from({ length: count }, () => new Array<number | null>(count).fill(null));
  for (let one = 0; one < count; one++) {
    for (let other = one; other < count; other++) rows[one][other] = rows[other][one] = finite(of(one, other));
  }
  return rows;
}

/** A matrix of what each row's task does for each column's. */
export function directedMatrix(count: number, of: (from: number, to: number) => number | null): RelatednessValues {
  return Array.from({ length: count }, (_, from) => Array.from({ length: count }, (__, to) => finite(of(from, to))));
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** Where rounding has left a range by a hair. */
export function within([lowest, highest]: readonly [number, number], value: number): number {
  return Math.min(highest, Math.max(lowest, value));
}

/** The number of unordered pairs of different tasks. */
export function pairCount(tasks: number): number {
  return (tasks * (tasks - 1)) / 2;
}

/** @throws RangeError where `what` have not all the same length */
export function sameLength(parts: readonly { readonly length: number }[], what: string): void {
  const uneven = parts.findIndex(({ length }) => length !== parts[0].length);
  if (uneven === -1) return;
  throw new RangeError(
    `Task ${uneven} has ${parts[uneven].length} ${what} and task 0 has ${parts[0].length}. All need the same.`,
  );
}
