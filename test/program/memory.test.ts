import { expect, test } from 'vitest';
import { createRandom } from '../../src/common/random';
import { layOut } from '../../src/program/executors/wasm/memory';
import type { Unit } from '../../src/program/executors/wasm/units';

const unit = (reads: readonly number[], writes: readonly number[]): Unit => ({
  kind: 'loops',
  reads,
  writes,
  nests: () => [],
});

test('memory is used again after the last reader', () => {
  const units = [unit([], [0]), unit([0], [1]), unit([1], [2]), unit([2], [3])];
  const { offsets, size } = layOut(units, () => 64, new Set([3]));
  expect(size).toBe(128);
  expect([...offsets]).toEqual([
    [0, 0],
    [1, 64],
    [2, 0],
    [3, 64],
  ]);
});

test('what is kept is never given away', () => {
  const units = [unit([], [0]), unit([0], [1]), unit([1], [2])];
  expect(layOut(units, () => 64, new Set([0, 1, 2])).size).toBe(192);
});

test('no two values that are needed at one time overlap', () => {
  const random = createRandom(3, 'layout');
  const count = 200;
  const bytes = Array.from({ length: count }, () => 1 + Math.floor(1000 * random.uniform()));
  const units = bytes.map((_, position) => {
    const reads = [1, 2].map(() => Math.floor(random.uniform() * position)).filter((slot) => slot < position);
    return unit(reads, [position]);
  });
  const kept = new Set([5, count - 1]);
  const { offsets, size } = layOut(units, (slot) => bytes[slot], kept);
  const lastUse = bytes.map((_, slot) =>
    kept.has(slot)
      ? count
      : Math.max(slot, ...units.flatMap(({ reads }, position) => (reads.includes(slot) ? [position] : []))),
  );
  const start = (slot: number) => offsets.get(slot) as number;
  for (let left = 0; left < count; left++) {
    expect(start(left) + bytes[left]).toBeLessThanOrEqual(size);
    for (let right = left + 1; right <= Math.min(lastUse[left], count - 1); right++) {
      const apart = start(left) + bytes[left] <= start(right) || start(right) + bytes[right] <= start(left);
      expect(apart).toBe(true);
    }
  }
});
