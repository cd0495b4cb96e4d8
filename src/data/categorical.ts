import { levelsOf } from './table';
import type { Column } from './table';

/** What a missing value is called among the levels. */
const missingLevel = '(missing)';

/** How a column becomes a one-hot block: the levels with an input of their own, then one input for all others. */
export interface CategoricalFit {
  readonly levels: readonly string[];
  /** From a row's position among the column's levels, plus 1 (0 where missing), to its place in the block. */
  readonly places: Uint16Array;
  /** Different values in the training rows, missing among them. */
  readonly different: number;
}

/** Finds the most frequent levels of the training rows; ties go by the order of the levels. */
export function fitCategorical(column: Column, trainRows: Uint32Array, maxLevels: number): CategoricalFit {
  const { levels, codes } = levelsOf(column);
  const counts = new Uint32Array(levels.length + 1);
  for (const row of trainRows) counts[codes[row] + 1]++;
  const seen = [...counts.keys()].filter((code) => counts[code] > 0);
  const kept = seen.sort((a, b) => counts[b] - counts[a] || a - b).slice(0, maxLevels);
  const places = new Uint16Array(levels.length + 1).fill(kept.length);
  kept.forEach((code, place) => (places[code] = place));
  return {
    levels: kept.map((code) => (code === 0 ? missingLevel : levels[code - 1])),
    places,
    different: seen.length,
  };
}

/** Writes the place of each row's level to every `width`-th element of `target` from `offset` on. */
export function writeCodes(
  column: Column,
  rows: Uint32Array,
  { places }: CategoricalFit,
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
