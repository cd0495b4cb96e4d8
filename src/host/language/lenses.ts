import * as vscode from 'vscode';
import { codeLenses } from '../../language/codeLenses';
import { commands } from '../../protocol/commands';
import { newestStart } from '../panels/selection';
import type { RunList } from '../runs/runList';
import { t } from '../words';
import { toRange } from './convert';
import { selector } from './selector';

/** Lenses above an experiment: run it, validate it, and show the results of its newest run. */
export class ExperimentLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly disposables: readonly vscode.Disposable[];
  private known = '';

  constructor(private readonly runs: RunList) {
    this.disposables = [
      vscode.languages.registerCodeLensProvider(selector, this),
      this.changed,
      { dispose: runs.onChange(() => this.update()) },
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const file = document.uri.fsPath;
    const titles = { run: t('Run'), validate: t('Validate') };
    const icons = { run: 'play', validate: 'check' };
    const lenses = codeLenses(document.getText()).map(
      ({ range, command }) =>
        new vscode.CodeLens(toRange(range), {
          title: `$(${icons[command]}) ${titles[command]}`,
          command: commands[command],
          arguments: [document.uri],
        }),
    );
    const ids = newestStart(this.records(), file);
    if (ids.length === 0 || lenses.length === 0) return lenses;
    const show = (title: string, command: string) =>
      new vscode.CodeLens(lenses[0].range, { title, command, arguments: [ids] });
    return [
      ...lenses,
      show(`$(graph-line) ${t('Show results')}`, commands.showCurves),
      show(t('Relatedness'), commands.showRelatedness),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private records() {
    return this.runs.all().map(({ run }) => run.record);
  }

  /** Lenses are asked for again only when the runs that there are have changed. */
  private update(): void {
    const now = this.records()
      .map(({ id }) => id)
      .join('\n');
    if (now === this.known) return;
    this.known = now;
    this.changed.fire();
  }
}
