import type { RelatednessValues } from '../../src/relatedness';
import { affinitiesOf, symmetricPairs } from '../../src/relatedness/grouping/affinities';
import { leafOrder } from '../../src/relatedness/grouping/leafOrder';
import { linkage } from '../../src/relatedness/grouping/linkage';
import { pickCells } from './selection';

const kept = new WeakMap<RelatednessValues, readonly number[]>();

/**
 * These tasks in an order in which close ones are neighbours: the leaves of average linkage. As they were where no two
 * of them have a value.
 * @param values Of all tasks.
 * @param shown Positions of the tasks to order.
 */
export function clusterOrder(
  values: RelatednessValues,
  higherIsCloser: boolean,
  shown: readonly number[],
): readonly number[] {
  const picked = pickCells(values, shown);
  const order = kept.get(picked) ?? leavesOf(picked, higherIsCloser);
  kept.set(picked, order);
  return order.map((place) => shown[place]);
}

function leavesOf(values: RelatednessValues, higherIsCloser: boolean): readonly number[] {
  const isKnown = values.some((row, from) => row.some((value, to) => from !== to && value !== null));
  if (values.length < 3 || !isKnown) return values.map((_, place) => place);
  const pairs = symmetricPairs(affinitiesOf(values, higherIsCloser));
  return leafOrder(pairs, linkage(pairs, values.length));
}
