import {
  closeSync,
  copyFileSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { RunFolderError, systemCode, systemReason } from './errors';
import type { RunEventBody } from './events';
import { encodeEvent } from './journalLines';
import { runFiles } from './record';

/** A place between two lines of a journal: what comes before it, in bytes, and the number of the event after it. */
export interface JournalPosition {
  readonly bytes: number;
  readonly sequence: number;
}

/** The one writer of a run's journal. */
export interface JournalWriter {
  /**
   * Adds an event as one whole line, with the next sequence number and the present time. It is in the file when this
   * returns. Numbers that are not finite become null in lists; elsewhere they are left out.
   * @throws RunFolderError where the file cannot be written; the journal then still ends with a whole line.
   */
  append(body: RunEventBody): void;
  /**
   * Brings what was written to the disk, and tells where that is.
   * @throws RunFolderError where it cannot be, or the run folder is gone.
   */
  sync(): JournalPosition;
  /** Brings the journal to the disk and closes it. Closing twice does no harm. */
  close(): Promise<void>;
}

/**
 * Starts the journal of a run. A run folder is run once: a folder that already has a journal is refused, so that two
 * processes never write the same one.
 * @throws RunFolderError where the journal exists already or cannot be created.
 */
export function openJournal(runFolder: string): JournalWriter {
  const path = join(runFolder, runFiles.journal);
  return writer(create(path), path, 0);
}

/**
 * Goes on with the journal of a run from a place in it; what came after is given up. The file becomes another, so that
 * whoever follows it notices.
 * @throws RunFolderError where it cannot be written; the journal is then as it was.
 */
export function resumeJournal(runFolder: string, { bytes, sequence }: JournalPosition): JournalWriter {
  const path = join(runFolder, runFiles.journal);
  const aside = `${path}.new`;
  try {
    if (bytes === 0) closeSync(openSync(aside, 'w'));
    else {
      copyFileSync(path, aside);
      truncateSync(aside, bytes);
    }
    const descriptor = openSync(aside, 'a');
    fsyncSync(descriptor);
    renameSync(aside, path);
    return writer(descriptor, path, sequence);
  } catch (error) {
    rmSync(aside, { force: true });
    throw notWritable(path, error);
  }
}

/** The length of a run's journal in bytes; 0 where there is none. */
export function journalBytes(runFolder: string): number {
  return statSync(join(runFolder, runFiles.journal), { throwIfNoEntry: false })?.size ?? 0;
}

function writer(descriptor: number, path: string, firstSequence: number): JournalWriter {
  let sequence = firstSequence;
  let open = true;
  return {
    append(body) {
      writeLine(descriptor, path, Buffer.from(encodeEvent({ ...body, sequence, time: Date.now() }), 'utf8'));
      sequence++;
    },
    sync() {
      try {
        fsyncSync(descriptor);
      } catch (error) {
        throw notWritable(path, error);
      }
      return { bytes: sizeOf(descriptor, path), sequence };
    },
    async close() {
      if (!open) return;
      open = false;
      try {
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

/** @throws RunFolderError where the file was deleted: what is written into it then is lost. */
function sizeOf(descriptor: number, path: string): number {
  const { size, nlink } = fstatSync(descriptor);
  if (nlink > 0) return size;
  const folder = dirname(path);
  throw new RunFolderError(
    'folder-gone',
    `The run folder was deleted while the run went on: ${folder}`,
    folder,
    'Start a new run.',
  );
}

function create(path: string): number {
  try {
    return openSync(path, 'ax');
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      throw new RunFolderError(
        'already-run',
        `This run folder already has a journal: ${path}`,
        path,
        'Start a new run; every run has a folder of its own.',
        { cause: error },
      );
    }
    throw notWritable(path, error);
  }
}

/** A write that the disk cuts short is taken back, so that the journal never has half a line within it. */
function writeLine(descriptor: number, path: string, line: Buffer): void {
  const before = sizeOf(descriptor, path);
  try {
    for (let written = 0; written < line.length;) written += writeSync(descriptor, line, written);
  } catch (error) {
    try {
      ftruncateSync(descriptor, before);
    } catch {
      // The first error says more.
    }
    throw notWritable(path, error);
  }
}

function notWritable(path: string, error: unknown): RunFolderError {
  return new RunFolderError(
    'not-writable',
    `The journal of the run cannot be written (${systemReason(error)}): ${path}`,
    path,
    'Free some space or give permission to write there, or choose another folder for runs.',
    { cause: error },
  );
}
