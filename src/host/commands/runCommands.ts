import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../protocol/commands';
import type { PanelName } from '../../protocol/messages';
import { RunFolderError } from '../../runs/errors';
import { requestRun } from '../../runs/lifecycle';
import { ownProcess } from '../../runs/launch';
import { continueRun, type ResumeEngine } from '../../runs/resume';
import { runFiles, type RequestName } from '../../runs/record';
import { deleteRun } from '../../runs/store';
import { shortened } from '../labels/figures';
import { isLive } from '../labels/phase';
import { runLabel, shownPhase } from '../labels/runLabel';
import { logUri } from '../runs/logDocument';
import type { RunEntry } from '../runs/runList';
import { t } from '../words';
import type { Workbench } from '../workbench';
import { pickRun } from './pick';
import { revealFolder } from './reveal';
import { runIdsOf } from './runArgument';
import { mayRun } from './trust';

const requestable: Readonly<Record<RequestName, (entry: RunEntry) => boolean>> = {
  stop: (entry) => isLive(shownPhase(entry)),
  pause: (entry) => shownPhase(entry) === 'running' || shownPhase(entry) === 'starting',
  resume: (entry) => shownPhase(entry) === 'paused' || entry.summary?.continuable === true,
};

/** Asks a run to stop, pause or resume; one whose process is gone goes on in a new one. */
export async function request(workbench: Workbench, name: RequestName, argument: unknown): Promise<void> {
  const titles = { stop: t('Stop Run'), pause: t('Pause Run'), resume: t('Resume Run') };
  const entry = await pickRun(workbench.runs, argument, titles[name], requestable[name]);
  if (entry === undefined) return;
  // Such as from a message that is still there after somebody else resumed it.
  if (name === 'resume' && shownPhase(entry) === 'running') {
    void vscode.window.showInformationMessage(t('"{0}" is going on already.', shortened(runLabel(entry), 60)));
    return;
  }
  try {
    if (name === 'resume' && entry.summary?.continuable) await goOn(workbench, entry, 'same');
    else await requestRun(entry.run.folder, name);
  } catch (error) {
    tellError(error);
    await workbench.runs.refresh();
  }
}

/** Goes on with a run in a new process. Where its engine is missing, that can be installed, or another one taken. */
async function goOn(workbench: Workbench, entry: RunEntry, engine: ResumeEngine): Promise<void> {
  if (!(await mayRun())) return;
  const { runs, context } = workbench;
  const { run } = entry;
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: t('Resuming {0}', shortened(runLabel(entry), 40)) },
      () => continueRun(run, ownProcess(context.asAbsolutePath(join('dist', 'train.js'))), engine),
    );
    await runs.lookAgain(run.record.id);
  } catch (error) {
    if (!(error instanceof RunFolderError && error.code === 'engine-not-available')) throw error;
    await offerEngine(workbench, entry, error);
  }
}

async function offerEngine(workbench: Workbench, entry: RunEntry, error: RunFolderError): Promise<void> {
  const install = t('Install Native Engine');
  const other = t('Resume on Another Engine');
  const answer = await vscode.window.showErrorMessage(error.message, install, other);
  if (answer === install) await vscode.commands.executeCommand(commands.installEngine);
  if (answer === other) await goOn(workbench, entry, 'auto');
}

/** Brings a panel up with the run that is named, or with what it shows. */
export function showPanel({ panels }: Workbench, name: PanelName, argument: unknown): void {
  panels.show(name, runIdsOf(argument));
}

export async function showLog({ runs }: Workbench, argument: unknown): Promise<void> {
  const entry = await pickRun(runs, argument, t('Show Log of Run'));
  if (entry === undefined) return;
  const document = await vscode.workspace.openTextDocument(logUri(entry.run));
  await vscode.window.showTextDocument(await vscode.languages.setTextDocumentLanguage(document, 'log'), {
    preview: true,
  });
}

/** Opens the file that the run was started from; where that is gone, the run's own copy. */
export async function openExperiment({ runs }: Workbench, argument: unknown): Promise<void> {
  const entry = await pickRun(runs, argument, t('Open Experiment of Run'));
  if (entry === undefined) return;
  const { file } = entry.run.record;
  const there = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  const path = there ? file : join(entry.run.folder, runFiles.experiment);
  await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: true });
}

export async function revealRun({ runs }: Workbench, argument: unknown): Promise<void> {
  const entry = await pickRun(runs, argument, t('Reveal Run Folder'));
  if (entry !== undefined) await revealFolder(entry.run.folder);
}

export async function copyRunPath({ runs }: Workbench, argument: unknown): Promise<void> {
  const entry = await pickRun(runs, argument, t('Copy Path of Run Folder'));
  if (entry === undefined) return;
  await vscode.env.clipboard.writeText(entry.run.folder);
  vscode.window.setStatusBarMessage(t('Copied {0}', entry.run.folder), 4000);
}

/** Deletes a run after asking; into the trash where there is one. A run that goes on is refused. */
export async function removeRun({ runs }: Workbench, argument: unknown): Promise<void> {
  const entry = await pickRun(runs, argument, t('Delete Run'), (candidate) => !isLive(shownPhase(candidate)));
  if (entry === undefined) return;
  if (isLive(shownPhase(entry))) {
    void vscode.window.showWarningMessage(t('This run is going on. Stop it before you delete it.'));
    return;
  }
  const question = t('Delete the run of "{0}" with seed {1}?', runLabel(entry), entry.run.record.seed);
  const trash = hasTrash();
  const remove = trash ? t('Move to Trash') : t('Delete for Good');
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail: entry.run.folder }, remove)) !== remove)
    return;
  try {
    await (trash ? toTrash(entry) : deleteRun(entry.run.folder));
  } catch (error) {
    tellError(error);
  }
  await runs.refresh();
}

/** Only where VS Code and the files are on the machine that the person sits at. */
function hasTrash(): boolean {
  return vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
}

/** Where the trash does not take the folder, asks whether it shall be deleted for good. */
async function toTrash({ run }: RunEntry): Promise<void> {
  try {
    await vscode.workspace.fs.delete(vscode.Uri.file(run.folder), { recursive: true, useTrash: true });
  } catch {
    const remove = t('Delete for Good');
    const words = t('The trash did not take the folder. Delete it for good?');
    if ((await vscode.window.showWarningMessage(words, { modal: true, detail: run.folder }, remove)) !== remove) return;
    await deleteRun(run.folder);
  }
}

function tellError(error: unknown): void {
  const words = error instanceof RunFolderError ? `${error.message} ${error.remedy}` : String(error);
  void vscode.window.showErrorMessage(words);
}
