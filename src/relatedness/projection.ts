import type { Random } from '../common/random';

/** A random linear map from many numbers to few that keeps inner products on average. */
export interface Projection {
  readonly width: number;
  /** Adds the projection of `size` numbers, which begin at `from` in `values`, to `width` numbers of `sums` from `to` on. */
  add(values: ArrayLike<number>, from: number, sums: Float64Array, to: number): void;
}

/**
 * Every number goes with a random sign to one of `width` places (the count sketch of Charikar, Chen and Farach-Colton,
 * 2002): the mean inner product is the true one and its variance that of a matrix of random signs, but it takes one
 * addition per number, and 4 bytes of each instead of a matrix. Nothing is lost where there are no more numbers than places.
 */
export function countSketch(size: number, width: number, random: Random): Projection {
  if (size <= width) return identity(size);
  // The place, and in the last bit the sign.
  const places = Int32Array.from({ length: size }, () => random.integer(2 * width));
  return {
    width,
    add(values, from, sums, to) {
      for (let k = 0; k < size; k++) {
        const place = places[k];
        if (place & 1) sums[to + (place >> 1)] += values[from + k];
        else sums[to + (place >> 1)] -= values[from + k];
      }
    },
  };
}

function identity(size: number): Projection {
  return {
    width: size,
    add(values, from, sums, to) {
      for (let k = 0; k < size; k++) sums[to + k] += values[from + k];
    },
  };
}
