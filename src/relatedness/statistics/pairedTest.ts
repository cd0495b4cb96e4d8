import { twoSidedTail } from './studentT';

/**
 * Two-sided p-value of Student's paired t test: how likely differences at least as clear as these are where the truth
 * is that there is none. Undefined for fewer than two differences.
 * @param differences One per replicate: the value with sharing less the value without, of one seed.
 */
export function pairedTest(differences: readonly number[]): number | undefined {
  const count = differences.length;
  if (count < 2) return undefined;
  const mean = differences.reduce((sum, value) => sum + value, 0) / count;
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (count - 1) / count);
  if (error === 0) return mean === 0 ? 1 : 0;
  return twoSidedTail(mean / error, count - 1);
}

/**
 * Adjusts p-values for there being several tests, so that the chance of even one false alarm stays at the level
 * (Holm, A Simple Sequentially Rejective Multiple Test Procedure, 1979). Keeps the order of the tests.
 */
export function adjustForMany(values: readonly number[]): number[] {
  const order = values.map((_, test) => test).sort((a, b) => values[a] - values[b]);
  const adjusted = new Array<number>(values.length);
  let largest = 0;
  order.forEach((test, rank) => {
    largest = Math.max(largest, Math.min(1, values[test] * (values.length - rank)));
    adjusted[test] = largest;
  });
  return adjusted;
}
