import * as vscode from 'vscode';
import { checkExperiment } from '../../experiment/check';
import { placeFindings } from '../../experiment/place';
import type { Finding, Problem } from '../../experiment/problem';
import type { DataInspection } from '../inspector/dataInspection';
import { toDiagnostic, toRange } from './convert';
import { isEdited, isExperiment } from './selector';

/** How long after a key press the text is checked, and its data after that, in milliseconds. */
const checkDelay = 120;
const dataDelay = 400;

interface Known {
  readonly version: number;
  readonly problems: readonly Problem[];
  /** What was last found in the data. */
  readonly data: readonly Finding[];
}

/**
 * Problems of the experiment files that are open: those of the text at once, those of the data when it has been read.
 * Until the data has been read again, what was last found in it stays.
 */
export class ExperimentDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('mtl');
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly known = new Map<string, Known>();
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly inspection: DataInspection) {
    this.disposables = [
      this.collection,
      vscode.workspace.onDidOpenTextDocument((document) => this.schedule(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.schedule(document, checkDelay)),
      vscode.workspace.onDidSaveTextDocument((document) => this.schedule(document, 0)),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.checkAll()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('mtl.validation')) this.checkAll();
      }),
    ];
    this.checkAll();
  }

  /**
   * Checks the text now, without reading its data, and shows what it finds.
   * @returns The problems of the text alone.
   */
  checkNow(document: vscode.TextDocument): readonly Problem[] {
    const { problems, experiment } = checkExperiment(document.getText());
    const data = this.known.get(document.uri.toString())?.data ?? [];
    this.show(document, problems, experiment === undefined ? [] : data);
    return problems;
  }

  /**
   * Checks the text and its data, and shows what it finds. Undefined where the data could not be read or the text has
   * changed meanwhile.
   * @param asked Whether the person asked for it, whatever the settings say.
   */
  async checkWithData(document: vscode.TextDocument, asked: boolean): Promise<readonly Problem[] | undefined> {
    const response = await this.inspection.inspect(document, asked);
    if (response === undefined || document.isClosed) return undefined;
    return this.show(document, checkExperiment(document.getText()).problems, response.findings);
  }

  /** The problems that are shown for this version of the text. */
  problemsOf(document: vscode.TextDocument): readonly Problem[] {
    const known = this.known.get(document.uri.toString());
    return known?.version === document.version ? known.problems : [];
  }

  /** The diagnostics that are shown for a problem. */
  shownFor({ uri }: vscode.TextDocument, { code, range }: Problem): vscode.Diagnostic[] {
    const shown = this.collection.get(uri) ?? [];
    return shown.filter((diagnostic) => diagnostic.code === code && diagnostic.range.isEqual(toRange(range)));
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const disposable of this.disposables) disposable.dispose();
  }

  private checkAll(): void {
    for (const document of vscode.workspace.textDocuments) this.schedule(document, 0);
  }

  private schedule(document: vscode.TextDocument, delay: number): void {
    if (!isExperiment(document) || !isEdited(document)) return;
    this.later(document, delay, () => this.check(document));
  }

  /** Text problems now; the data after a while without a key press, so that it is not read for half a word. */
  private check(document: vscode.TextDocument): void {
    const first = !this.known.has(document.uri.toString());
    this.checkNow(document);
    this.later(document, first ? 0 : dataDelay, () => void this.checkWithData(document, false));
  }

  private later(document: vscode.TextDocument, delay: number, work: () => void): void {
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    const timer = setTimeout(() => {
      this.timers.delete(key);
      if (!document.isClosed) work();
    }, delay);
    this.timers.set(key, timer);
  }

  private show(
    document: vscode.TextDocument,
    ofText: readonly Problem[],
    data: readonly Finding[],
  ): readonly Problem[] {
    const problems = [...ofText, ...placeFindings(document.getText(), data)];
    this.known.set(document.uri.toString(), { version: document.version, problems, data });
    this.collection.set(document.uri, problems.map(toDiagnostic));
    return problems;
  }

  private forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.known.delete(key);
    this.collection.delete(document.uri);
  }
}
