import './withoutEval';
import * as vscode from 'vscode';
import { useEngineFolder } from './commands/installEngine';
import { registerCommands } from './commands/register';
import { DataInspection } from './inspector/dataInspection';
import { ExperimentDiagnostics } from './language/diagnostics';
import { ExperimentLenses } from './language/lenses';
import { registerProviders } from './language/providers';
import { Panels } from './panels/panels';
import { registerLogDocuments } from './runs/logDocument';
import { keepContextKeys, showStatus, tellFailures } from './runs/notices';
import { workspaceRoots } from './runs/roots';
import { RunList } from './runs/runList';
import { runOnStart } from './runOnStart';
import { ExperimentsTree } from './trees/experimentsTree';
import { RunsTree } from './trees/runsTree';
import { SessionTree } from './trees/sessionTree';
import { useTranslator } from './words';
import type { Workbench } from './workbench';

export function activate(context: vscode.ExtensionContext): void {
  useTranslator((message, ...values) => vscode.l10n.t(message, ...values));
  useEngineFolder(context);
  const runs = new RunList();
  runs.setRoots(workspaceRoots());
  const panels = new Panels(runs, context.extensionUri);
  const inspection = new DataInspection(context.extensionUri);
  const diagnostics = new ExperimentDiagnostics(inspection);
  const workbench: Workbench = { context, runs, panels, diagnostics };
  const experiments = new ExperimentsTree(runs);
  context.subscriptions.push(
    runs,
    panels,
    inspection,
    diagnostics,
    registerProviders(inspection, diagnostics),
    new ExperimentLenses(runs),
    experiments,
    new RunsTree(runs),
    new SessionTree(runs),
    registerCommands(workbench, experiments),
    registerLogDocuments(),
    showStatus(runs),
    tellFailures(runs, context.workspaceState),
    keepContextKeys(runs),
    vscode.workspace.onDidChangeWorkspaceFolders(() => runs.setRoots(workspaceRoots())),
  );
  void runOnStart(workbench);
}
