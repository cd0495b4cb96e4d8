import { eigen } from '../../common/linear/eigen';
import type { Matrix } from '../../common/linear/matrix';
import { rangeOf } from '../../common/numbers';
import { symmetricPairs } from './affinities';
import { kMeans } from './kMeans';
import { networksOf, type GroupingDescription } from './method';

/** Groups of about one size. */
export const spectral: GroupingDescription<'spectral'> = {
  name: 'spectral',
  title: 'Spectral clustering',
  summary: 'Clusters by k-means on the first eigenvectors of the normalised matrix.',
  details:
    'The affinities between different tasks (of a directed matrix the mean of the two directions) are moved and scaled to $[0, 1]$ as $W$; the rows of the first $k$ eigenvectors of $D^{-1/2} W D^{-1/2}$, at unit length, are grouped by k-means with k-means++ and twenty starts. Cuts as few and as weak ties as it can between groups of about one size.',
  source: 'Ng, Jordan and Weiss, On Spectral Clustering: Analysis and an Algorithm, 2001',
  networks: (worth, groups, seed) =>
    networksOf(worth, gathered(spectralGroups(symmetricPairs(worth), worth.count, groups, seed))),
};

/**
 * Spectral clustering (Ng, Jordan and Weiss, On Spectral Clustering: Analysis and an Algorithm, 2001): the rows of the
 * first eigenvectors of `D^-½ W D^-½`, at unit length, by k-means. W has the affinities between different tasks, moved
 * and scaled to [0, 1], so that the least related pair of all has no tie.
 * @param pairs T x T, symmetric, higher is closer.
 * @returns for each task the number of its group
 */
function spectralGroups(pairs: Matrix, count: number, groups: number, seed: number): number[] {
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
  const [lowest, highest] = rangeOf(different);
  return pairs.map((value, cell) => {
    if (cell % count === Math.floor(cell / count)) return 0;
    return highest > lowest ? (value - lowest) / (highest - lowest) : 1;
  });
}

/** Tasks by the numbers of their groups; a group that no task is in does not count. */
function gathered(numbers: readonly number[]): number[][] {
  const groups = new Map<number, number[]>();
  numbers.forEach((group, task) => groups.set(group, [...(groups.get(group) ?? []), task]));
  return [...groups.values()];
}
