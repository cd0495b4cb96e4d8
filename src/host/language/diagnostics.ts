import * as vscode from 'vscode';
import { checkExperiment } from '../../experiment/check';
import { placeFindings } from '../../experiment/place';
import type { Finding, Problem } from '../../experiment/problem';
import { toDiagnostic } from './convert';
import { isExperiment } from './selector';

/** How long after a key press the text is checked, and its data after that, in milliseconds. */
const checkDelay = 120;
const dataDelay = 500;

/** Reads the data that an experiment names; undefined where that was not possible or is out of date. */
export type InspectData = (document: vscode.TextDocument) => Promise<readonly Finding[] | undefined>;

interface Known {
  readonly version: number;
  readonly problems: readonly Problem[];
}

/**
 * Problems of the experiment files that are open: those of the text at once, those of the data when it has been read.
 * While the text is being changed the data's problems stay where they were last found, as far as the text allows.
 */
export class ExperimentDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('mtl');
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly known = new Map<string, Known>();
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly inspect: InspectData) {
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

  /** Checks the text now, without its data; what it finds is shown, too. */
  checkNow(document: vscode.TextDocument): readonly vscode.Diagnostic[] {
    const { problems } = checkExperiment(document.getText());
    this.show(document, problems);
    return problems.map(toDiagnostic);
  }

  /** Checks the text and its data, and shows what it finds. Undefined where the data could not be read. */
  async checkWithData(document: vscode.TextDocument): Promise<readonly Problem[] | undefined> {
    const text = document.getText();
    const { version } = document;
    const { problems, experiment } = checkExperiment(text);
    if (experiment === undefined) {
      this.show(document, problems);
      return problems;
    }
    const findings = await this.inspect(document);
    if (findings === undefined || document.version !== version || document.isClosed) {
      if (document.version === version) this.show(document, problems);
      return undefined;
    }
    const all = [...problems, ...placeFindings(text, findings)];
    this.show(document, all);
    return all;
  }

  /** The problems that were last shown for this version of the text. */
  problemsOf(document: vscode.TextDocument): readonly Problem[] {
    const known = this.known.get(document.uri.toString());
    return known?.version === document.version ? known.problems : [];
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const disposable of this.disposables) disposable.dispose();
  }

  private checkAll(): void {
    for (const document of vscode.workspace.textDocuments) this.schedule(document, 0);
  }

  private schedule(document: vscode.TextDocument, delay: number): void {
    if (!isExperiment(document) || isOutput(document.uri)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => this.check(document, key), delay),
    );
  }

  /** Text problems now; the data after a while without a key press, so that it is not read for half a word. */
  private check(document: vscode.TextDocument, key: string): void {
    this.timers.delete(key);
    if (document.isClosed) return;
    const { problems, experiment } = checkExperiment(document.getText());
    if (experiment === undefined) return this.show(document, problems);
    const first = !this.known.has(key);
    if (first) this.show(document, problems);
    this.timers.set(
      key,
      setTimeout(() => void this.checkWithData(document), first ? 0 : dataDelay),
    );
  }

  private show(document: vscode.TextDocument, problems: readonly Problem[]): void {
    this.known.set(document.uri.toString(), { version: document.version, problems });
    this.collection.set(document.uri, problems.map(toDiagnostic));
  }

  private forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.known.delete(key);
    this.collection.delete(document.uri);
  }
}

/** Only what a person edits is checked: files, and texts that are not saved yet. */
function isOutput({ scheme }: vscode.Uri): boolean {
  return scheme === 'git' || scheme === 'output' || scheme === 'mtl-log';
}
