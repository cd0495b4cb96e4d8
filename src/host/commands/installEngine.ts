import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import { engineFolderVariable } from '../../engine/folders';
import { exitCodes } from '../../protocol/exitCodes';
import { t } from '../words';
import type { Workbench } from '../workbench';
import { cliScript, withoutMark } from './cliScript';

/** Has every process that is started from here look for the native engine in the extension's own storage. */
export function useEngineFolder({ globalStorageUri }: vscode.ExtensionContext): void {
  process.env[engineFolderVariable] ??= vscode.Uri.joinPath(globalStorageUri, 'engine').fsPath;
}

/** How an installation ended: the command line's exit code, what it printed, and what it said on standard error. */
interface End {
  readonly code: number;
  readonly printed: string;
  readonly said: readonly string[];
}

/** Installs the native engine into the extension's storage, after asking, with progress that can be cancelled. */
export async function installNativeEngine({ context }: Workbench): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    const words = t(
      'This workspace is not trusted. Installing the native engine runs npm and a compiler, whose settings a workspace can change. Install it from a trusted window.',
    );
    const manage = t('Manage Workspace Trust');
    const answer = await vscode.window.showWarningMessage(words, manage);
    if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
    return;
  }
  const install = t('Install');
  const answer = await vscode.window.showInformationMessage(
    t('Install the native engine?'),
    {
      modal: true,
      detail: t(
        'It trains several times faster than the embedded one. TensorFlow is downloaded (up to 300 MB; about 1 GB on disk) into {0}',
        process.env[engineFolderVariable] ?? '',
      ),
    },
    install,
  );
  if (answer !== install) return;
  const script = cliScript(context);
  const end = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Native engine'), cancellable: true },
    (progress, cancel) => runInstallation(script, (message) => progress.report({ message }), cancel),
  );
  await tellEnd(end);
}

async function runInstallation(
  script: string,
  report: (line: string) => void,
  cancel: vscode.CancellationToken,
): Promise<End> {
  const child = spawn(process.execPath, [script, 'engine', 'install'], {
    windowsHide: true,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const listener = cancel.onCancellationRequested(() => child.kill('SIGTERM'));
  const said: string[] = [];
  createInterface(child.stderr).on('line', (line) => {
    said.push(line);
    report(line);
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  try {
    return await new Promise<End>((resolve) => {
      child.once('error', (error) => resolve({ code: 1, printed, said: [error.message] }));
      child.once('close', (code) => resolve({ code: code ?? exitCodes.stopped, printed, said }));
    });
  } finally {
    listener.dispose();
  }
}

async function tellEnd({ code, printed, said }: End): Promise<void> {
  if (code === exitCodes.stopped) return;
  if (code === 0) {
    const words = t(
      '{0}. The next run uses it, unless its experiment names another engine.',
      printed.trim().replace(/\.$/, ''),
    );
    void vscode.window.showInformationMessage(words);
    return;
  }
  const from = said.findLastIndex((line) => line.startsWith('error: '));
  const reason = withoutMark(said.slice(Math.max(0, from)).join(' '));
  const again = t('Try Again');
  const answer = await vscode.window.showErrorMessage(t('The native engine was not installed: {0}', reason), again);
  if (answer === again) await vscode.commands.executeCommand('mtl.installEngine');
}
