import * as vscode from 'vscode';
import { commands, views } from '../../protocol/commands';
import { isLive, phaseText, type ShownPhase } from '../labels/phase';
import { runContextValue, runLabel, seedText, shownPhase } from '../labels/runLabel';
import { interruptedLines, sessionLines, type SessionLine } from '../labels/session';
import type { RunEntry, RunList } from '../runs/runList';
import { t } from '../words';
import { drawMilliseconds, runIcon } from './runNode';

/** A row: a run that goes on, or a line below it. One object per row for as long as the row is there. */
interface Node {
  readonly runId: string;
  /** Absent for the run itself. */
  line?: SessionLine;
  children: readonly Node[];
  /** How the run stood when its row was drawn. */
  phase?: ShownPhase;
}

/**
 * The runs that go on: progress, losses, weights; and those that were interrupted while this window was open, to be resumed.
 * Rows are drawn anew one by one, so that nothing flickers.
 */
export class SessionTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Node[] | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Node>;
  private readonly disposables: vscode.Disposable[];
  private roots: readonly Node[] = [];
  /** Runs that were seen to go on. */
  private readonly seen = new Set<string>();

  constructor(private readonly runs: RunList) {
    this.view = vscode.window.createTreeView(views.session, { treeDataProvider: this });
    this.disposables = [
      this.view,
      this.changed,
      { dispose: runs.onChange((ids) => this.update(ids), drawMilliseconds) },
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.changed.fire(undefined);
      }),
    ];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.line === undefined ? this.runItem(node) : lineItem(node, node.line);
  }

  getChildren(node?: Node): Node[] {
    if (node !== undefined) return [...node.children];
    this.roots = this.shown().map(nodeOf);
    return [...this.roots];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private shown(): readonly RunEntry[] {
    return this.runs.all().filter((entry) => {
      const phase = shownPhase(entry);
      return isLive(phase) || (phase === 'interrupted' && this.seen.has(entry.run.record.id));
    });
  }

  private update(ids: ReadonlySet<string>): void {
    for (const id of ids) if (isLive(this.runs.get(id)?.summary?.phase)) this.seen.add(id);
    if (!this.view.visible) return;
    const shown = this.shown();
    const sameRuns =
      shown.length === this.roots.length && shown.every(({ run }, row) => run.record.id === this.roots[row].runId);
    if (!sameRuns) return this.changed.fire(undefined);
    const nodes = shown.flatMap((entry, row) =>
      ids.has(entry.run.record.id) ? renewedRun(this.roots[row], entry) : [],
    );
    if (nodes.length > 0) this.changed.fire(nodes);
  }

  private runItem({ runId }: Node): vscode.TreeItem {
    const entry = this.runs.get(runId);
    if (entry === undefined) return new vscode.TreeItem(runId);
    const item = new vscode.TreeItem(runLabel(entry), vscode.TreeItemCollapsibleState.Expanded);
    item.id = `session:${runId}`;
    item.description = [phaseText(shownPhase(entry)), seedText(entry.run.record)].join(' · ');
    item.contextValue = runContextValue(entry);
    item.iconPath = runIcon(entry);
    return item;
  }
}

function linesOf({ state, summary }: RunEntry): readonly SessionLine[] {
  if (summary?.phase === 'interrupted') return interruptedLines(summary);
  return state && summary ? sessionLines(state, summary) : [];
}

function nodeOf(entry: RunEntry): Node {
  const runId = entry.run.record.id;
  return { runId, phase: shownPhase(entry), children: linesOf(entry).map((line) => lineNode(runId, line)) };
}

function lineNode(runId: string, line: SessionLine): Node {
  return { runId, line, children: (line.children ?? []).map((child) => lineNode(runId, child)) };
}

/** The run's own row is drawn only when its phase changes, as all rows below it are asked for again then. */
function renewedRun(node: Node, entry: RunEntry): readonly Node[] {
  const phase = shownPhase(entry);
  const rows = renewed(node, linesOf(entry));
  if (node.phase === phase) return rows;
  node.phase = phase;
  return [node];
}

/** Puts new lines into a node. Returns the rows to draw anew: those that differ, or the node itself with all below it. */
function renewed(node: Node, lines: readonly SessionLine[]): readonly Node[] {
  const same =
    lines.length === node.children.length && lines.every(({ key }, row) => key === node.children[row].line?.key);
  if (!same) {
    node.children = lines.map((line) => lineNode(node.runId, line));
    return [node];
  }
  return node.children.flatMap((child, row) => {
    const line = lines[row];
    const before = child.line;
    child.line = line;
    const below = renewed(child, line.children ?? []);
    if (below.includes(child)) return [child];
    return before?.label === line.label && before.description === line.description ? below : [child, ...below];
  });
}

function lineItem({ runId }: Node, line: SessionLine): vscode.TreeItem {
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(line.label, line.children ? Collapsed : None);
  item.id = `session:${runId}:${line.key}`;
  item.description = line.description;
  item.tooltip = line.tooltip;
  item.iconPath = new vscode.ThemeIcon(line.icon);
  if (line.resumes) item.command = { command: commands.resume, title: t('Resume'), arguments: [runId] };
  return item;
}
