import type { RelatednessValues } from '../measure';
import { bootstrapInterval, type Interval } from './bootstrap';
import { kendall, ordered, spearman } from './correlation';
import { matrixIntervals, meanMatrix, type MatrixIntervals } from './replicates';

/** A matrix with what it needs to be compared with another. */
export interface DirectedValues {
  readonly values: RelatednessValues;
  readonly directed: boolean;
  readonly higherIsCloser: boolean;
}

/** How far two measures put the pairs of tasks in the same order. */
export interface Agreement {
  /** Rank correlations over the pairs of which both have a value, of closeness whichever way a measure counts. */
  readonly spearman: number | null;
  readonly kendall: number | null;
  /** How many pairs those are: fewer than three have no correlation. */
  readonly pairs: number;
  /** 95 % bootstrap interval of Spearman's correlation over replicates, where there are at least two. */
  readonly interval?: Interval;
}

/**
 * Compares two measures of the same tasks. Two directed ones are compared over all ordered pairs of different tasks;
 * a directed and a symmetric one over unordered pairs, the directed one by the mean of its two directions. Ties share
 * their ranks.
 * @param one Its replicates; their mean is compared. For an interval the replicates of both are in the same order.
 */
export function agreementOf(one: readonly DirectedValues[], other: readonly DirectedValues[]): Agreement {
  const both = [...one, ...other].every(({ directed }) => directed);
  const [first, second] = [one, other].map((replicates) => closeness(meanOf(replicates), both));
  const known = first.filter((value, pair) => Number.isFinite(value) && Number.isFinite(second[pair])).length;
  const interval = intervalOf(one, other, both);
  return {
    spearman: spearman(ordered(first), ordered(second)),
    kendall: kendall(first, second),
    pairs: known,
    ...(interval && { interval }),
  };
}

/**
 * Every measure of the same tasks with every other: Spearman's correlations as `agreementOf` has them; 1 with itself, and
 * null where fewer than three pairs of tasks have values of both, or one finds all pairs alike.
 */
export function agreementMatrix(measures: readonly DirectedValues[]): (number | null)[][] {
  const result = measures.map(() => measures.map((): number | null => 1));
  // Sorted once and not for every pair: twenty measures of a hundred tasks take a blink.
  const lists = [false, true].map((each) =>
    measures.map((measure) => (each && !measure.directed ? undefined : ordered(closeness(measure, each)))),
  );
  measures.forEach((one, first) =>
    measures.slice(0, first).forEach((other, second) => {
      const [x, y] = [first, second].map((place) => lists[one.directed && other.directed ? 1 : 0][place]);
      result[first][second] = result[second][first] = x && y ? spearman(x, y) : null;
    }),
  );
  return result;
}

/**
 * Every measure of the same tasks with every other over replicates: the means of what `agreementMatrix` finds in each, with
 * their 95 % bootstrap intervals.
 * @param replicates Each with the same measures in the same order.
 */
export function agreementIntervals(replicates: readonly (readonly DirectedValues[])[]): MatrixIntervals {
  return matrixIntervals(replicates.map(agreementMatrix));
}

function meanOf(replicates: readonly DirectedValues[]): DirectedValues {
  const [first = { directed: false, higherIsCloser: true }] = replicates;
  return { ...first, values: meanMatrix(replicates.map(({ values }) => values)) };
}

function intervalOf(
  one: readonly DirectedValues[],
  other: readonly DirectedValues[],
  both: boolean,
): Interval | undefined {
  const count = Math.min(one.length, other.length);
  const correlations = Array.from({ length: count }, (_, replicate) =>
    spearman(ordered(closeness(one[replicate], both)), ordered(closeness(other[replicate], both))),
  );
  return bootstrapInterval(correlations.filter((value) => value !== null));
}

/** One number for each pair, higher for closer; NaN where it is not known. */
function closeness({ values, higherIsCloser }: DirectedValues, eachDirection: boolean): number[] {
  const sign = higherIsCloser ? 1 : -1;
  const result: number[] = [];
  values.forEach((row, from) =>
    row.forEach((value, to) => {
      if (from === to || (!eachDirection && from > to)) return;
      const back = eachDirection ? value : values[to][from];
      const known = [value, back].filter((each) => each !== null);
      result.push((sign * known.reduce((sum, each) => sum + each, 0)) / known.length);
    }),
  );
  return result;
}
