import type { RelatednessValues } from '../../src/relatedness';
import type { Clustering } from '../../src/figures/clustering';
import { clustered } from '../../src/figures/clustering';
import { pickCells } from './selection';

const kept = new WeakMap<RelatednessValues, Clustering>();

/**
 * These tasks in an order in which close ones are neighbours; kept as long as the matrix and the tasks are the same.
 * @param values Of all tasks.
 * @param shown Positions of the tasks to order.
 */
export function clusteringOf(values: RelatednessValues, higherIsCloser: boolean, shown: readonly number[]): Clustering {
  const picked = pickCells(values, shown);
  const { order, dendrogram } = kept.get(picked) ?? clustered(picked, higherIsCloser);
  kept.set(picked, { order, ...(dendrogram && { dendrogram }) });
  return { order: order.map((place) => shown[place]), ...(dendrogram && { dendrogram }) };
}
