import * as vscode from 'vscode';
import { exitCodes } from '../../protocol/exitCodes';
import { rootFor } from '../runs/roots';
import type { RunEntry, RunList } from '../runs/runList';
import { startExperiment, type StartEnd } from '../runs/start';
import { t } from '../words';
import type { Workbench } from '../workbench';
import { cliScript, withoutMark } from './cliScript';
import { pickExperiment } from './pick';
import { mayRun } from './trust';

/**
 * Runs an experiment: its file is saved and checked first; with errors the problems are shown instead. Once the run has
 * started the curves come up beside the editor, unless the settings say otherwise.
 */
export async function runExperiment(workbench: Workbench, argument: unknown): Promise<void> {
  if (!(await mayRun())) return;
  const file = await pickExperiment(argument, t('Run Experiment'));
  if (file === undefined || !(await readyToRun(workbench, file))) return;
  try {
    const started = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: t('Starting {0}', name(file)) },
      () => start(workbench, file),
    );
    if (started === undefined || !vscode.workspace.getConfiguration('mtl').get<boolean>('run.showCurves', true)) return;
    workbench.panels.showStarted('curves', file.fsPath);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(t('{0} was not started: {1}', name(file), reason));
  }
}

/** Starts the file and waits for its first run to appear; undefined where none did. */
async function start({ runs, context }: Workbench, file: vscode.Uri): Promise<RunEntry | undefined> {
  const root = await rootFor(file);
  runs.addRoot(root);
  const since = Date.now() - 1000;
  const before = new Set(runs.all().map(({ run }) => run.record.id));
  const find = () =>
    runs
      .all()
      .find(({ run: { record } }) => record.file === file.fsPath && record.created >= since && !before.has(record.id));
  const { ended } = await startExperiment({ file: file.fsPath, root, cliScript: cliScript(context) });
  const refreshed = ended.then(async (end) => {
    await runs.refresh();
    tellEnd(end, file, find() !== undefined);
  });
  await Promise.race([whenFound(runs, find), refreshed]);
  return find();
}

/** Saves the file and looks for errors in it. */
export async function readyToRun({ diagnostics }: Workbench, file: vscode.Uri): Promise<boolean> {
  if (file.scheme !== 'file') {
    const save = t('Save As');
    const answer = await vscode.window.showWarningMessage(t('Only a file on disk can be run. Save it first.'), save);
    if (answer === save) await vscode.commands.executeCommand('workbench.action.files.saveAs');
    return false;
  }
  const document = await vscode.workspace.openTextDocument(file);
  if (document.isDirty && !(await document.save())) {
    void vscode.window.showErrorMessage(t('{0} could not be saved, so it was not run.', name(file)));
    return false;
  }
  const errors = diagnostics.checkNow(document).filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return true;
  await showProblems(document);
  void vscode.window.showErrorMessage(
    errors.length === 1
      ? t('{0} has an error: {1}', name(file), errors[0].message)
      : t('{0} has {1} errors. They are listed under Problems.', name(file), errors.length),
  );
  return false;
}

async function showProblems(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document, { preview: false });
  await vscode.commands.executeCommand('workbench.actions.view.problems');
}

function tellEnd({ code, said }: StartEnd, file: vscode.Uri, hasRun: boolean): void {
  if (code === 0 || (code !== exitCodes.badInput && hasRun)) return;
  const problems = t('Show Problems');
  const reason = withoutPlace(said.split('\n')[0]) || t('its process ended with code {0}', code);
  void vscode.window
    .showErrorMessage(t('{0} was not run: {1}', name(file), reason), ...(code === exitCodes.badInput ? [problems] : []))
    .then(async (answer) => {
      if (answer === problems) await showProblems(await vscode.workspace.openTextDocument(file));
    });
}

/** What the command line says of a problem, without the place, which the editor underlines. */
function withoutPlace(line: string): string {
  return withoutMark(line.replace(/^.*?:\d+:\d+: (error|warning|information): /, ''));
}

/** Fulfilled when there is what is looked for among the runs, or after a while. */
function whenFound(runs: RunList, find: () => RunEntry | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(end, 60_000);
    const stop = runs.onChange(() => {
      if (find() !== undefined) end();
    });
  });
}

function name(file: vscode.Uri): string {
  return file.path.slice(file.path.lastIndexOf('/') + 1);
}
