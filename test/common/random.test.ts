import { describe, expect, test } from 'vitest';
import { createRandom, randomFromState, shuffle } from '../../src/common/random';

describe('the seeded random source', () => {
  test('gives the reference sequence of xoshiro128** for the state 1, 2, 3, 4', () => {
    const random = randomFromState([1, 2, 3, 4]);
    const words = [0, 1, 2, 3].map(() => random.uniform() * 0x1_0000_0000);
    expect(words).toEqual([11520, 0, 5927040, 70819200]);
  });

  test('is repeatable, and differs by seed and by stream', () => {
    const first = (seed: number, stream: string) => createRandom(seed, stream).uniform();
    expect(first(7, 'order')).toBe(first(7, 'order'));
    expect(new Set([first(7, 'order'), first(8, 'order'), first(7, 'dropout'), first(7, '')]).size).toBe(4);
  });

  test('goes on from a saved state', () => {
    const random = createRandom(3);
    random.normal();
    const copy = randomFromState(random.state());
    expect([copy.normal(), copy.uniform()]).toEqual([random.normal(), random.uniform()]);
  });

  test('normal numbers have mean 0, deviation 1 and normal tails', () => {
    const random = createRandom(5, 'normal');
    const count = 200_000;
    const values = Float64Array.from({ length: count }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
    const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / count;
    expect(mean).toBeCloseTo(0, 2);
    expect(variance).toBeCloseTo(1, 1);
    expect(beyondTwo).toBeCloseTo(0.0455, 2);
  });

  test('a shuffle keeps the items, and every place is equally likely', () => {
    const random = createRandom(11, 'shuffle');
    const counts = [0, 0, 0, 0];
    for (let round = 0; round < 40_000; round++) {
      const items = shuffle(Int32Array.of(0, 1, 2, 3), random);
      expect(items.reduce((sum, item) => sum + item, 0)).toBe(6);
      counts[items.indexOf(0)]++;
    }
    for (const count of counts) expect(Math.abs(count / 40_000 - 0.25)).toBeLessThan(0.01);
  });
});
