import * as vscode from 'vscode';
import type { Position, Problem, Range, Severity } from '../../experiment/problem';

export function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.column, end.line, end.column);
}

export function toPosition({ line, character }: vscode.Position): Position {
  return { line, column: character };
}

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** A problem as VS Code shows it. */
export function toDiagnostic({ range, message, severity, code }: Problem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toRange(range), message, severities[severity]);
  diagnostic.source = 'MTL';
  diagnostic.code = code;
  return diagnostic;
}
