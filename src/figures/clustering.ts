import type { RelatednessValues } from '../relatedness';
import { affinitiesOf, symmetricPairs } from '../relatedness/grouping/affinities';
import { leafOrder } from '../relatedness/grouping/leafOrder';
import { linkage } from '../relatedness/grouping/linkage';
import { hasPairs } from '../relatedness/pairs';
import type { Dendrogram } from './dendrogram';
import { dendrogramOf } from './dendrogram';

/** Tasks in an order in which close ones are neighbours. */
export interface Clustering {
  /** Their positions among all. */
  readonly order: readonly number[];
  /** How they were joined; absent where no two of them have a value. */
  readonly dendrogram?: Dendrogram;
}

/**
 * The tasks of a matrix in an order in which close ones are neighbours: the leaves of average linkage. As they were where
 * no two of them have a value.
 */
export function clustered(values: RelatednessValues, higherIsCloser: boolean): Clustering {
  const asTheyAre = values.map((_, place) => place);
  if (values.length < 2 || !hasPairs(values)) return { order: asTheyAre };
  const pairs = symmetricPairs(affinitiesOf(values, higherIsCloser));
  const merges = linkage(pairs, values.length);
  const order = values.length < 3 ? asTheyAre : leafOrder(pairs, merges);
  return { order, dendrogram: dendrogramOf(merges, order, higherIsCloser) };
}
