import type * as vscode from 'vscode';
import type { ExperimentDiagnostics } from './language/diagnostics';
import type { Panels } from './panels/panels';
import type { RunList } from './runs/runList';

/** What commands work on. */
export interface Workbench {
  readonly context: vscode.ExtensionContext;
  readonly runs: RunList;
  readonly panels: Panels;
  readonly diagnostics: ExperimentDiagnostics;
}
