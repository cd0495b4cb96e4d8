import { nearest } from '../nearest';
import type { Finding, Path } from '../problem';
import { code, enumerate } from '../wording';

interface Extra {
  readonly atKey?: boolean;
  readonly suggestion?: string;
}

function finding(severity: Finding['severity'], kind: string, path: Path, message: string, extra: Extra): Finding {
  const { atKey, suggestion } = extra;
  return {
    code: kind,
    severity,
    message,
    path,
    ...(atKey && { atKey }),
    ...(suggestion !== undefined && { suggestion }),
  };
}

export function error(kind: string, path: Path, message: string, extra: Extra = {}): Finding {
  return finding('error', kind, path, message, extra);
}

export function warning(kind: string, path: Path, message: string, extra: Extra = {}): Finding {
  return finding('warning', kind, path, message, extra);
}

export function information(kind: string, path: Path, message: string, extra: Extra = {}): Finding {
  return finding('information', kind, path, message, extra);
}

/**
 * A task that does not exist.
 * @param tasks The names of all tasks.
 * @param free Those that may be meant.
 */
export function unknownTask(
  name: string,
  tasks: readonly string[],
  free: readonly string[],
  path: Path,
  { atKey }: Pick<Extra, 'atKey'> = {},
): Finding {
  const suggestion = nearest(name, free);
  const remedy = suggestion === undefined ? `The tasks are ${enumerate(tasks)}.` : `Did you mean ${code(suggestion)}?`;
  const extra = { ...(atKey && { atKey }), ...(suggestion !== undefined && { suggestion }) };
  return error('unknown-task', path, `There is no task ${code(name)}. ${remedy}`, extra);
}
