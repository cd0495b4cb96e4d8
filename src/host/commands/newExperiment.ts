import * as vscode from 'vscode';
import { isExperimentPath, languageId } from '../language/selector';
import { t } from '../words';
import type { Workbench } from '../workbench';

interface Template extends vscode.QuickPickItem {
  /** Name of the file in media/templates, and the name that is offered for the new one. */
  readonly file: string;
}

function templates(): readonly Template[] {
  return [
    {
      file: 'generated.mtl.yaml',
      label: t('Generated tasks of known relatedness'),
      detail: t('Runs at once; needs no data file.'),
    },
    {
      file: 'targets-of-one-table.mtl.yaml',
      label: t('Several targets of one table'),
      detail: t('Each task predicts another column of the same rows.'),
    },
    {
      file: 'task-per-value.mtl.yaml',
      label: t('One task per value of a column'),
      detail: t('Such as one task per school, patient or shop, all with the same target.'),
    },
    {
      file: 'table-per-task.mtl.yaml',
      label: t('Tasks with tables of their own'),
      detail: t('Each task has its own rows and inputs, and a private encoder before the shared one.'),
    },
  ];
}

/** Makes an experiment file from a template and opens it. */
export async function newExperiment({ context }: Workbench): Promise<void> {
  const title = t('New Experiment');
  const template = await vscode.window.showQuickPick(templates(), {
    title,
    placeHolder: t('What do the tasks look like?'),
  });
  if (template === undefined) return;
  const source = vscode.Uri.joinPath(context.extensionUri, 'media', 'templates', template.file);
  const content = await vscode.workspace.fs.readFile(source);
  const folder = await targetFolder();
  if (folder === undefined) {
    const text = Buffer.from(content).toString('utf8');
    const document = await vscode.workspace.openTextDocument({ language: languageId, content: text });
    await vscode.window.showTextDocument(document);
    return;
  }
  const name = await askName(folder, template.file);
  if (name === undefined) return;
  const file = vscode.Uri.joinPath(folder, name);
  await vscode.workspace.fs.writeFile(file, content);
  await vscode.window.showTextDocument(file);
}

async function targetFolder(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length <= 1) return folders[0]?.uri;
  return (await vscode.window.showWorkspaceFolderPick({ placeHolder: t('Which folder shall it be in?') }))?.uri;
}

async function askName(folder: vscode.Uri, suggestion: string): Promise<string | undefined> {
  const stem = suggestion.replace(/\.mtl\.yaml$/, '');
  const answer = await vscode.window.showInputBox({
    title: t('New Experiment'),
    prompt: t('Name of the file'),
    value: suggestion,
    valueSelection: [0, stem.length],
    validateInput: (value) => nameProblem(folder, fileName(value)),
  });
  return answer === undefined ? undefined : fileName(answer);
}

function fileName(value: string): string {
  const name = value.trim();
  return isExperimentPath(name) ? name : `${name.replace(/\.ya?ml$/, '')}.mtl.yaml`;
}

async function nameProblem(folder: vscode.Uri, name: string): Promise<string | undefined> {
  if (name.startsWith('.mtl')) return t('Give it a name.');
  if (/[\\:*?"<>|]/.test(name) || name.startsWith('/') || name.split('/').includes('..')) {
    return t('Use a name without \\ : * ? " < > |, inside this folder.');
  }
  const taken = await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, name)).then(
    () => true,
    () => false,
  );
  return taken ? t('There is a file of this name already.') : undefined;
}
