import { createRandom } from '../../common/random';

/** Lower and upper end of an interval. */
export type Interval = readonly [lower: number, upper: number];

const coverage = 0.95;

/**
 * The 95 % percentile bootstrap interval of a mean (Efron, Bootstrap Methods, 1979): the middle of the means of `resamples`
 * samples drawn from the values with replacement. The same values give the same interval. Undefined for fewer
 * than two values. With fewer than about ten values it is narrower than it should be.
 */
export function bootstrapInterval(values: readonly number[], resamples = 10_000): Interval | undefined {
  const count = values.length;
  if (count < 2) return undefined;
  const random = createRandom(1, 'bootstrap');
  const means = new Float64Array(resamples);
  for (let sample = 0; sample < resamples; sample++) {
    let sum = 0;
    for (let draw = 0; draw < count; draw++) sum += values[random.integer(count)];
    means[sample] = sum / count;
  }
  means.sort();
  return [quantile(means, (1 - coverage) / 2), quantile(means, (1 + coverage) / 2)];
}

/** @param sorted Ascending, not empty. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
