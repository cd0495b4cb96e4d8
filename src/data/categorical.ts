import { levelsOf } from './table';
import type { Column } from './table';

/** What a missing value is called among the levels. */
const missingName = '(missing)';

/** A column of one table with the rows to fit on. Columns of several tables are fitted together as parts of one. */
export interface CategoricalPart {
  readonly column: Column;
  readonly trainRows: Uint32Array;
}

/** How a column becomes a one-hot block: the levels with an input of their own, then one input for all others. */
export interface CategoricalFit {
  readonly levels: readonly string[];
  /** Per part: from a row's position among its column's levels, plus 1 (0 where missing), to its place in the block. */
  readonly places: readonly Uint16Array[];
  /** Different values in the training rows, missing among them. */
  readonly different: number;
}

/** Finds the most frequent levels of the training rows; ties go by the order of the levels. */
export function fitCategorical(parts: readonly CategoricalPart[], maxLevels: number): CategoricalFit {
  // Null stands for a missing value, whatever texts there are.
  const counts = new Map<string | null, number>();
  for (const { column, trainRows } of parts) {
    const { levels, codes } = levelsOf(column);
    const ofPart = new Uint32Array(levels.length + 1);
    for (const row of trainRows) ofPart[codes[row] + 1]++;
    ofPart.forEach((count, position) => {
      const level = position === 0 ? null : levels[position - 1];
      if (count > 0) counts.set(level, (counts.get(level) ?? 0) + count);
    });
  }
  const ordered = [...counts].sort(([, a], [, b]) => b - a).map(([level]) => level);
  const kept = ordered.slice(0, maxLevels);
  const placeOf = new Map(kept.map((level, place) => [level, place]));
  const places = parts.map(({ column }) =>
    Uint16Array.from([null, ...levelsOf(column).levels], (level) => placeOf.get(level) ?? kept.length),
  );
  return { levels: kept.map((level) => level ?? missingName), places, different: counts.size };
}

/** Writes the place of each row's level to every `width`-th element of `target` from `offset` on. */
export function writeCodes(
  column: Column,
  rows: Uint32Array,
  places: Uint16Array,
  target: Uint16Array,
  offset: number,
  width: number,
): void {
  const { codes } = levelsOf(column);
  let place = offset;
  for (const row of rows) {
    target[place] = places[codes[row] + 1];
    place += width;
  }
}
