import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from './events';
import { readJournal } from './journalReader';
import type { JournalProblem } from './journalLines';
import { isRunAlive } from './process';
import { runFiles } from './record';
import { hasEnded, initialRunState, isEnding, reduceRuns, type RunState } from './state';
import type { StoredRun } from './store';
import { displayedPhase, summariseRun, type RunSummary } from './summary';

export interface ReadRun extends StoredRun {
  readonly state: RunState;
  /** The state's phase, or `interrupted`. */
  readonly phase: RunSummary['phase'];
  readonly problem?: JournalProblem;
}

/** Reads the whole journal of a run, and looks whether its process is there. */
export async function readRun(run: StoredRun): Promise<ReadRun> {
  const { events, problem } = await readJournal(run.folder);
  const state = reduceRuns(initialRunState, events);
  const alive = !hasEnded(state.phase) && (await isRunAlive(run.folder, state.started));
  return { ...run, state, phase: displayedPhase(state, alive), ...(problem && { problem }) };
}

/**
 * A run from the beginning and the end of its journal: what it is, and its ending. Of a long one the part between is left
 * out, so that reading many runs takes little time.
 */
export async function readOutline(run: StoredRun): Promise<ReadRun> {
  const { state, alive } = await outlineOf(run);
  return { ...run, state, phase: displayedPhase(state, alive) };
}

/**
 * A run as lists show it. Of a long journal only the beginning and the end are read, so that listing many runs takes
 * little time: without the pauses of the part between, the time left is then an estimate on the long side.
 */
export async function readSummary(run: StoredRun, now: number): Promise<RunSummary> {
  const { state, alive } = await outlineOf(run);
  return summariseRun(run.record, state, alive, now);
}

async function outlineOf({ folder }: StoredRun): Promise<{ readonly state: RunState; readonly alive: boolean }> {
  const state = reduceRuns(initialRunState, await eventsOfInterest(folder));
  return { state, alive: !hasEnded(state.phase) && (await isRunAlive(folder, state.started)) };
}

/** Journals up to this size are read whole. */
const smallJournal = 1024 * 1024;
/** How much of the beginning is looked at for the tasks. */
const headBytes = 512 * 1024;
/** How much of the end of a long one is looked at for the last epoch, at first and at most. */
const firstTail = 128 * 1024;
const longestTail = 16 * 1024 * 1024;

async function eventsOfInterest(runFolder: string): Promise<readonly RunEvent[]> {
  let file: FileHandle;
  try {
    file = await open(join(runFolder, runFiles.journal), 'r');
  } catch {
    return [];
  }
  try {
    const { size } = await file.stat();
    if (size <= smallJournal) return (await readJournal(runFolder)).events;
    const head = wholeLines(await readBytes(file, 0, headBytes), true);
    for (let length = firstTail; ; length *= 4) {
      const tail = wholeLines(await readBytes(file, size - length, length), false);
      if (length >= Math.min(size / 4, longestTail) || tail.some(isTelling)) return [...head, ...tail];
    }
  } catch {
    return [];
  } finally {
    await file.close();
  }
}

/** Whether an event has figures to show in a list. */
function isTelling(event: RunEvent): boolean {
  return event.type === 'epoch' || isEnding(event);
}

async function readBytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** The events in a piece of a journal, without the lines that the piece cuts. */
function wholeLines(bytes: Buffer, fromStart: boolean): readonly RunEvent[] {
  const start = fromStart ? 0 : bytes.indexOf(0x0a) + 1;
  const lines = bytes.toString('utf8', start, bytes.lastIndexOf(0x0a) + 1).split('\n');
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as RunEvent];
    } catch {
      return [];
    }
  });
}
