const blocks = '▁▂▃▄▅▆▇█';

/**
 * A line of block characters, one per stretch of values, scaled from the least to the greatest of them.
 * Values that are null or not finite are left out.
 * @param width Characters at most.
 * @param scale `logarithmic` for values that fall over magnitudes; linear all the same where one is not above 0.
 */
export function sparkline(
  values: readonly (number | null)[],
  width: number,
  scale: 'linear' | 'logarithmic' = 'linear',
): string {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) return '';
  const logarithmic = scale === 'logarithmic' && known.every((value) => value > 0);
  const scaled = logarithmic ? known.map(Math.log) : known;
  const means = stretches(scaled, Math.min(width, known.length));
  const least = Math.min(...means);
  const range = Math.max(...means) - least;
  return means.map((mean) => blocks[range > 0 ? Math.round(((mean - least) / range) * 7) : 0]).join('');
}

/** Means of `count` stretches of about equal length. */
function stretches(values: readonly number[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, stretch) => {
    const start = Math.floor((stretch * values.length) / count);
    const end = Math.floor(((stretch + 1) * values.length) / count);
    const part = values.slice(start, end);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
