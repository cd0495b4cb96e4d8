import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { runFiles } from '../../runs/record';
import { runCommandLine } from '../runs/commandLine';
import type { RunEntry } from '../runs/runList';
import { t } from '../words';
import type { Workbench } from '../workbench';
import { cliScript } from './cliScript';
import { pickRun } from './pick';
import { revealFolder } from './reveal';
import { mayRun } from './trust';

/** Writes the event files of a run and says how TensorBoard is started on them. */
export async function exportTensorBoard(workbench: Workbench, argument: unknown): Promise<void> {
  const entry = await pickRun(workbench.runs, argument, t('Export for TensorBoard'));
  if (entry === undefined) return;
  const out = join(entry.run.folder, runFiles.tensorboard);
  const words = ['export', 'tensorboard', entry.run.folder, '--out', out];
  if (!(await commandLine(workbench, t('Writing event files'), words, dirname(out)))) return;
  const [copy, reveal] = [t('Copy Command'), t('Reveal')];
  const answer = await vscode.window.showInformationMessage(t('Event files were written to {0}', out), copy, reveal);
  if (answer === copy) await vscode.env.clipboard.writeText(`tensorboard --logdir "${out}"`);
  if (answer === reveal) await revealFolder(out);
}

/** Shows what a run leaves for others. */
export async function revealModel({ runs }: Workbench, argument: unknown): Promise<void> {
  const entry = await pickRun(runs, argument, t('Reveal Model Folder'));
  if (entry !== undefined && (await hasModel(entry))) await revealFolder(modelFolder(entry));
}

/**
 * Predicts from the rows of a table with the model of a run, and opens the predictions. Asks for the table and for the
 * file to write, unless the argument has their paths as `file` and `out`, as a key binding may give them.
 */
export async function predict(workbench: Workbench, argument: unknown): Promise<void> {
  if (!(await mayRun())) return;
  const entry = await pickRun(workbench.runs, argument, t('Predict with Run'));
  if (entry === undefined || !(await hasModel(entry))) return;
  const tasks = await pickTable(entry);
  if (tasks === undefined) return;
  const file = given(argument, 'file') ?? (await askForTable(entry.run.record.folder));
  if (file === undefined) return;
  const out = given(argument, 'out') ?? (await askForPredictions(file.fsPath));
  if (out === undefined) return;
  const words = ['predict', entry.run.folder, file.fsPath, '--out', out.fsPath];
  const chosen = tasks.flatMap((task) => ['--task', task]);
  if (!(await commandLine(workbench, t('Predicting'), [...words, ...chosen], dirname(file.fsPath)))) return;
  await vscode.window.showTextDocument(out, { preview: false });
}

/** The path that an argument has under a name. */
function given(argument: unknown, name: 'file' | 'out'): vscode.Uri | undefined {
  if (typeof argument !== 'object' || argument === null || !(name in argument)) return undefined;
  const path: unknown = Reflect.get(argument, name);
  return typeof path === 'string' ? vscode.Uri.file(path) : undefined;
}

async function askForTable(folder: string): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: t('A table with the input columns'),
    openLabel: t('Predict'),
    defaultUri: vscode.Uri.file(folder),
  });
  return chosen?.[0];
}

function askForPredictions(file: string): Thenable<vscode.Uri | undefined> {
  return vscode.window.showSaveDialog({
    title: t('Where to write the predictions'),
    defaultUri: vscode.Uri.file(predictionsFile(file)),
    filters: { CSV: ['csv'] },
  });
}

/** `data.csv.gz` becomes `data-predictions.csv` beside it. */
function predictionsFile(file: string): string {
  const name = basename(file).replace(/(\.[a-z0-9]+)(\.gz)?$/i, '');
  return join(dirname(file), `${name}-predictions.csv`);
}

/** The tasks of one table, where the run has several; none for all there are; undefined where nobody chose. */
async function pickTable(entry: RunEntry): Promise<readonly string[] | undefined> {
  const { tasks, tables } = JSON.parse(await readFile(join(modelFolder(entry), 'model.json'), 'utf8')) as {
    readonly tasks: readonly { readonly name: string; readonly table: number }[];
    readonly tables: readonly { readonly name: string }[];
  };
  if (tables.length === 1) return [];
  const items = tables.map(({ name }, table) => ({
    label: name,
    tasks: tasks.filter((task) => task.table === table).map((task) => task.name),
  }));
  const title = t('Which table is it like?');
  return (await vscode.window.showQuickPick(items, { title }))?.tasks;
}

function modelFolder({ run }: RunEntry): string {
  return join(run.folder, runFiles.model);
}

async function hasModel(entry: RunEntry): Promise<boolean> {
  const there = await stat(join(modelFolder(entry), 'model.json')).then(
    () => true,
    () => false,
  );
  if (!there) {
    void vscode.window.showInformationMessage(
      t('This run has no model. A run writes it when it finishes or is stopped after its first step.'),
    );
  }
  return there;
}

/** Runs the command line while a notice shows that it works; tells what it says, and whether it succeeded. */
async function commandLine(
  { context }: Workbench,
  title: string,
  words: readonly string[],
  folder: string,
): Promise<boolean> {
  const { code, said } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title },
    () => runCommandLine(cliScript(context), words, folder),
  );
  const text = said.replace(/^(error|note): /gm, '');
  if (code !== 0) void vscode.window.showErrorMessage(text);
  else if (/^note: /m.test(said)) {
    void vscode.window.showInformationMessage(text.split('\n').slice(0, -1).join(' '));
  }
  return code === 0;
}
