import { watch, type FSWatcher } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode, systemReason } from './errors';
import type { RunEvent } from './events';
import { JournalDecoder, type JournalProblem } from './journalLines';
import { runFiles } from './record';
import { isEnding } from './state';

/** Bytes that are read and parsed in one turn of the event loop: a few milliseconds of work. */
const chunkBytes = 256 * 1024;

export interface JournalContent {
  readonly events: readonly RunEvent[];
  /** Set where the journal cannot be read to its end. */
  readonly problem?: JournalProblem;
}

/** All events of a journal as it is now; none where it does not exist yet. A torn last line is normal and left out. */
export async function readJournal(runFolder: string): Promise<JournalContent> {
  const tail = new JournalTail(join(runFolder, runFiles.journal));
  const events: RunEvent[] = [];
  for (;;) {
    const piece = await tail.read();
    for (const event of piece.events) events.push(event);
    if (piece.problem !== undefined) return { events, problem: piece.problem };
    if (!piece.more) return { events };
  }
}

export interface FollowOptions {
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** How often to look where the file system does not tell of changes. */
  readonly pollMilliseconds?: number;
  /** Least time between two looks, so that events come in batches. */
  readonly batchMilliseconds?: number;
}

/**
 * Takes batches of events in their order. `restarted` is true when the journal became shorter or another file: the
 * events then begin anew and replace all before.
 */
export type OnEvents = (events: readonly RunEvent[], restarted: boolean) => void;

/**
 * Follows a journal from its beginning while it grows; it may not exist yet. Ends after the event that ends the run,
 * at a damaged line (which it returns), or when the signal says so.
 */
export async function followJournal(
  runFolder: string,
  onEvents: OnEvents,
  { signal, pollMilliseconds = 1000, batchMilliseconds = 50 }: FollowOptions,
): Promise<JournalProblem | undefined> {
  const tail = new JournalTail(join(runFolder, runFiles.journal));
  const bell = new Bell(runFolder, signal);
  try {
    while (!signal.aborted) {
      bell.watch();
      const { events, restarted, problem, more } = await tail.read();
      if (signal.aborted) return undefined;
      if (events.length > 0 || restarted) onEvents(events, restarted);
      const last = events.at(-1);
      if (problem !== undefined || (last !== undefined && isEnding(last))) return problem;
      if (!more) await bell.wait(batchMilliseconds, pollMilliseconds);
    }
    return undefined;
  } finally {
    bell.close();
  }
}

interface Piece {
  readonly events: readonly RunEvent[];
  readonly restarted: boolean;
  /** Whether the file has more bytes than were read. */
  readonly more: boolean;
  readonly problem?: JournalProblem;
}

/** Reads a growing file from where it stopped the last time. */
class JournalTail {
  private offset = 0;
  private inode = 0;
  private decoder = new JournalDecoder();
  private readonly buffer = Buffer.alloc(chunkBytes);

  constructor(private readonly path: string) {}

  async read(): Promise<Piece> {
    let file: FileHandle;
    try {
      file = await open(this.path, 'r');
    } catch (error) {
      return { events: [], restarted: false, more: false, ...unreadable(this.path, error) };
    }
    try {
      return await this.readFrom(file);
    } catch (error) {
      return { events: [], restarted: false, more: false, ...unreadable(this.path, error) };
    } finally {
      await file.close();
    }
  }

  private async readFrom(file: FileHandle): Promise<Piece> {
    const { size, ino } = await file.stat();
    const restarted = this.offset > 0 && (size < this.offset || ino !== this.inode);
    if (restarted) {
      this.offset = 0;
      this.decoder = new JournalDecoder();
    }
    this.inode = ino;
    const { bytesRead } = await file.read(this.buffer, 0, chunkBytes, this.offset);
    this.offset += bytesRead;
    const events = this.decoder.push(this.buffer.subarray(0, bytesRead));
    const { problem } = this.decoder;
    return { events, restarted, more: bytesRead === chunkBytes, ...(problem && { problem }) };
  }
}

/** Rings when something changes in a folder; where the file system does not tell, after a while. */
class Bell {
  private watcher: FSWatcher | undefined;
  private rung = false;
  private ring: () => void = () => {};

  constructor(
    private readonly folder: string,
    private readonly signal: AbortSignal,
  ) {}

  /** Starts to watch, unless it does or the folder is not there. */
  watch(): void {
    if (this.watcher !== undefined) return;
    try {
      this.watcher = watch(this.folder, { persistent: false }, () => this.strike());
      this.watcher.on('error', () => this.close());
    } catch {
      this.watcher = undefined;
    }
  }

  async wait(atLeast: number, atMost: number): Promise<void> {
    await this.pause(atLeast, false);
    if (!this.rung && atMost > atLeast) await this.pause(atMost - atLeast, true);
    this.rung = false;
  }

  close(): void {
    this.watcher?.close();
    this.watcher = undefined;
  }

  private strike(): void {
    this.rung = true;
    this.ring();
  }

  private pause(milliseconds: number, untilRung: boolean): Promise<void> {
    if (this.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', end);
        this.ring = () => {};
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.signal.addEventListener('abort', end);
      if (untilRung) this.ring = end;
    });
  }
}

function unreadable(path: string, error: unknown): { readonly problem?: JournalProblem } {
  if (systemCode(error) === 'ENOENT') return {};
  return {
    problem: {
      code: 'journal-unreadable',
      message: `The journal cannot be read (${systemReason(error)}): ${path}. Give permission to read it and try again.`,
    },
  };
}
