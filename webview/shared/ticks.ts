/**
 * Ticks of a logarithmic axis: powers of ten; with less than three decades also their 2 and 5 folds, and with less
 * than one decade evenly spaced round numbers. At most about `most` of them.
 */
export function logTicks(low: number, high: number, most: number): number[] {
  if (!(low > 0) || !(high > low)) return low > 0 ? [low] : [];
  const decades = Math.log10(high / low);
  if (decades < 1) return linearTicks(low, high, most);
  const within = (value: number) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  if (decades < 3 && decades * 3 <= most) {
    return powers(first, last, 1)
      .flatMap((power) => [1, 2, 5].map((factor) => round(factor * power)))
      .filter(within);
  }
  return powers(first, last, Math.max(1, Math.ceil(decades / most))).filter(within);
}

/**
 * Round numbers, 1, 2 or 5 times a power of ten apart, within the limits.
 * @param least How far apart at least.
 */
export function linearTicks(low: number, high: number, most: number, least = 0): number[] {
  if (!(high > low)) return [low];
  const rough = Math.max(least, (high - low) / Math.max(1, most));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * (1 - 1e-9));
  if (step === undefined) return [low, high];
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, position) => round((first + position) * step));
}

function powers(first: number, last: number, by: number): number[] {
  const start = Math.ceil(first / by) * by;
  return Array.from({ length: Math.floor((last - start) / by) + 1 }, (_, position) =>
    round(10 ** (start + by * position)),
  );
}

/** Takes away what floating point adds, as in 0.30000000000000004. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}
