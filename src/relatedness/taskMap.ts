import { meanOfKnown } from '../common/numbers';
import { eigen } from '../common/linear/eigen';
import type { Matrix } from '../common/linear/matrix';
import type { RelatednessValues } from './measure';
import type { PlanePoints } from './procrustes';

/** Tasks as points of a plane: close tasks lie close. */
export interface TaskMap {
  /** Per task its two coordinates, in the units of the dissimilarities; their means are 0. */
  readonly points: PlanePoints;
  /**
   * What the two axes show, from 0 to 1: their share in the sum of the eigenvalues above 0. 1 where all tasks lie at
   * one place. Eigenvalues below 0, which no distances in space have, count as nothing.
   */
  readonly share: number;
  /** T x T by rows: the dissimilarities that the map is of. */
  readonly dissimilarities: Matrix;
  /** How many unordered pairs had no value in either direction and were filled in. */
  readonly filled: number;
}

export interface TaskMapOptions {
  readonly higherIsCloser: boolean;
  /** Lowest and highest value that the measure can have; an end without bound is replaced by the values themselves. */
  readonly range: readonly [number, number];
}

/**
 * Classical multidimensional scaling (Torgerson, Multidimensional Scaling: I. Theory and Method, 1952): the eigenvectors
 * of the doubly centred squared dissimilarities, scaled by the roots of their eigenvalues. Takes T³ steps.
 *
 * The dissimilarity of two tasks is how far the mean of their two directions is from the closest value: the end of the
 * range where it is bounded, or else the closest value that two different tasks have. A pair with one direction has
 * that one's. A pair without any gets the mean of what is known of its two tasks, each by the mean of its own pairs, or
 * the mean of all pairs for a task of which nothing is known. The diagonal is not looked at. An axis is turned so that
 * its coordinate of largest size is positive: the same matrix always gives the same map.
 * @throws RangeError where no two different tasks have a value
 */
export function taskMap(values: RelatednessValues, options: TaskMapOptions): TaskMap {
  const count = values.length;
  const { dissimilarities, filled } = dissimilaritiesOf(values, options);
  const { values: sizes, vectors } = eigen(doublyCentred(dissimilarities, count), count);
  const positive = sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
  const shown = Math.max(0, sizes[0]) + Math.max(0, sizes.at(1) ?? 0);
  const axes = [0, 1].map((axis) => {
    const length = Math.sqrt(Math.max(0, sizes.at(axis) ?? 0));
    const vector = Array.from({ length: count }, (_, task) => length * (vectors.at(axis * count + task) ?? 0));
    const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) + 1e-9 ? value : most), 0);
    return largest < 0 ? vector.map((value) => -value) : vector;
  });
  return {
    points: values.map((_, task) => [axes[0][task], axes[1][task]]),
    share: positive > 0 ? shown / positive : 1,
    dissimilarities,
    filled,
  };
}

function dissimilaritiesOf(values: RelatednessValues, { higherIsCloser, range }: TaskMapOptions) {
  const count = values.length;
  const known = values.map((row, from) =>
    row.map((value, to) => (from === to ? null : meanOfKnown([value, values[to][from]]))),
  );
  const all = known.flat().filter((value) => value !== null);
  if (all.length === 0) throw new RangeError('No two tasks have a value.');
  const bound = range[higherIsCloser ? 1 : 0];
  const extreme = all.reduce((one, other) => (higherIsCloser ? Math.max(one, other) : Math.min(one, other)));
  const closest = Number.isFinite(bound) ? bound : extreme;
  const overall = meanOfKnown(all)!;
  const means = known.map((row) => meanOfKnown(row) ?? overall);
  const dissimilarities = new Float64Array(count * count);
  let filled = 0;
  known.forEach((row, from) =>
    row.forEach((value, to) => {
      if (from === to) return;
      if (value === null && from < to) filled++;
      dissimilarities[from * count + to] = Math.abs(closest - (value ?? (means[from] + means[to]) / 2));
    }),
  );
  return { dissimilarities, filled };
}

/** `-1/2 J D² J`, where J takes the mean away: the inner products of points with these distances. */
function doublyCentred(distances: Matrix, count: number): Matrix {
  const squares = distances.map((distance) => distance * distance);
  const means = Array.from({ length: count }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < count; column++) sum += squares[row * count + column];
    return sum / count;
  });
  const overall = means.reduce((sum, mean) => sum + mean, 0) / count;
  return squares.map((square, cell) => (means[Math.floor(cell / count)] + means[cell % count] - square - overall) / 2);
}
