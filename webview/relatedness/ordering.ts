import type { RelatednessValues } from '../../src/relatedness';
import { affinitiesOf, symmetricPairs } from '../../src/relatedness/grouping/affinities';
import { leafOrder } from '../../src/relatedness/grouping/leafOrder';
import { linkage } from '../../src/relatedness/grouping/linkage';
import type { Dendrogram } from './dendrogram';
import { dendrogramOf } from './dendrogram';
import { pickCells } from './selection';

/** Tasks in an order in which close ones are neighbours. */
export interface Clustering {
  /** Their positions among all. */
  readonly order: readonly number[];
  /** How they were joined; absent where no two of them have a value. */
  readonly dendrogram?: Dendrogram;
}

const kept = new WeakMap<RelatednessValues, Clustering>();

/**
 * These tasks in an order in which close ones are neighbours: the leaves of average linkage. As they were where no two
 * of them have a value.
 * @param values Of all tasks.
 * @param shown Positions of the tasks to order.
 */
export function clusteringOf(values: RelatednessValues, higherIsCloser: boolean, shown: readonly number[]): Clustering {
  const picked = pickCells(values, shown);
  const { order, dendrogram } = kept.get(picked) ?? clustered(picked, higherIsCloser);
  kept.set(picked, { order, ...(dendrogram && { dendrogram }) });
  return { order: order.map((place) => shown[place]), ...(dendrogram && { dendrogram }) };
}

function clustered(values: RelatednessValues, higherIsCloser: boolean): Clustering {
  const isKnown = values.some((row, from) => row.some((value, to) => from !== to && value !== null));
  const asTheyAre = values.map((_, place) => place);
  if (values.length < 2 || !isKnown) return { order: asTheyAre };
  const pairs = symmetricPairs(affinitiesOf(values, higherIsCloser));
  const merges = linkage(pairs, values.length);
  const order = values.length < 3 ? asTheyAre : leafOrder(pairs, merges);
  return { order, dendrogram: dendrogramOf(merges, order, higherIsCloser) };
}
