import type { RelatedRegressions } from '../../experiment/dataSchema';
import { correlationMatrix, frequencies, phases } from './relatedRegressions';

/**
 * How related the tasks of generated regressions truly are: the correlation, over the inputs, of what is to be learned of
 * two tasks, `f_t(x) = w_t·x + nonlinearity * sum_i sin(a_i w_t·x + b_i)`. T x T, symmetric, 1 on the diagonal. It depends
 * on neither noise nor rows, and is exact: two projections are normal with the cosine of the weight vectors as their
 * correlation. For targets cut into classes it is that of the functions before they are cut.
 */
export function trueRelatedness({ correlation, tasks, nonlinearity }: RelatedRegressions): number[][] {
  const variance = covariance(1, nonlinearity);
  return correlationMatrix(correlation, tasks).map((row, one) =>
    row.map((cosine, other) => (one === other ? 1 : covariance(cosine, nonlinearity) / variance)),
  );
}

/** The standard deviation of what is to be learned of each task: that of its target without noise. */
export function signalDeviation(nonlinearity: number): number {
  return Math.sqrt(covariance(1, nonlinearity));
}

/**
 * `Cov(f(u), f(v))` of `f(u) = u + c sum_i sin(a_i u + b_i)` for standard normal u, v with correlation ρ. It comes from
 * `E cos(a u + b) = exp(-a²/2) cos b`, `E sin(a u + b) = exp(-a²/2) sin b`, from Stein's lemma for the mixed terms, and from
 * `2 sin α sin β = cos(α - β) - cos(α + β)`.
 */
function covariance(correlation: number, nonlinearity: number): number {
  let [mixed, sines] = [0, 0];
  frequencies.forEach((a, i) => {
    mixed += a * Math.exp(-(a ** 2) / 2) * Math.cos(phases[i]);
    frequencies.forEach((b, j) => {
      const damped = Math.exp(-(a ** 2 + b ** 2) / 2) / 2;
      const together = Math.exp(correlation * a * b) * Math.cos(phases[i] - phases[j]);
      const apart = Math.exp(-correlation * a * b) * Math.cos(phases[i] + phases[j]);
      sines += damped * (together - apart - 2 * Math.sin(phases[i]) * Math.sin(phases[j]));
    });
  });
  return correlation * (1 + 2 * nonlinearity * mixed) + nonlinearity ** 2 * sines;
}
