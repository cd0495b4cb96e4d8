import { eigen } from '../../common/linear/eigen';
import type { Matrix } from '../../common/linear/matrix';
import { kMeans } from './kMeans';

/**
 * Spectral clustering (Ng, Jordan and Weiss, On Spectral Clustering: Analysis and an Algorithm, 2001): the rows of the
 * first eigenvectors of `D^-½ W D^-½`, at unit length, by k-means. W has the affinities between different tasks, moved
 * and scaled to [0, 1], so that the least related pair of all has no tie.
 * @param pairs T x T, symmetric, higher is closer.
 * @returns for each task the number of its group
 */
export function spectralGroups(pairs: Matrix, count: number, groups: number, seed: number): number[] {
  const ties = scaled(pairs, count);
  const degrees = new Float64Array(count);
  for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) degrees[i] += ties[i * count + j];
  const normal = ties.map((tie, cell) => {
    const product = degrees[Math.floor(cell / count)] * degrees[cell % count];
    return product > 0 ? tie / Math.sqrt(product) : 0;
  });
  const { vectors } = eigen(normal, count);
  const points = Array.from({ length: count }, (_, task) => {
    const point = Array.from({ length: groups }, (__, k) => vectors[k * count + task]);
    const length = Math.hypot(...point);
    return length > 0 ? point.map((entry) => entry / length) : point;
  });
  return kMeans(points, groups, seed);
}

function scaled(pairs: Matrix, count: number): Matrix {
  const different = pairs.filter((_, cell) => cell % count !== Math.floor(cell / count));
  const [lowest, highest] = [Math.min(...different), Math.max(...different)];
  return pairs.map((value, cell) => {
    if (cell % count === Math.floor(cell / count)) return 0;
    return highest > lowest ? (value - lowest) / (highest - lowest) : 1;
  });
}
