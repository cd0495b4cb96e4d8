import { shuffle, type Random } from '../common/random';
import { membersOf } from './members';

/** What belongs together among some rows; both lists have an entry per row. */
interface Kept {
  /** Rows of one number keep their share. */
  readonly strata: Int32Array | undefined;
  /** Rows of one number stay together. */
  readonly groups: Int32Array | undefined;
  readonly random: Random;
}

/**
 * A share of some rows, at least one. All rows are put into one order of which any beginning has the strata in their
 * shares, and its beginning is taken: so the rows of a smaller share are among those of a larger one. Whole groups are
 * taken as long as that comes nearer to the share; a group counts to the stratum of most of its rows.
 * @param rows Ascending.
 * @returns Some of them, ascending.
 */
export function fewerRows(fraction: number, rows: Uint32Array, { strata, groups, random }: Kept): Uint32Array {
  const ofRows = strata ?? new Int32Array(rows.length);
  const wanted = fraction * rows.length;
  if (groups === undefined) {
    const taken = inShares(ofRows, random).subarray(0, Math.max(1, Math.round(wanted)));
    return taken.sort().map((position) => rows[position]);
  }
  const units = membersOf(groups);
  const used = new Uint8Array(rows.length);
  let taken = 0;
  for (const unit of inShares(
    Int32Array.from(units, (members) => commonest(members, ofRows)),
    random,
  )) {
    const { length } = units[unit];
    if (taken > 0 && taken + length - wanted >= wanted - taken) break;
    for (const position of units[unit]) used[position] = 1;
    taken += length;
  }
  return rows.filter((_, position) => used[position] === 1);
}

/** A random order in which the strata are spread evenly: the i-th of the n of a stratum stands at (i + 1/2) / n. */
function inShares(strata: Int32Array, random: Random): Uint32Array {
  const places = new Float64Array(strata.length);
  const order = shuffle(
    Uint32Array.from(strata, (_, unit) => unit),
    random,
  );
  const sizes = new Map<number, number>();
  for (const stratum of strata) sizes.set(stratum, (sizes.get(stratum) ?? 0) + 1);
  const seen = new Map<number, number>();
  for (const unit of order) {
    const rank = seen.get(strata[unit]) ?? 0;
    seen.set(strata[unit], rank + 1);
    places[unit] = (rank + 0.5) / sizes.get(strata[unit])!;
  }
  // Sorting is stable: what stands at the same place stays in its random order.
  return order.sort((one, other) => places[one] - places[other]);
}

/** The stratum of most rows of a group; of equals the first that is met. */
function commonest(members: Uint32Array, strata: Int32Array): number {
  const counts = new Map<number, number>();
  for (const position of members) counts.set(strata[position], (counts.get(strata[position]) ?? 0) + 1);
  return [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0];
}
