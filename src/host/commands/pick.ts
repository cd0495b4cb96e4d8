import * as vscode from 'vscode';
import { phaseLook } from '../labels/phase';
import { runDescription, runLabel, shownPhase } from '../labels/runLabel';
import { findExperimentFiles, isExperiment } from '../language/selector';
import type { RunEntry, RunList } from '../runs/runList';
import { t } from '../words';
import { runIdOf } from './runArgument';

/**
 * The run that a command is meant for; where it is not said, the only one there is, or one that the person picks.
 * @param fits Which runs come into question.
 */
export async function pickRun(
  runs: RunList,
  argument: unknown,
  title: string,
  fits: (entry: RunEntry) => boolean = () => true,
): Promise<RunEntry | undefined> {
  const id = runIdOf(argument);
  if (id !== undefined) {
    if (runs.get(id) === undefined) await runs.refresh();
    return runs.get(id);
  }
  const candidates = runs.all().filter(fits);
  if (candidates.length === 0) {
    void vscode.window.showInformationMessage(t('There is no such run now.'));
    return undefined;
  }
  if (candidates.length === 1) return candidates[0];
  const items = candidates.map((entry) => ({
    label: `$(${phaseLook(shownPhase(entry)).icon}) ${plain(runLabel(entry))}`,
    description: plain(runDescription(entry, Date.now())),
    detail: entry.run.record.id,
    entry,
  }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: t('Pick a run'), matchOnDetail: true }))
    ?.entry;
}

/** The experiment file that a command is meant for: named, in the active editor, or picked. */
export async function pickExperiment(argument: unknown, title: string): Promise<vscode.Uri | undefined> {
  const uri = experimentArgument(argument);
  if (uri !== undefined) return uri;
  const active = vscode.window.activeTextEditor?.document;
  if (active !== undefined && isExperiment(active)) return active.uri;
  const files = await findExperimentFiles();
  if (files.length === 0) {
    const create = t('New Experiment');
    const answer = await vscode.window.showInformationMessage(
      t('There is no experiment file (*.mtl.yaml) in this workspace yet.'),
      create,
    );
    if (answer === create) await vscode.commands.executeCommand('mtl.newExperiment');
    return undefined;
  }
  const items = files.map((file) => ({ label: vscode.workspace.asRelativePath(file), file }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: t('Pick an experiment file') }))?.file;
}

function experimentArgument(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument === 'string') return vscode.Uri.parse(argument);
  if (typeof argument !== 'object' || argument === null || !('experimentUri' in argument)) return undefined;
  return argument.experimentUri instanceof vscode.Uri ? argument.experimentUri : undefined;
}

/** Quick picks read `$(name)` as an icon; a person's text is shown as it is. */
function plain(text: string): string {
  return text.replace(/\$\(/g, '$\u200b(');
}
