import { distance } from 'fastest-levenshtein';

/** How a word reads without capitals and joints: `batch_size`, `batch-size` and `batchSize` are the same. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, '');
}

/** Whether two letters have changed places, which is one slip though two edits. */
function isSwap(one: string, other: string): boolean {
  if (one.length !== other.length || distance(one, other) !== 2) return false;
  return [...one].sort().join('') === [...other].sort().join('');
}

/** The candidate that a misspelt word most probably means; undefined where none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word);
  let limit = wanted.length < 4 ? 1 : Math.max(2, Math.min(4, Math.floor(wanted.length * 0.4)));
  let best: string | undefined;
  for (const candidate of candidates) {
    const offered = plain(candidate);
    if (Math.abs(offered.length - wanted.length) > limit) continue;
    const apart = isSwap(wanted, offered) ? 1 : distance(wanted, offered);
    if (apart > limit || (best !== undefined && apart === limit)) continue;
    best = candidate;
    limit = apart;
  }
  return best;
}
