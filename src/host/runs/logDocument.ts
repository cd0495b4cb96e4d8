import { basename } from 'node:path';
import * as vscode from 'vscode';
import { readJournal } from '../../runs/journalReader';
import { logTail } from '../../runs/lifecycle';
import { readRecord, type StoredRun } from '../../runs/store';
import { logText } from '../labels/logText';

const scheme = 'mtl-log';
/** So much of what the process printed is shown. */
const tailBytes = 256 * 1024;

/** Where the log of a run can be opened. */
export function logUri({ folder }: StoredRun): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${basename(folder)}.log`, query: folder });
}

/** Logs of runs as documents: what the journal tells besides figures, then what the process printed. */
export function registerLogDocuments(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    async provideTextDocumentContent(uri) {
      const run = await readRecord(uri.query);
      if (!('record' in run)) return run.message;
      const { events, problem } = await readJournal(run.folder);
      return logText(run.record, events, problem, await logTail(run.folder, tailBytes));
    },
  });
}
