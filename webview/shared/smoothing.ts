/**
 * Exponential moving average that is corrected for its start at zero, as TensorBoard draws it:
 * `m_i = w m_(i-1) + (1 - w) y_i`, shown as `m_i / (1 - w^i)`. Values that are not finite stay and are not counted.
 * @param weight From 0 (as it is) to below 1.
 */
export function smooth(values: readonly number[], weight: number): number[] {
  if (weight <= 0) return [...values];
  let average = 0;
  let correction = 1;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    average = weight * average + (1 - weight) * value;
    correction *= weight;
    return average / (1 - correction);
  });
}
