import { formatProblem } from '../experiment/place';
import type { Problem } from '../experiment/problem';
import { clean } from './terminal';

/** A problem as `--json` prints it; line and column from 1. */
export interface ProblemRecord extends Pick<Problem, 'severity' | 'code' | 'message' | 'path' | 'suggestion'> {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function problemRecord(file: string, problem: Problem): ProblemRecord {
  const { severity, code, message, path, suggestion, range } = problem;
  return {
    file,
    line: range.start.line + 1,
    column: range.start.column + 1,
    endLine: range.end.line + 1,
    endColumn: range.end.column + 1,
    severity,
    code,
    message,
    path,
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** A problem as one line: `file:line:column: severity: message`. */
export function problemLine(file: string, problem: Problem): string {
  return clean(formatProblem(file, problem));
}
