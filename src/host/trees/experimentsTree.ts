import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { views } from '../../protocol/commands';
import { startLabel } from '../labels/runLabel';
import { findExperimentFiles, watchExperimentFiles } from '../language/selector';
import type { RunList } from '../runs/runList';
import { t } from '../words';
import { drawMilliseconds, resolveRunItem, runItem, RunNodes, type RunNode } from './runNode';

interface ExperimentNode {
  readonly kind: 'experiment';
  readonly experimentUri: vscode.Uri;
}

type Node = ExperimentNode | RunNode;

/** The experiment files of the workspace, each with its runs beneath. */
export class ExperimentsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly runNodes = new RunNodes();
  private experiments: readonly ExperimentNode[] | undefined;
  /** The file of each run that is in the tree. */
  private readonly files = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<Node[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly runs: RunList) {
    const watcher = watchExperimentFiles();
    this.disposables = [
      vscode.window.createTreeView(views.experiments, { treeDataProvider: this, showCollapseAll: true }),
      watcher,
      watcher.onDidCreate(() => this.refresh()),
      watcher.onDidDelete(() => this.refresh()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
      { dispose: runs.onChange((ids) => this.update(ids), drawMilliseconds) },
      this.changed,
    ];
  }

  /** Looks for files anew. */
  refresh(): void {
    this.experiments = undefined;
    this.changed.fire(undefined);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === 'run' ? runItem(this.runs, node, 'experiments', startLabel) : this.experimentItem(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    return node.kind === 'run' ? resolveRunItem(this.runs, item, node) : item;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node?.kind === 'run') return [];
    if (node !== undefined) return this.runsOf(node.experimentUri.fsPath);
    this.experiments ??= (await findExperimentFiles()).map((experimentUri) => ({ kind: 'experiment', experimentUri }));
    void vscode.commands.executeCommand('setContext', 'mtl.noExperiments', this.experiments.length === 0);
    return [...this.experiments];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private experimentItem({ experimentUri }: ExperimentNode): vscode.TreeItem {
    const count = this.runsOf(experimentUri.fsPath).length;
    const { None, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(experimentUri, count === 0 ? None : Collapsed);
    const folder = dirname(vscode.workspace.asRelativePath(experimentUri));
    const runs = count === 0 ? '' : count === 1 ? t('1 run') : t('{0} runs', count);
    item.id = `experiment:${experimentUri.toString()}`;
    item.label = basename(experimentUri.path);
    item.description = [folder === '.' ? '' : folder, runs].filter(Boolean).join(' · ');
    item.contextValue = 'experiment';
    item.iconPath = vscode.ThemeIcon.File;
    item.tooltip = experimentUri.fsPath;
    item.command = { command: 'vscode.open', title: t('Open'), arguments: [experimentUri] };
    return item;
  }

  private runsOf(file: string): RunNode[] {
    return this.runs.all().flatMap(({ run: { record } }) => {
      if (record.file !== file) return [];
      this.files.set(record.id, file);
      return [this.runNodes.of(record.id)];
    });
  }

  /** Draws anew the runs that changed, and the files whose runs came or went. */
  private update(ids: ReadonlySet<string>): void {
    const nodes = new Set<Node>();
    for (const id of ids) {
      const file = this.runs.get(id)?.run.record.file;
      const before = this.files.get(id);
      if (file !== undefined && file === before) nodes.add(this.runNodes.of(id));
      const parent = this.experiments?.find(({ experimentUri: { fsPath } }) => fsPath === (file ?? before));
      if (file !== before && parent !== undefined) nodes.add(parent);
      if (file === undefined) this.files.delete(id);
    }
    if (nodes.size > 0) this.changed.fire([...nodes]);
  }
}
