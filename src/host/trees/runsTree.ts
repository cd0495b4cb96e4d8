import * as vscode from 'vscode';
import { views } from '../../protocol/commands';
import { isLive } from '../labels/phase';
import { shortRunLabel, shownPhase } from '../labels/runLabel';
import type { RunList } from '../runs/runList';
import { t } from '../words';
import { drawMilliseconds, resolveRunItem, runItem, RunNodes, type RunNode } from './runNode';

/** All runs, newest first. */
export class RunsTree implements vscode.TreeDataProvider<RunNode>, vscode.Disposable {
  private readonly nodes = new RunNodes();
  private readonly changed = new vscode.EventEmitter<RunNode[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<RunNode>;
  private readonly disposables: vscode.Disposable[];
  private listed = new Set<string>();

  constructor(private readonly runs: RunList) {
    this.view = vscode.window.createTreeView(views.runs, { treeDataProvider: this, showCollapseAll: false });
    const minute = setInterval(() => {
      if (this.view.visible) this.changed.fire(undefined);
    }, 60_000);
    this.disposables = [
      this.view,
      this.changed,
      { dispose: runs.onChange((ids) => this.update(ids), drawMilliseconds) },
      { dispose: () => clearInterval(minute) },
    ];
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    return runItem(this.runs, node, 'runs', shortRunLabel);
  }

  resolveTreeItem(item: vscode.TreeItem, node: RunNode): vscode.TreeItem {
    return resolveRunItem(this.runs, item, node);
  }

  getChildren(node?: RunNode): readonly RunNode[] & RunNode[] {
    if (node !== undefined) return [];
    const ids = this.runs.all().map(({ run }) => run.record.id);
    this.listed = new Set(ids);
    return ids.map((id) => this.nodes.of(id));
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private update(ids: ReadonlySet<string>): void {
    const live = this.runs.all().filter((entry) => isLive(shownPhase(entry))).length;
    this.view.badge = live === 0 ? undefined : { value: live, tooltip: t('{0} going on', live) };
    const sameRuns = [...ids].every((id) => this.listed.has(id) && this.runs.get(id) !== undefined);
    this.changed.fire(sameRuns ? [...ids].map((id) => this.nodes.of(id)) : undefined);
  }
}
