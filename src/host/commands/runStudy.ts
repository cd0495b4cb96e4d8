import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { checkExperiment } from '../../experiment/check';
import { isEach, namedTasks } from '../../experiment/tasks';
import { exitCodes } from '../../protocol/exitCodes';
import { newShortId, runFolderName } from '../../runs/folderName';
import { ensureFolder, ignoreInGit } from '../../runs/store';
import { studyFiles, studyNames, type StudyName } from '../../studies/study';
import { rootFor } from '../runs/roots';
import { startCommandLine } from '../runs/start';
import { t } from '../words';
import type { Workbench } from '../workbench';
import { cliScript, withoutMark } from './cliScript';
import { pickExperiment } from './pick';
import { readyToRun } from './runExperiment';
import { mayRun } from './trust';

function wordsOf(study: StudyName): { readonly label: string; readonly detail: string } {
  switch (study) {
    case 'less-data':
      return {
        label: t('Less data'),
        detail: t('Each task alone and all together, with 5 to 100 % of the training rows'),
      };
    case 'robustness':
      return { label: t('Robustness'), detail: t('Both, tested on rows with noise and with missing inputs') };
    case 'transfer':
      return { label: t('Transfer'), detail: t('A new task on the network of the others, with few rows') };
  }
}

/** Asks for an experiment and a study of it, runs that in a process that outlives the window, and shows its chart. */
export async function runStudy(workbench: Workbench, argument: unknown): Promise<void> {
  if (!(await mayRun())) return;
  const file = await pickExperiment(argument, t('Run a Study'));
  if (file === undefined || !(await readyToRun(workbench, file))) return;
  const items = studyNames.map((study) => ({ ...wordsOf(study), study }));
  const placeHolder = t('Does sharing keep its promises?');
  const picked = await vscode.window.showQuickPick(items, { title: t('Run a Study'), placeHolder });
  if (picked === undefined) return;
  const task = picked.study === 'transfer' ? await pickTask(file) : undefined;
  if (picked.study === 'transfer' && task === undefined) return;
  const words = ['study', picked.study, file.fsPath, '--quiet', ...(task === undefined ? [] : ['--task', task])];
  try {
    await carryOut(workbench, file, picked, words);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(t('The study was not started: {0}', reason));
  }
}

/** The task that is new; where a column names the tasks, as it is typed. */
async function pickTask(file: vscode.Uri): Promise<string | undefined> {
  const { experiment } = checkExperiment((await vscode.workspace.openTextDocument(file)).getText());
  if (experiment === undefined) return undefined;
  const title = t('Transfer to a New Task');
  if (isEach(experiment.tasks)) {
    const prompt = t('Which value of {0} is the new task?', experiment.tasks.each);
    return vscode.window.showInputBox({ title, prompt });
  }
  const names = namedTasks(experiment).map(({ name }) => name);
  return vscode.window.showQuickPick(names, { title, placeHolder: t('Which task is the new one?') });
}

async function carryOut(
  { context, runs }: Workbench,
  file: vscode.Uri,
  { study, label }: { readonly study: StudyName; readonly label: string },
  words: readonly string[],
): Promise<void> {
  const root = join(dirname(await rootFor(file)), 'studies');
  const name = file.path.slice(file.path.lastIndexOf('/') + 1).replace(/\.mtl\.ya?ml$/, '');
  const folder = join(root, runFolderName(Date.now(), `${name} ${study}`, newShortId()));
  await ensureFolder(join(folder, studyFiles.runs));
  await ignoreInGit(root);
  runs.addRoot(join(folder, studyFiles.runs));
  const { ended } = await startCommandLine(cliScript(context), [...words, '--resume', folder], dirname(file.fsPath));
  void vscode.window.showInformationMessage(
    t('The study "{0}" of {1} has started. Its runs appear under Runs; its chart will be in {2}', label, name, folder),
  );
  const { code, said } = await ended;
  if (code === exitCodes.stopped) return;
  if (code !== 0) {
    void vscode.window.showErrorMessage(t('The study ended early: {0}', withoutMark(said)));
    return;
  }
  await showChart(vscode.Uri.file(join(folder, studyFiles.chart)));
}

/** As a picture; the text of it would be what opens else. */
async function showChart(chart: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', chart, 'imagePreview.previewEditor');
}
