import * as vscode from 'vscode';
import { commands } from '../../protocol/commands';
import type { GroupTasksArgument } from '../../protocol/groupTasks';
import { panelNames, type FromWebviewMessage, type PanelName, type RunListing } from '../../protocol/messages';
import { isLive } from '../labels/phase';
import type { RunEntry, RunList } from '../runs/runList';
import { t } from '../words';
import { saveExport } from './export';
import { parsePanelState } from './fromWebview';
import { panelTitle, RunPanel, viewType, type PanelHost } from './panel';
import { defaultSelection, newestStart, selectionAfterStart } from './selection';

/** The panels: at most one of each kind, which follow the runs. */
export class Panels implements vscode.Disposable {
  private readonly open = new Map<PanelName, RunPanel>();
  private readonly disposables: vscode.Disposable[] = [];
  /** Runs that were there, so that a new one is known as new. */
  private readonly known = new Set<string>();
  /** Runs that had ended, so that one that goes on is noticed. */
  private readonly ended = new Set<string>();
  private readonly host: PanelHost;

  constructor(
    private readonly runs: RunList,
    extensionUri: vscode.Uri,
  ) {
    this.host = {
      extensionUri,
      runs: (ids) => ids.flatMap((id) => this.runs.get(id)?.run ?? []),
      listings: (shown) => this.runs.all().flatMap((entry) => listingOf(entry, shown)),
      notice: () =>
        vscode.workspace.isTrusted
          ? undefined
          : t('This workspace is not trusted, so nothing can be run in it. Trust it to run experiments.'),
      receive: (message, panel) => this.receive(message, panel),
    };
    const ends = this.runs.onChange((ids) => this.runsChanged(ids));
    this.disposables.push(
      { dispose: ends },
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.open.forEach((panel) => panel.restart())),
      ...panelNames.map((name) =>
        vscode.window.registerWebviewPanelSerializer(viewType(name), {
          deserializeWebviewPanel: async (panel, state) => this.restore(name, panel, parsePanelState(state)),
        }),
      ),
    );
  }

  /**
   * Brings a panel to the front.
   * @param ids The runs to show; without them it shows what it did, or at first the newest run.
   */
  show(name: PanelName, ids?: readonly string[], options: ShowOptions = {}): void {
    const present = this.open.get(name);
    if (present !== undefined) {
      if (ids !== undefined) present.show(ids);
      if (!present.panel.visible || !options.preserveFocus) present.panel.reveal(options.column, options.preserveFocus);
      return;
    }
    const webview = vscode.window.createWebviewPanel(
      viewType(name),
      panelTitle(name),
      { viewColumn: options.column ?? this.column(), preserveFocus: options.preserveFocus ?? false },
      { enableScripts: true },
    );
    this.adopt(name, webview).show(ids ?? this.defaultIds());
  }

  /** Brings a panel up for a file that was started just now. One that is open decides by itself whether it shows it. */
  showStarted(name: PanelName, file: string): void {
    this.show(name, this.open.has(name) ? undefined : newestStart(this.records(), file), { preserveFocus: true });
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** Beside the editor; with the other panel where that is open. */
  private column(): vscode.ViewColumn {
    const [other] = this.open.values();
    return (
      other?.panel.viewColumn ?? (vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active)
    );
  }

  private defaultIds(): readonly string[] {
    const [other] = this.open.values();
    if (other !== undefined && other.ids.length > 0) return other.ids;
    const { document } = vscode.window.activeTextEditor ?? {};
    return defaultSelection(this.records(), document?.uri.fsPath);
  }

  private async restore(name: PanelName, webview: vscode.WebviewPanel, ids: readonly string[]): Promise<void> {
    const panel = this.adopt(name, webview);
    await this.runs.refresh();
    const present = this.host.runs(ids).map(({ record }) => record.id);
    panel.show(present.length > 0 ? present : this.defaultIds());
  }

  private adopt(name: PanelName, webview: vscode.WebviewPanel): RunPanel {
    const panel = new RunPanel(name, webview, this.host);
    this.open.get(name)?.panel.dispose();
    this.open.set(name, panel);
    webview.onDidDispose(() => {
      if (this.open.get(name) === panel) this.open.delete(name);
    });
    return panel;
  }

  private runsChanged(ids: ReadonlySet<string>): void {
    const records = this.records();
    const fresh = records.filter(({ id, created }) => ids.has(id) && !this.known.has(id) && created >= activatedAt);
    for (const { id } of records) this.known.add(id);
    for (const started of fresh.reverse()) {
      const before = records.filter(({ created }) => created < started.created);
      for (const panel of this.open.values()) {
        const next = selectionAfterStart(panel.ids, started, before);
        if (next !== panel.ids) panel.show(next);
      }
    }
    for (const panel of this.open.values()) {
      if (panel.ids.some((id) => ids.has(id) && this.goesOnAgain(id))) panel.restart();
      panel.listingsChanged();
    }
    for (const id of ids) this.noteEnd(id);
  }

  /** The journal of a run is followed to its end; where the run goes on after it, it is to be followed again. */
  private goesOnAgain(id: string): boolean {
    return this.ended.has(id) && isLive(this.runs.get(id)?.summary?.phase);
  }

  private noteEnd(id: string): void {
    const phase = this.runs.get(id)?.summary?.phase;
    if (phase === undefined || isLive(phase)) this.ended.delete(id);
    else this.ended.add(id);
  }

  private records() {
    return this.runs.all().map(({ run }) => run.record);
  }

  private receive(message: FromWebviewMessage, panel: RunPanel): void {
    switch (message.type) {
      case 'ready':
        return;
      case 'select':
        return panel.show(this.host.runs(message.ids).map(({ record }) => record.id));
      case 'request':
        return execute(commands[message.request], message.id);
      case 'open':
        return execute(openCommands[message.target], message.id);
      case 'runExperiment':
        return execute(commands.run);
      case 'group': {
        const { id, measure, groups, method, disjoint } = message;
        const [run] = this.host.runs([id]);
        if (run !== undefined)
          execute(commands.groupTasks, {
            folder: run.folder,
            measure,
            groups,
            method,
            disjoint,
          } satisfies GroupTasksArgument);
        return;
      }
      case 'export':
        void saveExport(message, this.host.runs(panel.ids)[0]?.record.file);
    }
  }
}

export interface ShowOptions {
  readonly column?: vscode.ViewColumn;
  readonly preserveFocus?: boolean;
}

/** Only runs that started after this may take over a panel; a few seconds of grace for those of another process. */
const activatedAt = Date.now() - 2000;

const openCommands = {
  curves: commands.showCurves,
  relatedness: commands.showRelatedness,
  log: commands.showLog,
  experiment: commands.openExperiment,
} as const;

function execute(command: string, ...parameters: readonly unknown[]): void {
  void vscode.commands.executeCommand(command, ...parameters);
}

/** Runs that were not looked at yet are left out, unless a panel shows them. */
function listingOf({ run: { record }, summary, state }: RunEntry, shown: readonly string[]): readonly RunListing[] {
  if (summary === undefined && !shown.includes(record.id)) return [];
  const { id, experiment, seed, role, network, created } = record;
  const phase = summary?.phase ?? 'starting';
  const shownPhase = isLive(phase) ? (state?.phase ?? phase) : phase;
  const continuable = summary?.continuable ?? false;
  const part = { ...(role && { role }), ...(network && { network }) };
  return [{ id, experiment, seed, ...part, created, phase: shownPhase, continuable }];
}
