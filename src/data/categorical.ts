import type { CategoricalPreprocessing } from './preprocessing';
import { levelsOf, positionOfLevel, typeOf } from './table';
import type { Column } from './table';

/** A column of one table with the rows to fit on. Columns of several tables are fitted together as parts of one. */
export interface CategoricalPart {
  readonly column: Column;
  readonly trainRows: Uint32Array;
}

/** Which levels get an input of their own. */
export interface CategoricalFit {
  /** Null stands for a missing value, whatever texts there are. */
  readonly levels: readonly (string | null)[];
  /** Different values in the training rows, missing among them. */
  readonly different: number;
}

/** Finds the most frequent levels of the training rows; ties go by the order of the levels. */
export function fitCategorical(parts: readonly CategoricalPart[], maxLevels: number): CategoricalFit {
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
  return { levels: ordered.slice(0, maxLevels), different: counts.size };
}

/**
 * From a row's position among its column's levels, plus 1 (0 where missing), to its place in the one-hot block. Levels
 * are the same where their texts are; where the column is of another type than at the fit, such as numbers for texts,
 * also where they mean the same.
 */
export function placesOf(
  column: Column,
  { levels, type }: Pick<CategoricalPreprocessing, 'levels' | 'type'>,
): Uint16Array {
  const placeOf = new Map(levels.map((level, place) => [level, place]));
  // No text of a table is empty, so that the missing value answers to none.
  const texts = levels.map((level) => level ?? '');
  const otherType = typeOf(column) !== type;
  return Uint16Array.from([null, ...levelsOf(column).levels], (level) => {
    const exact = placeOf.get(level);
    if (exact !== undefined || level === null || !otherType) return exact ?? levels.length;
    const alike = positionOfLevel(texts, type === 'boolean' ? level.toLowerCase() : level);
    return alike < 0 ? levels.length : alike;
  });
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
