import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { RunFolderError, systemCode, systemReason } from './errors';
import type { RunEventBody } from './events';
import { encodeEvent } from './journalLines';
import { runFiles } from './record';

/** The one writer of a run's journal. */
export interface JournalWriter {
  /**
   * Adds an event as one whole line, with the next sequence number and the present time. It is in the file when this
   * returns. Numbers that are not finite become null in lists; elsewhere they are left out.
   * @throws RunFolderError where the file cannot be written; the journal then still ends with a whole line.
   */
  append(body: RunEventBody): void;
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
  const descriptor = create(path);
  let sequence = 0;
  let open = true;
  return {
    append(body) {
      writeLine(descriptor, path, Buffer.from(encodeEvent({ ...body, sequence, time: Date.now() }), 'utf8'));
      sequence++;
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
  const before = fstatSync(descriptor).size;
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
