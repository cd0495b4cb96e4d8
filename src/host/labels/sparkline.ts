const blocks = '▁▂▃▄▅▆▇█';

/**
 * A line of block characters, one per stretch of values, scaled from the least to the greatest of them.
 * Values that are null or not finite are left out.
 * @param width Characters at most.
 */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) return '';
  const means = stretches(known, Math.min(width, known.length));
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
