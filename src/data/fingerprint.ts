import { createHash } from 'node:crypto';
import { splitNames } from './taskSet';
import type { Stream, TaskInfo } from './taskSet';

/** Hexadecimal SHA-256 over everything that training sees of the data: descriptions first, then the prepared rows. */
export function fingerprintOf(tasks: readonly TaskInfo[], streams: readonly Stream[]): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(tasks));
  for (const { splits, ...description } of streams) {
    hash.update(JSON.stringify(description));
    for (const name of splitNames) {
      const { rows, numeric, codes, targets, mask } = splits[name];
      hash.update(`${name} ${rows}`);
      for (const array of [numeric, codes, targets, mask]) {
        hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
      }
    }
  }
  return hash.digest('hex');
}
