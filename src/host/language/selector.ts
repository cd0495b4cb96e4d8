import * as vscode from 'vscode';

/**
 * Experiment files have a language of their own, coloured by the YAML grammar: extensions for YAML in general then leave
 * them alone, and nothing is checked, completed or explained twice.
 */
export const languageId = 'mtl-experiment';

const pattern = '**/*.mtl.{yaml,yml}';

export const selector: vscode.DocumentSelector = [{ language: languageId }, { pattern }];

export function isExperiment(document: vscode.TextDocument): boolean {
  return document.languageId === languageId || isExperimentPath(document.uri.path);
}

export function isExperimentPath(path: string): boolean {
  return /\.mtl\.ya?ml$/.test(path);
}

/** Whether a person edits it: a file, or a text that is not saved yet; not one that is only shown. */
export function isEdited({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === 'untitled' || vscode.workspace.fs.isWritableFileSystem(uri.scheme) === true;
}

/** All experiment files of the workspace, in the order of their paths. */
export async function findExperimentFiles(): Promise<readonly vscode.Uri[]> {
  const files = await vscode.workspace.findFiles(pattern, '**/{node_modules,.mtl,.git}/**', 2000);
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}

export function watchExperimentFiles(): vscode.FileSystemWatcher {
  return vscode.workspace.createFileSystemWatcher(pattern, false, true, false);
}
