import * as vscode from 'vscode';
import { t } from '../words';

/** Whether runs are allowed; where not, says why and offers to manage trust. */
export async function mayRun(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = t('Manage Workspace Trust');
  const answer = await vscode.window.showWarningMessage(
    t(
      'This workspace is not trusted. An experiment can read any file and run any query, so it is run only in a trusted workspace. Editing works without trust.',
    ),
    manage,
  );
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return vscode.workspace.isTrusted;
}
