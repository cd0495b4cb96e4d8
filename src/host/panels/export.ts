import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { FromWebviewMessage } from '../../protocol/messages';
import { t } from '../words';
import { exportName } from './fromWebview';

type Export = Extract<FromWebviewMessage, { type: 'export' }>;

const formatNames: Readonly<Record<Export['format'], string>> = { png: 'PNG', csv: 'CSV', svg: 'SVG', tex: 'LaTeX' };

/** Asks where to, and saves what a panel drew. */
export async function saveExport(message: Export, experimentFile: string | undefined): Promise<void> {
  const folder =
    experimentFile === undefined ? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath : dirname(experimentFile);
  const name = exportName(message.name, message.format);
  const target = await vscode.window.showSaveDialog({
    title: t('Export'),
    filters: { [formatNames[message.format]]: [message.format] },
    ...(folder !== undefined && { defaultUri: vscode.Uri.file(join(folder, name)) }),
  });
  if (target === undefined) return;
  const bytes = Buffer.from(message.content, message.format === 'png' ? 'base64' : 'utf8');
  try {
    await vscode.workspace.fs.writeFile(target, bytes);
    vscode.window.setStatusBarMessage(t('Saved {0}', vscode.workspace.asRelativePath(target)), 5000);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(t('{0} cannot be written: {1}', target.fsPath, reason));
  }
}
