import { distance } from 'fastest-levenshtein';
import type { Finding, Path } from '../experiment/problem';

const longest = 60;

/** A user's text between quotes, cut where it is long. */
export function quoted(text: string): string {
  const characters = [...text.slice(0, 4 * longest)];
  const cut = text.length > 4 * longest || characters.length > longest;
  return `"${cut ? `${characters.slice(0, longest).join('')}…` : text}"`;
}

/** Names between quotes and commas, at most ten of them. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(quoted).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}

/** `1 row`, `2 rows`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** The candidate that a misspelt name most probably means, if any is near. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length * 0.4)) + 1;
  for (const candidate of candidates.slice(0, 5000)) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const apart = distance(wanted, candidate.toLowerCase());
    if (apart < bestDistance && apart < Math.max(name.length, candidate.length)) {
      best = candidate;
      bestDistance = apart;
    }
  }
  return best;
}

export function error(code: string, path: Path, message: string, suggestion?: string): Finding {
  return { code, severity: 'error', message, path, ...(suggestion === undefined ? {} : { suggestion }) };
}

export function warning(code: string, path: Path, message: string): Finding {
  return { code, severity: 'warning', message, path };
}

export function information(code: string, path: Path, message: string): Finding {
  return { code, severity: 'information', message, path };
}

/** A column that the table does not have, with the nearest name it has. */
export function columnNotFound(name: string, path: Path, columns: readonly string[]): Finding {
  const suggestion = nearest(name, columns);
  const remedy =
    suggestion === undefined ? `The columns are ${listed(columns)}.` : `Did you mean ${quoted(suggestion)}?`;
  return error('column-not-found', path, `The table has no column ${quoted(name)}. ${remedy}`, suggestion);
}

/** A value that a column does not hold, with the nearest that it holds. */
export function valueNotFound(
  value: string | number | boolean,
  column: string,
  path: Path,
  levels: readonly string[],
): Finding {
  const suggestion = nearest(String(value), levels);
  const remedy = suggestion === undefined ? `Its values are ${listed(levels)}.` : `Did you mean ${quoted(suggestion)}?`;
  const message = `Column ${quoted(column)} has no value ${quoted(String(value))}. ${remedy}`;
  return error('value-not-found', path, message, suggestion);
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}
