import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { InspectorResponse } from '../../protocol/inspector';
import { InspectorClient } from './inspectorClient';

type Tables = InspectorResponse['tables'];

/** What the editor knows of the data that open experiments name. */
export class DataInspection implements vscode.Disposable {
  private readonly client: InspectorClient;
  private readonly tables = new Map<string, Tables>();
  private readonly costs = new Map<string, NonNullable<InspectorResponse['costs']>>();
  private readonly read = new vscode.EventEmitter<void>();
  /** Data has been read. */
  readonly onDidRead = this.read.event;
  private readonly closing: vscode.Disposable;

  constructor(extensionUri: vscode.Uri) {
    this.client = new InspectorClient({ script: vscode.Uri.joinPath(extensionUri, 'dist', 'inspector.js').fsPath });
    this.closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      this.tables.delete(uri.toString());
      this.costs.delete(uri.toString());
    });
  }

  /**
   * Reads the data that a document names, where that is allowed: never without trust.
   * @param asked Whether the person asked for it, whatever the settings say.
   */
  async inspect(document: vscode.TextDocument, asked: boolean): Promise<InspectorResponse | undefined> {
    if (!mayRead(document, asked)) return undefined;
    const key = document.uri.toString();
    const { version } = document;
    const response = await this.client.ask(key, document.getText(), dirname(document.uri.fsPath));
    if (response === undefined || document.isClosed) return undefined;
    if (response.tables.length > 0 || !this.tables.has(key)) this.tables.set(key, response.tables);
    if (response.costs) this.costs.set(key, response.costs);
    else this.costs.delete(key);
    this.read.fire();
    return document.version === version ? response : undefined;
  }

  /** The tables that were last read for a document. */
  tablesOf(document: vscode.TextDocument): Tables {
    return this.tables.get(document.uri.toString()) ?? [];
  }

  /** What the measures of a document are about to cost, as its text and data were when they were last read. */
  costsOf(document: vscode.TextDocument): NonNullable<InspectorResponse['costs']> {
    return this.costs.get(document.uri.toString()) ?? [];
  }

  dispose(): void {
    this.read.dispose();
    this.client.dispose();
    this.closing.dispose();
  }
}

function mayRead({ uri }: vscode.TextDocument, asked: boolean): boolean {
  if (!vscode.workspace.isTrusted || uri.scheme !== 'file') return false;
  return asked || vscode.workspace.getConfiguration('mtl', uri).get<boolean>('validation.readData', true);
}
