import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JournalProblem } from '../../runs/journalLines';
import { followRun } from '../../runs/lifecycle';
import { isRunAlive } from '../../runs/process';
import { readSummary } from '../../runs/read';
import { hasEnded, type RunState } from '../../runs/state';
import { readRecord, type StoredRun } from '../../runs/store';
import { summariseRun, type RunSummary } from '../../runs/summary';
import { isLive } from '../labels/phase';
import { Changes, slower } from './changes';
import { FolderWatch } from './folderWatch';

/** A run as the host knows it. */
export interface RunEntry {
  readonly run: StoredRun;
  /** Undefined until the journal was looked at. */
  readonly summary: RunSummary | undefined;
  /** While the run goes on: everything its journal tells. */
  readonly state?: RunState;
  /** Why its journal cannot be read to the end. */
  readonly problem?: JournalProblem;
}

export interface RunListOptions {
  /** Least time between two notices of changes. */
  readonly noticeMilliseconds?: number;
  readonly pollMilliseconds?: number;
}

/**
 * All runs below some folders of runs, kept up to date: the journals of those that go on are followed; of the others
 * only what a list needs is read, one after the other and without haste.
 */
export class RunList {
  private readonly roots = new Map<string, FolderWatch>();
  private readonly entries = new Map<string, RunEntry>();
  private readonly following = new Map<string, AbortController>();
  private readonly unread: string[] = [];
  private readonly changes: Changes<string>;
  private readonly pollMilliseconds: number;
  private reading = false;
  private nextLook: Promise<void> | undefined;
  private lastLook: Promise<void> = Promise.resolve();
  private disposed = false;

  constructor({ noticeMilliseconds = 200, pollMilliseconds = 2000 }: RunListOptions = {}) {
    this.changes = new Changes(noticeMilliseconds);
    this.pollMilliseconds = pollMilliseconds;
  }

  /** Watches these folders of runs and no others. */
  setRoots(folders: readonly string[]): void {
    for (const [root, watch] of this.roots) {
      if (folders.includes(root)) continue;
      watch.dispose();
      this.roots.delete(root);
    }
    for (const [id, { run }] of this.entries) if (!this.roots.has(dirname(run.folder))) this.forget(id);
    for (const folder of folders) this.addRoot(folder);
  }

  /** Watches this folder of runs, too. */
  addRoot(folder: string): void {
    if (this.roots.has(folder)) return;
    this.roots.set(folder, new FolderWatch(folder, () => void this.look(), this.pollMilliseconds));
  }

  /** Newest first. */
  all(): readonly RunEntry[] {
    return [...this.entries.values()].sort(newestFirst);
  }

  get(id: string): RunEntry | undefined {
    return this.entries.get(id);
  }

  /**
   * Tells the ids of runs that came, changed or went, some times a second at most.
   * @param milliseconds Least time between two notices to this listener, where it wants fewer.
   */
  onChange(listener: (ids: ReadonlySet<string>) => void, milliseconds = 0): () => void {
    if (milliseconds === 0) return this.changes.listen(listener);
    return slower<string>(milliseconds, (next) => this.changes.listen(next), listener);
  }

  /** Looks for runs that came or went, and again at those that seem interrupted. */
  async refresh(): Promise<void> {
    for (const [id, { summary }] of this.entries) if (summary?.phase === 'interrupted') this.unread.push(id);
    await this.look();
  }

  /** Looks again at a run that may go on after its end. */
  async lookAgain(id: string): Promise<void> {
    await this.read(id);
  }

  dispose(): void {
    this.disposed = true;
    for (const watch of this.roots.values()) watch.dispose();
    for (const controller of this.following.values()) controller.abort();
    this.changes.dispose();
  }

  /** One look at a time; calls while one waits for its turn share it. */
  private look(): Promise<void> {
    this.nextLook ??= this.lastLook = this.lastLook.then(async () => {
      this.nextLook = undefined;
      const found = new Set<string>();
      for (const root of [...this.roots.keys()]) await this.lookInto(root, found);
      if (this.disposed) return;
      for (const id of [...this.entries.keys()]) if (!found.has(id)) this.forget(id);
      await this.findContinued();
      void this.readAll();
    });
    return this.nextLook;
  }

  private async lookInto(root: string, found: Set<string>): Promise<void> {
    const names = await readdir(root).catch(() => []);
    for (const name of names.sort().reverse()) {
      if (name.startsWith('.')) continue;
      if (!this.entries.has(name)) {
        const run = await readRecord(join(root, name));
        if (!('record' in run) || this.disposed) continue;
        this.unread.push(name);
        this.update({ run, summary: undefined });
      }
      found.add(name);
    }
  }

  /** Runs that had ended and whose process is there: another window or a terminal goes on with them. */
  private async findContinued(): Promise<void> {
    for (const [id, { run, summary }] of this.entries) {
      if (summary?.continuable && !this.following.has(id) && (await isRunAlive(run.folder))) this.unread.push(id);
    }
  }

  private forget(id: string): void {
    this.following.get(id)?.abort();
    this.following.delete(id);
    this.entries.delete(id);
    this.changes.add(id);
  }

  private async readAll(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    for (let id = this.unread.shift(); id !== undefined && !this.disposed; id = this.unread.shift()) {
      await this.read(id);
    }
    this.reading = false;
  }

  private async read(id: string): Promise<void> {
    const entry = this.entries.get(id);
    if (entry === undefined || this.following.has(id)) return;
    const summary = await readSummary(entry.run, Date.now());
    if (this.disposed || this.entries.get(id)?.run !== entry.run) return;
    this.update({ run: entry.run, summary });
    if (isLive(summary.phase)) void this.follow(entry.run);
  }

  private async follow(run: StoredRun): Promise<void> {
    const controller = new AbortController();
    this.following.set(run.record.id, controller);
    const show = (state: RunState) =>
      this.update({ run, state, summary: summariseRun(run.record, state, true, Date.now()) });
    const { state, problem } = await followRun(run.folder, show, { signal: controller.signal });
    const alive = !hasEnded(state.phase) && (await isRunAlive(run.folder, state.started));
    if (controller.signal.aborted) return;
    this.following.delete(run.record.id);
    this.update({ run, summary: summariseRun(run.record, state, alive, Date.now()), ...(problem && { problem }) });
  }

  private update(entry: RunEntry): void {
    this.entries.set(entry.run.record.id, entry);
    this.changes.add(entry.run.record.id);
  }
}

function newestFirst({ run: { record: one } }: RunEntry, { run: { record: other } }: RunEntry): number {
  return other.created - one.created || (one.id < other.id ? 1 : -1);
}
