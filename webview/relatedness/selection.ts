import type { RelatednessValues } from '../../src/relatedness';
import { oneLine } from '../../src/figures/labels';

/** Whether a name contains one of the parts of the filter, upper and lower case alike. An empty filter lets all pass. */
export function passesFilter(name: string, filter: string): boolean {
  const parts = filter
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');
  const text = oneLine(name).toLowerCase();
  return parts.length === 0 || parts.some((part) => text.includes(part));
}

/** Positions of the tasks that pass the filter. */
export function filteredTasks(tasks: readonly string[], filter: string): readonly number[] {
  return tasks.flatMap((name, task) => (passesFilter(name, filter) ? [task] : []));
}

interface Picked {
  readonly key: string;
  readonly values: RelatednessValues;
}

const picked = new WeakMap<RelatednessValues, Picked>();

/** These rows and columns, in their order; the same matrix for the same ones, so that what depends on it can be kept. */
export function pickCells(
  values: RelatednessValues,
  rows: readonly number[],
  columns: readonly number[] = rows,
): RelatednessValues {
  const key = `${rows.join()} ${columns.join()}`;
  const known = picked.get(values);
  if (known?.key === key) return known.values;
  const chosen = rows.map((row) => columns.map((column) => values[row]?.[column] ?? null));
  picked.set(values, { key, values: chosen });
  return chosen;
}
