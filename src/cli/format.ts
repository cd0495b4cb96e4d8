/** A figure with four significant digits, such as `0.1235`, `12350` or `1.2e-7`. */
export function formatNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Mean and deviation of replicates, such as `0.912 ± 0.004`. */
export function formatSpread({ mean, deviation }: { readonly mean: number; readonly deviation: number }): string {
  return `${formatNumber(mean)} ± ${String(Number(deviation.toPrecision(2)))}`;
}

/** Seconds as `8 s`, `3:05` or `1:02:03`. */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** Local time as `2025-04-01 13:05`. */
export function formatTime(milliseconds: number): string {
  const time = new Date(milliseconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** `1 task`, `2 tasks`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
