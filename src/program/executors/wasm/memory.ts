import type { Unit } from './units';

/** Where values lie in one block of memory, in bytes from its start. */
export interface Layout {
  readonly offsets: ReadonlyMap<number, number>;
  readonly size: number;
}

const alignment = 64;

interface Block {
  start: number;
  end: number;
}

/**
 * Lays out the values that units write, so that memory is used again after a value's last use.
 * @param sizeOf Bytes of a slot.
 * @param kept Slots that are read after the last unit.
 */
export function layOut(units: readonly Unit[], sizeOf: (slot: number) => number, kept: ReadonlySet<number>): Layout {
  const lastUse = new Map<number, number>();
  units.forEach(({ reads, writes }, position) => {
    for (const slot of [...reads, ...writes]) lastUse.set(slot, position);
  });
  const offsets = new Map<number, number>();
  const free: Block[] = [];
  let size = 0;
  const take = (bytes: number): number => {
    const fitting = free.filter(({ start, end }) => end - start >= bytes);
    const best = fitting.reduce<Block | undefined>((least, block) => {
      return least && least.end - least.start <= block.end - block.start ? least : block;
    }, undefined);
    if (!best) {
      size += bytes;
      return size - bytes;
    }
    const { start } = best;
    best.start += bytes;
    if (best.start === best.end) free.splice(free.indexOf(best), 1);
    return start;
  };
  const bytesOf = (slot: number) => Math.ceil(Math.max(1, sizeOf(slot)) / alignment) * alignment;
  units.forEach(({ reads, writes }, position) => {
    for (const slot of writes) offsets.set(slot, take(bytesOf(slot)));
    for (const slot of new Set([...reads, ...writes])) {
      const start = offsets.get(slot);
      if (start === undefined || kept.has(slot) || lastUse.get(slot) !== position) continue;
      release(free, { start, end: start + bytesOf(slot) });
    }
  });
  return { offsets, size };
}

/** Gives a block back, joined with free neighbours. */
function release(free: Block[], block: Block): void {
  const joined = { ...block };
  for (let index = free.length - 1; index >= 0; index--) {
    const { start, end } = free[index];
    if (end !== joined.start && start !== joined.end) continue;
    joined.start = Math.min(joined.start, start);
    joined.end = Math.max(joined.end, end);
    free.splice(index, 1);
  }
  free.push(joined);
}
