/** The nearest point of the simplex (weights of 0 or more that sum to 1), after Duchi and others, 2008. */
export function projectOntoSimplex(point: ArrayLike<number>): number[] {
  const values = Array.from(point);
  // Only differences matter; counted from the largest, they keep their figures however large the values are.
  const largest = Math.max(...values);
  const below = values.map((value) => value - largest);
  const descending = [...below].sort((one, other) => other - one);
  let total = 0;
  let threshold = -1;
  for (let i = 0; i < descending.length; i++) {
    total += descending[i];
    const candidate = (total - 1) / (i + 1);
    if (descending[i] <= candidate) break;
    threshold = candidate;
  }
  return below.map((value) => Math.max(0, value - threshold));
}

/** `exp(x_t) / sum of exp(x)`. */
export function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
