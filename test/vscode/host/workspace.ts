import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

/** The folder that is open: a copy of the examples. */
export function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return folder.uri.fsPath;
}

/** Writes an experiment file into the workspace and opens it. */
export async function openExperiment(name: string, text: string): Promise<vscode.TextDocument> {
  const file = path.join(workspaceFolder(), name);
  writeFileSync(file, text);
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  return document;
}

/** Waits for something to become so, and fails with its name when it does not in time. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  milliseconds = 30_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > end) assert.fail(`Not within ${String(milliseconds / 1000)} s: ${what}`);
    await delay(50);
  }
}

/** One event of a run's journal, as far as these tests look at it. */
export interface JournalEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** The folders of the runs of an experiment file. */
export function runsOf(document: vscode.TextDocument): string[] {
  const runs = path.join(workspaceFolder(), '.mtl', 'runs');
  if (!existsSync(runs)) return [];
  return readdirSync(runs)
    .map((name) => path.join(runs, name))
    .filter((folder) => {
      const record = path.join(folder, 'run.json');
      if (!existsSync(record)) return false;
      return (JSON.parse(readFileSync(record, 'utf8')) as { readonly file: string }).file === document.uri.fsPath;
    });
}

/** A run's journal up to its last whole line. */
export function journalOf(run: string): JournalEvent[] {
  const file = path.join(run, 'events.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as JournalEvent);
}

/** An experiment on generated data. */
export function experimentText({ epochs = 3, rows = 400, everySteps = 100_000 } = {}): string {
  return `name: A test of two tasks
data:
  generate: related-regressions
  tasks: 2
  correlation: [[1, 0.8], [0.8, 1]]
  rows: ${String(rows)}
  inputs: 20
tasks:
  first: { target: y1, kind: regression }
  second: { target: y2, kind: regression }
model:
  sharing: hard
  encoder: { layers: [32] }
training:
  epochs: ${String(epochs)}
  batchSize: 32
  checkpoints: { everySteps: ${String(everySteps)} }
relatedness: { measures: [gradient-cosine], every: 5 }
`;
}
