import { isMapping, valueBelow } from '../experiment/branch';
import { dataSchema } from '../experiment/dataSchema';
import { knownColumns } from '../experiment/meaning/columns';
import type { Path } from '../experiment/problem';
import type { ColumnSummary, TableSummary } from '../experiment/tableSummary';

/** The columns that a place of the file can name: those of the task's own table, or else of the experiment's. */
export function columnsAt(root: unknown, path: Path, tables: readonly TableSummary[]): readonly ColumnSummary[] {
  const dataPath = dataPathOf(root, path);
  const summary = tables.find((table) => samePath(table.path, dataPath));
  if (summary) return summary.columns;
  const data = dataSchema.safeParse(valueAt(root, dataPath));
  const names = data.success ? knownColumns(data.data) : undefined;
  if (names === undefined) return [];
  const kind = data.success && 'generate' in data.data ? 'numeric' : 'text';
  return names.map((name) => ({ name, kind, missing: 0, levels: [] }));
}

/** The column of this name that a place of the file can name. */
export function columnAt(
  root: unknown,
  path: Path,
  name: unknown,
  tables: readonly TableSummary[],
): ColumnSummary | undefined {
  return columnsAt(root, path, tables).find((column) => column.name === String(name));
}

/** The column whose levels a value is one of: that of a split by column, or the target of the task. */
export function columnOfLevels(root: unknown, path: Path, tables: readonly TableSummary[]): ColumnSummary | undefined {
  const depth = path.findLastIndex((step) => typeof step === 'string');
  const around = valueAt(root, path.slice(0, depth));
  const name = valueBelow(around, 'column') ?? valueBelow(around, 'target');
  return name === undefined ? undefined : columnAt(root, path, name, tables);
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(valueBelow, root);
}

/** Names of the tasks that are written; none where there is one per value of a column. */
export function taskNames(root: unknown): string[] {
  const tasks = valueBelow(root, 'tasks');
  return isMapping(tasks) && typeof valueBelow(tasks, 'each') !== 'string' ? Object.keys(tasks) : [];
}

function dataPathOf(root: unknown, path: Path): Path {
  const own = path[0] === 'tasks' && path.length > 1 ? ['tasks', path[1], 'data'] : ['data'];
  return own.length === 1 || isMapping(valueAt(root, own)) ? own : ['data'];
}

function samePath(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((step, index) => String(step) === String(other[index]));
}
