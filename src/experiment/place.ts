import { locate, sharedDocument } from './document';
import type { ExperimentDocument } from './document';
import type { Finding, Position, Problem, Range } from './problem';

/** Gives findings their places in the text they are about. What is not written is placed at the nearest key around it. */
export function placeFindings(text: string, findings: readonly Finding[]): Problem[] {
  return findings.length === 0 ? [] : placeIn(sharedDocument(text), findings);
}

/** As `placeFindings`, for a text that is read already. */
export function placeIn(source: ExperimentDocument, findings: readonly Finding[]): Problem[] {
  return findings.map((finding) => ({ ...finding, range: locate(source, finding.path, finding.atKey) }));
}

/** The first line with something in it, for what concerns a text as a whole. */
export function wholeText(text: string): Range {
  const first = text.slice(0, 1000).split(/\r\n|\r|\n/, 1)[0];
  return { start: { line: 0, column: 0 }, end: { line: 0, column: first.length } };
}

export function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}

/** A problem as one line: `file:line:column: severity: message`, line and column from 1. */
export function formatProblem(file: string, { range: { start }, severity, message }: Problem): string {
  return `${file}:${start.line + 1}:${start.column + 1}: ${severity}: ${message}`;
}
