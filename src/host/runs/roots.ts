import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { nearestRunsFolder, runsFolderOf } from '../../runs/store';

/** The folders of runs of all workspace folders that are on disk. */
export function workspaceRoots(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => runsFolderOf(uri.fsPath));
}

/** The folder that the runs of an experiment file are put into: that of its workspace folder, or the nearest there is. */
export async function rootFor(file: vscode.Uri): Promise<string> {
  const folder = vscode.workspace.getWorkspaceFolder(file);
  return folder === undefined ? nearestRunsFolder(dirname(file.fsPath)) : runsFolderOf(folder.uri.fsPath);
}
