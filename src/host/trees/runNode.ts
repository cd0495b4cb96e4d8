import * as vscode from 'vscode';
import { commands } from '../../protocol/commands';
import { phaseLook } from '../labels/phase';
import { runAccessibleLabel, runContextValue, runDescription, runTooltip, shownPhase } from '../labels/runLabel';
import type { RunEntry, RunList } from '../runs/runList';
import { t } from '../words';

/** A run in a tree. The same object stands for it as long as it is there, so that one row can be drawn anew. */
export interface RunNode {
  readonly kind: 'run';
  readonly runId: string;
}

/** Least time between two drawings of a tree: each asks the window for its rows anew. */
export const drawMilliseconds = 500;

/** Keeps one node per run. */
export class RunNodes {
  private readonly nodes = new Map<string, RunNode>();

  of(id: string): RunNode {
    const present = this.nodes.get(id);
    if (present !== undefined) return present;
    const node: RunNode = { kind: 'run', runId: id };
    this.nodes.set(id, node);
    return node;
  }
}

/** The row of a run. */
export function runItem(
  runs: RunList,
  { runId }: RunNode,
  prefix: string,
  label: (entry: RunEntry) => string,
): vscode.TreeItem {
  const entry = runs.get(runId);
  if (entry === undefined) return new vscode.TreeItem(runId);
  const now = Date.now();
  const item = new vscode.TreeItem(label(entry));
  item.id = `${prefix}:${runId}`;
  item.description = runDescription(entry, now);
  item.contextValue = runContextValue(entry);
  item.iconPath = runIcon(entry);
  item.accessibilityInformation = { label: runAccessibleLabel(entry, now), role: 'treeitem' };
  item.command = { command: commands.showCurves, title: t('Show Loss Curves'), arguments: [runId] };
  return item;
}

/** The tooltip is made when it is asked for. */
export function resolveRunItem(runs: RunList, item: vscode.TreeItem, { runId }: RunNode): vscode.TreeItem {
  const entry = runs.get(runId);
  if (entry !== undefined) item.tooltip = new vscode.MarkdownString(runTooltip(entry, Date.now()));
  return item;
}

export function runIcon(entry: RunEntry): vscode.ThemeIcon {
  const { icon, colour } = phaseLook(shownPhase(entry));
  return new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
}
