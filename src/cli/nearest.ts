import { closest, distance } from 'fastest-levenshtein';

/** The known word that a misspelt one probably means; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const found = closest(word, known);
  return distance(word, found) <= Math.max(2, Math.floor(found.length / 2)) ? found : undefined;
}
