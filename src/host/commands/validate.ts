import * as vscode from 'vscode';
import { t } from '../words';
import type { Workbench } from '../workbench';
import { pickExperiment } from './pick';
import { mayRun } from './trust';

/** Checks an experiment with its data and says how it stands. */
export async function validate({ diagnostics }: Workbench, argument: unknown): Promise<void> {
  const file = await pickExperiment(argument, t('Validate Experiment'));
  if (file === undefined) return;
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document, { preview: false });
  const found = diagnostics.checkNow(document);
  if (found.some(({ severity }) => severity === 'error')) return showProblems();
  if (!(await mayRun())) return;
  const problems = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Reading the data of {0}', nameOf(file)) },
    () => diagnostics.checkWithData(document, true),
  );
  if (problems === undefined) {
    void vscode.window.showWarningMessage(
      t('The data of {0} could not be read. The text has no errors.', nameOf(file)),
    );
  } else if (problems.length > 0) {
    await showProblems();
  } else {
    void vscode.window.showInformationMessage(t('{0} has no problems.', nameOf(file)));
  }
}

async function showProblems(): Promise<void> {
  await vscode.commands.executeCommand('workbench.actions.view.problems');
}

function nameOf(file: vscode.Uri): string {
  return file.path.slice(file.path.lastIndexOf('/') + 1);
}
