import * as vscode from 'vscode';

/** The bundled command line. */
export function cliScript({ extensionUri }: vscode.ExtensionContext): string {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'cli.js').fsPath;
}

/** What the command line says of errors, without the word that marks them in a terminal. */
export function withoutMark(said: string): string {
  return said.replace(/^error: /gm, '');
}
