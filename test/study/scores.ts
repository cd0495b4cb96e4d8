import { meanOfKnown } from '../../src/common/numbers';
import { createRandom, shuffle } from '../../src/common/random';
import type { RelatednessMatrix } from '../../src/runs/events';
import { agreementOf } from '../../src/relatedness/statistics/agreement';
import { bootstrapInterval, type Interval } from '../../src/relatedness/statistics/bootstrap';
import { hasPairs } from '../../src/relatedness/pairs';
import { groupTasks } from '../../src/relatedness/grouping';
import { truthOf, type Point } from './points';
import { clusterCount, clusterOf } from './structures';

/** What a measure says of one replicate of a point. */
export interface Observation {
  readonly point: Point;
  readonly seed: number;
  /** The measure, and how it was taken where that is not as usual. */
  readonly label: string;
  readonly matrix: RelatednessMatrix;
}

/** How far an observation agrees with the truth. */
export interface Score extends Omit<Observation, 'matrix'> {
  /**
   * Spearman's correlation over unordered pairs of tasks of how close a measure finds them with how related they truly
   * are; of a directed measure the mean of its two directions counts. Null where the measure says nothing.
   */
  readonly truth: number | null;
  /** The same with the size of the truth, whatever its sign. */
  readonly size: number | null;
  /** The control: the same with the truth of the tasks in another order, the mean over several orders. */
  readonly shuffled: number | null;
  /** Of clusters: 1 where average linkage by the measure finds them, 0 where not. */
  readonly found: number | null;
}

/** What a score has several figures of. */
export type Figure = 'truth' | 'size' | 'shuffled' | 'found';

const shuffles = 20;

export function scoreOf({ point, seed, label, matrix }: Observation): Score {
  const truth = truthOf(point, seed);
  const random = createRandom(seed, 'shuffled truth');
  const orders = Array.from({ length: shuffles }, () => shuffle([...truth.keys()], random));
  return {
    point,
    seed,
    label,
    truth: spearman(matrix, truth),
    size: spearman(
      matrix,
      truth.map((row) => row.map(Math.abs)),
    ),
    shuffled: meanOfKnown(
      orders.map((order) =>
        spearman(
          matrix,
          order.map((one) => order.map((other) => truth[one][other])),
        ),
      ),
    ),
    found: point.structure === 'clusters' ? findsClusters(matrix) : null,
  };
}

function findsClusters({ values, higherIsCloser }: RelatednessMatrix): number | null {
  if (!hasPairs(values)) return null;
  const { groups } = groupTasks(values, higherIsCloser, { groups: clusterCount, method: 'linkage' });
  const pure = groups.every(({ serves: [first, ...rest] }) =>
    rest.every((task) => clusterOf(task) === clusterOf(first)),
  );
  return pure ? 1 : 0;
}

function spearman(matrix: RelatednessMatrix, truth: readonly (readonly number[])[]): number | null {
  return agreementOf([matrix], [{ values: truth, directed: false, higherIsCloser: true }]).spearman;
}

/** A mean over replicates. */
export interface Recovery {
  readonly mean: number;
  readonly interval?: Interval;
  readonly replicates: number;
}

/** Undefined where no replicate has a value. */
export function recoveryOf(scores: readonly Score[], against: Figure = 'truth'): Recovery | undefined {
  const values = scores.map((score) => score[against]).filter((value) => value !== null);
  const average = meanOfKnown(values);
  if (average === null) return undefined;
  const interval = bootstrapInterval(values);
  return { mean: average, ...(interval && { interval }), replicates: values.length };
}
