import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { StepMeasure } from '../relatedness';
import { RunFolderError, systemCode, systemReason } from '../runs/errors';
import { journalAt, type JournalPosition } from '../runs/journal';
import { runFiles } from '../runs/record';
import {
  bestEpochOf,
  CheckpointError,
  decodeCheckpoint,
  encodeCheckpoint,
  type Checkpoint,
  type CheckpointFiles,
  type CheckpointIdentity,
} from './checkpoints';

const fileNames = { tensors: 'state.safetensors', state: 'state.json' } as const;
/** How many of the newest are kept, besides the best. */
const newestKept = 2;
/** Folders that are being written; what is left of one after a crash is thrown away. */
const asidePrefix = '.new-';

/** The checkpoints of a run, each a folder named by its step. */
export interface CheckpointFolder {
  /**
   * Writes a checkpoint: aside, brought to the disk, and only then renamed into its place. Older ones that are not the
   * best then go. The best is the first that holds the parameters of the best epoch so far.
   * @throws RunFolderError where it cannot be written; what was there before is untouched.
   */
  save(checkpoint: Checkpoint): void;
}

/** @throws RunFolderError where the folder cannot be made. */
export function openCheckpoints(runFolder: string): CheckpointFolder {
  const folder = join(runFolder, runFiles.checkpoints);
  make(folder, runFolder);
  for (const name of readdirSync(folder)) if (name.startsWith(asidePrefix)) remove(join(folder, name));
  const bestEpochs = new Map(stepsIn(folder).map((step) => [step, bestEpochAt(folder, step)]));
  return {
    save(checkpoint) {
      const { step, watch } = checkpoint.progress;
      write(folder, step, encodeCheckpoint(checkpoint));
      bestEpochs.set(step, watch.best?.epoch ?? 0);
      for (const old of superfluous(bestEpochs)) {
        remove(join(folder, String(old)));
        bestEpochs.delete(old);
      }
    },
  };
}

/** A checkpoint to go on from, and what is to be said of those that cannot be used. */
export interface FoundCheckpoint {
  /** Undefined where there is none that can be used: the run then starts from its beginning. */
  readonly checkpoint?: Checkpoint;
  readonly warnings: readonly string[];
}

/**
 * The newest checkpoint that is whole and of this run, and whose journal is whole up to where it was then.
 * @throws RunFolderError where a checkpoint is of a version that this one does not read: nothing is given up for that.
 */
export function findCheckpoint(
  runFolder: string,
  identity: CheckpointIdentity,
  measures: readonly StepMeasure[],
): FoundCheckpoint {
  const folder = join(runFolder, runFiles.checkpoints);
  const refused: string[] = [];
  for (const step of stepsIn(folder).reverse()) {
    try {
      const checkpoint = decodeCheckpoint(read(folder, step), identity, measures);
      checkJournal(runFolder, checkpoint.journal);
      return { checkpoint, warnings: refused.map((words) => `${words} The run went on from step ${step}.`) };
    } catch (error) {
      refused.push(`The checkpoint of step ${step} ${reasonOf(error)}.`);
      if (error instanceof CheckpointError && error.code === 'of-another-version') throw otherVersion(refused, folder);
    }
  }
  return { warnings: refused.map((words) => `${words} The run started again from its beginning.`) };
}

/** @throws CheckpointError where the journal is no longer what it was when the checkpoint was written. */
function checkJournal(runFolder: string, position: JournalPosition): void {
  const found = journalAt(runFolder, position);
  if (found === 'cut') throw new CheckpointError('damaged', 'is ahead of the journal, whose end is lost');
  if (found === 'damaged')
    throw new CheckpointError('damaged', 'cannot be used: the journal before it is damaged, as its checksum tells');
}

/** Throws away all checkpoints of a run that nothing is left to go on with. */
export function dropCheckpoints(runFolder: string): void {
  remove(join(runFolder, runFiles.checkpoints));
}

/** Throws away the checkpoints after a step, from which the run does not go on. */
export function dropCheckpointsAfter(runFolder: string, step: number): void {
  const folder = join(runFolder, runFiles.checkpoints);
  for (const later of stepsIn(folder)) if (later > step) remove(join(folder, String(later)));
}

function otherVersion(refused: readonly string[], folder: string): RunFolderError {
  const remedy = 'Go on with the version that began the run, or start a new run.';
  return new RunFolderError('not-resumable', refused.join(' '), folder, remedy);
}

function reasonOf(error: unknown): string {
  return error instanceof CheckpointError ? error.message : `cannot be read: ${systemReason(error)}`;
}

function superfluous(bestEpochs: ReadonlyMap<number, number | undefined>): readonly number[] {
  const steps = [...bestEpochs.keys()].sort((a, b) => a - b);
  const newest = steps.slice(-newestKept);
  const best = bestEpochs.get(steps[steps.length - 1]);
  const first = best === 0 ? undefined : steps.find((step) => bestEpochs.get(step) === best);
  return steps.filter((step) => !newest.includes(step) && step !== first);
}

/** From the oldest to the newest. */
function stepsIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d{1,15}$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

function bestEpochAt(folder: string, step: number): number | undefined {
  try {
    return bestEpochOf(readFileSync(join(folder, String(step), fileNames.state), 'utf8'));
  } catch {
    return undefined;
  }
}

function read(folder: string, step: number): CheckpointFiles {
  const place = join(folder, String(step));
  return {
    state: readFileSync(join(place, fileNames.state), 'utf8'),
    tensors: readFileSync(join(place, fileNames.tensors)),
  };
}

function write(folder: string, step: number, files: CheckpointFiles): void {
  const aside = join(folder, `${asidePrefix}${step}`);
  const place = join(folder, String(step));
  try {
    mkdirSync(aside);
    writeSynced(join(aside, fileNames.tensors), files.tensors);
    writeSynced(join(aside, fileNames.state), Buffer.from(files.state));
    syncFolder(aside);
    remove(place);
    renameSync(aside, place);
    syncFolder(folder);
  } catch (error) {
    remove(aside);
    throw notWritten(`The checkpoint of step ${step} cannot be written`, folder, error);
  }
}

function make(folder: string, runFolder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    throw notWritten('The folder of checkpoints cannot be made', runFolder, error);
  }
}

function notWritten(what: string, path: string, error: unknown): RunFolderError {
  if (systemCode(error) === 'ENOENT') {
    return new RunFolderError('folder-gone', `The run folder is gone: ${path}`, path, 'Start a new run.', {
      cause: error,
    });
  }
  const remedy = 'Free some space or give permission to write there, and go on with: mtl resume RUN';
  return new RunFolderError('not-writable', `${what}: ${systemReason(error)}.`, path, remedy, { cause: error });
}

function writeSynced(path: string, bytes: Uint8Array): void {
  const descriptor = openSync(path, 'w');
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Brings a folder's entries to the disk, where the system lets a folder be opened for that. */
function syncFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOSPC' || systemCode(error) === 'EIO') throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
