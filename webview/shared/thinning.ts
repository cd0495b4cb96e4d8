/** Points of a line, x rising. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export interface Window {
  readonly from: number;
  readonly to: number;
  /** How many columns of pixels there are; each keeps its first, lowest, highest and last point. */
  readonly columns: number;
  /** Whether the columns are evenly spaced on a logarithmic axis. */
  readonly log: boolean;
}

/** Positions in `points` of what can be seen in the window, with the neighbour on either side, so that lines reach the edges. */
export function visible(points: Points, { from, to, columns, log }: Window): number[] {
  const first = Math.max(0, firstAtLeast(points.x, from) - 1);
  const last = Math.min(points.x.length - 1, firstAtLeast(points.x, to));
  if (last - first < columns * 4) return range(first, last);
  const place = columnOf(from, to, columns, log);
  const kept: number[] = [];
  let start = first;
  while (start <= last) {
    const column = place(points.x[start]);
    let end = start;
    while (end < last && place(points.x[end + 1]) === column) end++;
    keepExtremes(points.y, start, end, kept);
    start = end + 1;
  }
  return kept;
}

/** Position of the first value that is at least `value`; the length where there is none. Values rise. */
export function firstAtLeast(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function columnOf(from: number, to: number, columns: number, log: boolean): (x: number) => number {
  const scale = (x: number) => (log ? Math.log(Math.max(x, Number.MIN_VALUE)) : x);
  const start = scale(from);
  const width = (scale(to) - start) / columns || 1;
  return (x) => Math.floor((scale(x) - start) / width);
}

function keepExtremes(y: readonly number[], start: number, end: number, kept: number[]): void {
  let lowest = start;
  let highest = start;
  for (let position = start + 1; position <= end; position++) {
    if (y[position] < y[lowest]) lowest = position;
    if (y[position] > y[highest]) highest = position;
  }
  const wanted = [start, Math.min(lowest, highest), Math.max(lowest, highest), end];
  for (const position of wanted) if (kept.length === 0 || kept[kept.length - 1] < position) kept.push(position);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, position) => first + position);
}
