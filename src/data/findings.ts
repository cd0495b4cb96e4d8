import { nearest } from '../experiment/nearest';
import type { Finding, Path } from '../experiment/problem';
import { code, enumerate, shorten } from '../experiment/wording';
import { isNumberText } from './table';

/** A value of a table as messages show it. */
export function quoted(value: string): string {
  return `"${shorten(value)}"`;
}

/** Values of a table; of many the first ten. */
export function listed(values: readonly string[]): string {
  const shown = values.slice(0, 10).map(quoted).join(', ');
  return values.length > 10 ? `${shown} and ${values.length - 10} more` : shown;
}

/** `1 row`, `2 rows`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

export function error(kind: string, path: Path, message: string, suggestion?: string): Finding {
  return { code: kind, severity: 'error', message, path, ...(suggestion === undefined ? {} : { suggestion }) };
}

export function warning(kind: string, path: Path, message: string): Finding {
  return { code: kind, severity: 'warning', message, path };
}

export function information(kind: string, path: Path, message: string): Finding {
  return { code: kind, severity: 'information', message, path };
}

/** A column that the table does not have, with the nearest name it has. */
export function columnNotFound(name: string, path: Path, columns: readonly string[]): Finding {
  const suggestion = nearest(name, columns);
  const remedy =
    suggestion === undefined ? `Its columns are ${enumerate(columns)}.` : `Did you mean ${code(suggestion)}?`;
  return error('column-not-found', path, `The table has no column ${code(name)}. ${remedy}`, suggestion);
}

/** A value that a column does not hold, with the nearest that it holds. */
export function valueNotFound(
  value: string | number | boolean,
  column: string,
  path: Path,
  levels: readonly string[],
): Finding {
  // Of numbers, one is as near as another.
  const suggestion = isNumberText(String(value)) ? undefined : nearest(String(value), levels);
  const remedy = suggestion === undefined ? `Its values are ${listed(levels)}.` : `Did you mean ${quoted(suggestion)}?`;
  const message = `Column ${code(column)} has no value ${quoted(String(value))}. ${remedy}`;
  return error('value-not-found', path, message, suggestion);
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}
