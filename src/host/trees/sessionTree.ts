import * as vscode from 'vscode';
import { views } from '../../protocol/commands';
import { isLive } from '../labels/phase';
import { runContextValue, runDescription, runLabel, shownPhase } from '../labels/runLabel';
import { sessionLines, type SessionLine } from '../labels/session';
import type { RunList } from '../runs/runList';
import { runIcon } from './runNode';

interface LineNode {
  readonly kind: 'line';
  readonly runId: string;
  readonly line: SessionLine;
}

interface LiveNode {
  readonly kind: 'live';
  readonly runId: string;
}

type Node = LineNode | LiveNode;

/** The runs that go on: progress, losses, weights. */
export class SessionTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Node>;
  private readonly disposables: vscode.Disposable[];
  private wasEmpty = true;

  constructor(private readonly runs: RunList) {
    this.view = vscode.window.createTreeView(views.session, { treeDataProvider: this });
    this.disposables = [
      this.view,
      this.changed,
      { dispose: runs.onChange((ids) => this.update(ids)) },
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.changed.fire(undefined);
      }),
    ];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === 'line' ? lineItem(node) : this.liveItem(node);
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) return this.live().map(({ run }) => ({ kind: 'live', runId: run.record.id }));
    if (node.kind === 'line') return lines(node.runId, node.line.children ?? []);
    const { state, summary } = this.runs.get(node.runId) ?? {};
    return state && summary ? lines(node.runId, sessionLines(state, summary)) : [];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private live() {
    return this.runs.all().filter((entry) => isLive(shownPhase(entry)));
  }

  private liveItem({ runId }: LiveNode): vscode.TreeItem {
    const entry = this.runs.get(runId);
    if (entry === undefined) return new vscode.TreeItem(runId);
    const item = new vscode.TreeItem(runLabel(entry), vscode.TreeItemCollapsibleState.Expanded);
    item.id = `session:${runId}`;
    item.description = runDescription(entry, Date.now());
    item.contextValue = runContextValue(entry);
    item.iconPath = runIcon(entry);
    return item;
  }

  private update(ids: ReadonlySet<string>): void {
    const empty = this.live().length === 0;
    const touched = [...ids].some((id) => isLive(this.runs.get(id)?.summary?.phase));
    if ((this.view.visible && touched) || empty !== this.wasEmpty) this.changed.fire(undefined);
    this.wasEmpty = empty;
  }
}

function lines(runId: string, content: readonly SessionLine[]): Node[] {
  return content.map((line) => ({ kind: 'line', runId, line }));
}

function lineItem({ runId, line }: LineNode): vscode.TreeItem {
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(line.label, line.children ? Collapsed : None);
  item.id = `session:${runId}:${line.key}`;
  item.description = line.description;
  item.tooltip = line.tooltip;
  item.iconPath = new vscode.ThemeIcon(line.icon);
  return item;
}
