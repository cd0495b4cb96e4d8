import { createRandom, type Random } from '../../common/random';

const restarts = 20;

/**
 * k-means from centres spread by k-means++ (Arthur and Vassilvitskii, 2007): the best of twenty starts by the sum of
 * squared distances.
 * @returns for each point the number of its group
 */
export function kMeans(points: readonly (readonly number[])[], groups: number, seed: number): number[] {
  const random = createRandom(seed, 'k-means');
  let best = { spread: Infinity, assigned: points.map(() => 0) };
  for (let start = 0; start < restarts; start++) {
    const found = settle(points, spreadCentres(points, groups, random));
    if (found.spread < best.spread - 1e-12) best = found;
  }
  return best.assigned;
}

/** Each next centre is a point, the likelier the farther it is from those there are. */
function spreadCentres(points: readonly (readonly number[])[], groups: number, random: Random): (readonly number[])[] {
  const centres = [points[random.integer(points.length)]];
  while (centres.length < groups) {
    const distances = points.map((point) => Math.min(...centres.map((centre) => squaredDistance(point, centre))));
    let left = random.uniform() * distances.reduce((sum, distance) => sum + distance, 0);
    const chosen = distances.findIndex((distance) => (left -= distance) < 0);
    centres.push(points[chosen === -1 ? random.integer(points.length) : chosen]);
  }
  return centres;
}

function settle(points: readonly (readonly number[])[], start: readonly (readonly number[])[]) {
  let centres = start;
  let assigned = points.map(() => -1);
  for (let round = 0; round < 100; round++) {
    const next = points.map((point) => nearestCentre(point, centres));
    if (next.every((group, point) => group === assigned[point])) break;
    assigned = next;
    centres = centres.map((centre, group) => {
      const own = points.filter((_, point) => assigned[point] === group);
      return own.length === 0
        ? centre
        : centre.map((_, k) => own.reduce((sum, point) => sum + point[k], 0) / own.length);
    });
  }
  const spread = points.reduce((sum, point, at) => sum + squaredDistance(point, centres[assigned[at]]), 0);
  return { spread, assigned };
}

function nearestCentre(point: readonly number[], centres: readonly (readonly number[])[]): number {
  const distances = centres.map((centre) => squaredDistance(point, centre));
  return distances.indexOf(Math.min(...distances));
}

function squaredDistance(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, entry, k) => sum + (entry - other[k]) ** 2, 0);
}
