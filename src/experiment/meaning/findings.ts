import type { Finding, Path } from '../problem';

interface Extra {
  readonly atKey?: boolean;
  readonly suggestion?: string;
}

function finding(severity: Finding['severity'], code: string, path: Path, message: string, extra: Extra): Finding {
  const { atKey, suggestion } = extra;
  return { code, severity, message, path, ...(atKey && { atKey }), ...(suggestion !== undefined && { suggestion }) };
}

export function error(code: string, path: Path, message: string, extra: Extra = {}): Finding {
  return finding('error', code, path, message, extra);
}

export function warning(code: string, path: Path, message: string, extra: Extra = {}): Finding {
  return finding('warning', code, path, message, extra);
}

export function information(code: string, path: Path, message: string, extra: Extra = {}): Finding {
  return finding('information', code, path, message, extra);
}
