import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
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
import { journalStart, placeAfter, type Place } from './place';
import { runFiles } from './record';

/** The end of a line of a journal, and what comes before it: its bytes, its checksum, and the place of its last event. */
export interface JournalPosition {
  readonly bytes: number;
  /** SHA-256, in hexadecimal. */
  readonly checksum: string;
  readonly last: Place;
}

/** The one writer of a run's journal. */
export interface JournalWriter {
  /**
   * Adds an event as one whole line, with the next place and the present time. It is in the file when this
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
  return writer(create(path), path, { hash: createHash('sha256'), last: journalStart });
}

/**
 * Goes on with the journal of a run from a place in it, or from its beginning; what came after is given up. The file
 * becomes another, so that whoever follows it notices.
 * @param from Where the journal is whole, as `journalAt` says.
 * @throws RunFolderError where it cannot be written; the journal is then as it was.
 */
export function resumeJournal(runFolder: string, from?: JournalPosition): JournalWriter {
  const path = join(runFolder, runFiles.journal);
  const aside = `${path}.new`;
  const { bytes, last } = from ?? { bytes: 0, last: journalStart };
  try {
    const hash = hashOf(path, bytes);
    if (bytes === 0) closeSync(openSync(aside, 'w'));
    else {
      copyFileSync(path, aside);
      truncateSync(aside, bytes);
    }
    const descriptor = openSync(aside, 'a');
    fsyncSync(descriptor);
    renameSync(aside, path);
    return writer(descriptor, path, { hash, last });
  } catch (error) {
    rmSync(aside, { force: true });
    throw notWritable(path, error);
  }
}

/** Whether a run's journal still is what it was up to a position; it may have been cut or damaged since. */
export function journalAt(runFolder: string, { bytes, checksum }: JournalPosition): 'whole' | 'cut' | 'damaged' {
  const path = join(runFolder, runFiles.journal);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size < bytes) return 'cut';
  return hashOf(path, bytes).digest('hex') === checksum ? 'whole' : 'damaged';
}

/** The checksum of the first bytes of a file, to be gone on with. */
function hashOf(path: string, bytes: number): Hash {
  const hash = createHash('sha256');
  if (bytes === 0) return hash;
  const file = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(Math.min(bytes, 1024 * 1024));
    for (let read = 0; read < bytes;) {
      const length = readSync(file, piece, 0, Math.min(piece.length, bytes - read), read);
      if (length === 0) break;
      hash.update(piece.subarray(0, length));
      read += length;
    }
    return hash;
  } finally {
    closeSync(file);
  }
}

/** @param before Checksum of the lines that are there, and the place of the last of them. */
function writer(
  descriptor: number,
  path: string,
  before: { readonly hash: Hash; readonly last: Place },
): JournalWriter {
  const { hash } = before;
  let { last } = before;
  let open = true;
  return {
    append(body) {
      const place = placeAfter(last, body.type);
      const line = Buffer.from(encodeEvent({ ...body, ...place, time: Date.now() }), 'utf8');
      writeLine(descriptor, path, line);
      hash.update(line);
      last = place;
    },
    sync() {
      try {
        fsyncSync(descriptor);
      } catch (error) {
        throw notWritable(path, error);
      }
      return { bytes: sizeOf(descriptor, path), checksum: hash.copy().digest('hex'), last };
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
