import * as vscode from 'vscode';
import { runOnStartVariable } from '../protocol/commands';
import { runExperiment } from './commands/runExperiment';
import type { Workbench } from './workbench';

const rememberedKey = 'mtl.ranOnStart';

/**
 * Opens and runs the experiment that the environment names, with both panels beside it: once per start of VS Code, not
 * again when its window is reloaded. A start is known by the process that all its extension hosts have as parent.
 */
export async function runOnStart(workbench: Workbench): Promise<void> {
  const path = process.env[runOnStartVariable];
  const { workspaceState } = workbench.context;
  const start = `${process.ppid} ${path}`;
  if (!path || !vscode.workspace.isTrusted || workspaceState.get(rememberedKey) === start) return;
  await workspaceState.update(rememberedKey, start);
  const file = vscode.Uri.file(path);
  await vscode.window.showTextDocument(file, { preview: false, viewColumn: vscode.ViewColumn.One });
  await vscode.commands.executeCommand('vscode.setEditorLayout', {
    orientation: 0,
    groups: [{ size: 0.3 }, { size: 0.35 }, { size: 0.35 }],
  });
  await vscode.commands.executeCommand('workbench.action.closeSidebar');
  workbench.panels.show('curves', [], { column: vscode.ViewColumn.Two, preserveFocus: true });
  workbench.panels.show('relatedness', [], { column: vscode.ViewColumn.Three, preserveFocus: true });
  await runExperiment(workbench, file);
}
