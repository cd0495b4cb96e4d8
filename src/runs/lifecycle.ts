import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { version } from '../../package.json';
import { RunFolderError, systemReason } from './errors';
import type { RunEvent } from './events';
import type { JournalProblem } from './journalLines';
import { gitStateOf } from './git';
import { followJournal, readJournal } from './journalReader';
import { notStarted, ownProcess, type Launch } from './launch';
import { isAfter } from './place';
import { isRunAlive, readProcess, isSameProcess, writeProcess } from './process';
import { runFiles, type RequestName, type RunRecord } from './record';
import { hasEnded, initialRunState, reduceRuns, type RunState } from './state';
import { createRunFolder, type StoredRun } from './store';

export interface RunStart extends Omit<RunRecord, 'id' | 'created' | 'version' | 'git'> {
  /** The folder that run folders are put into. */
  readonly root: string;
  /** The resolved experiment of this run. */
  readonly experimentText: string;
  /** The script that a run's process runs: the bundled train.js. */
  readonly trainScript: string;
}

export interface StartedRun extends StoredRun {
  readonly processId: number;
  /**
   * Fulfilled when the process is done with it, for as long as the one who started it lives; absent where that was another.
   */
  readonly exited?: Promise<void>;
}

/**
 * Makes a run folder and starts the run's process, which lives on when the window or the terminal that started it is
 * gone.
 * @throws RunFolderError where the folder cannot be written or the process does not start.
 */
export async function startRun({ root, experimentText, trainScript, ...body }: RunStart): Promise<StartedRun> {
  const git = await gitStateOf(body.folder);
  return startFolder(
    await createRunFolder(root, { ...body, version, ...(git && { git }) }, experimentText),
    ownProcess(trainScript),
  );
}

/**
 * Gives a run folder that was just made to a process; takes the folder away where that does not start.
 * @throws RunFolderError where it does not.
 */
export async function startFolder(run: StoredRun, launch: Launch): Promise<StartedRun> {
  const { processId, ended } = await launch(run).catch(async (error: unknown) => {
    await rm(run.folder, { recursive: true, force: true });
    throw error;
  });
  try {
    await writeProcess(run.folder, processId);
  } catch (error) {
    killIfThere(processId);
    throw notStarted(run, error, 'Free some space, or choose another folder for runs.');
  }
  return { ...run, processId, exited: ended.then(() => undefined) };
}

/**
 * Asks a run to stop, pause or resume. The run's process does so at its next step and says so in the journal.
 * @throws RunFolderError where the run is over, or its process is gone.
 */
export async function requestRun(runFolder: string, request: RequestName): Promise<void> {
  const { phase } = await currentState(runFolder);
  if (hasEnded(phase)) {
    throw new RunFolderError('not-running', `The run is over: it has ${phase}.`, runFolder, 'Start a new run.');
  }
  if (!(await isRunAlive(runFolder))) {
    throw new RunFolderError(
      'not-running',
      'The run was interrupted: its process is gone.',
      runFolder,
      'Go on with it by: mtl resume RUN',
    );
  }
  const folder = join(runFolder, runFiles.requests);
  try {
    await mkdir(folder, { recursive: true });
    if (request !== 'stop') await rm(join(folder, request === 'pause' ? 'resume' : 'pause'), { force: true });
    await writeFile(join(folder, request), '');
  } catch (error) {
    throw new RunFolderError(
      'not-writable',
      `The run cannot be asked to ${request} (${systemReason(error)}): ${folder}`,
      folder,
      'Make the folder writable.',
      { cause: error },
    );
  }
}

/** A run's end, or as far as it came. */
export interface RunEnd {
  readonly state: RunState;
  /** Set where the journal cannot be read to its end. */
  readonly problem?: JournalProblem;
}

export interface FollowRunOptions {
  readonly signal?: AbortSignal;
  /** Fulfilled when the process is done with the run, where that is known: then nobody has to look. */
  readonly exited?: Promise<void>;
  /** How often the process is looked for, in milliseconds. */
  readonly pollMilliseconds?: number;
}

/**
 * Follows a run until its journal ends, its process is gone, the journal turns out to be damaged, or the signal says so;
 * tells of each batch of events with the state after it.
 */
export async function followRun(
  runFolder: string,
  onChange: (state: RunState, events: readonly RunEvent[]) => void,
  { signal, exited, pollMilliseconds = 1000 }: FollowRunOptions = {},
): Promise<RunEnd> {
  let state = initialRunState;
  const take = (events: readonly RunEvent[], restarted: boolean) => {
    state = reduceRuns(restarted ? initialRunState : state, events);
    onChange(state, events);
  };
  const end = new AbortController();
  const abort = () => end.abort();
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  void exited?.then(abort);
  const gone = whenGone(runFolder, pollMilliseconds, end);
  const problem = await followJournal(runFolder, take, { signal: end.signal, pollMilliseconds });
  end.abort();
  await gone;
  signal?.removeEventListener('abort', abort);
  if (!hasEnded(state.phase) && problem === undefined && !signal?.aborted) {
    const last = await readJournal(runFolder);
    const rest = last.events.filter((event) => isAfter(event, state));
    if (rest.length > 0) take(rest, false);
    return { state, ...(last.problem && { problem: last.problem }) };
  }
  return { state, ...(problem && { problem }) };
}

/** Ends the following once the process of the run is gone. */
async function whenGone(runFolder: string, pollMilliseconds: number, end: AbortController): Promise<void> {
  while (!end.signal.aborted) {
    await delay(pollMilliseconds, undefined, { signal: end.signal }).catch(() => undefined);
    if (!end.signal.aborted && !(await isRunAlive(runFolder))) end.abort();
  }
}

/** Waits until a run is over or its process is gone. */
export async function waitForEnd(runFolder: string, options?: FollowRunOptions): Promise<RunEnd> {
  return followRun(runFolder, () => {}, options);
}

/**
 * Ends the process of a run without asking it: the last resort where a stop request was not obeyed. The run then counts
 * as interrupted. Does nothing where the process is gone already.
 */
export async function killRun(runFolder: string): Promise<void> {
  const noted = await readProcess(runFolder);
  if (noted === undefined || !(await isSameProcess(noted))) return;
  if (!killIfThere(noted.processId)) return;
  for (let look = 0; look < 500 && (await isSameProcess(noted)); look++) await delay(20);
}

/** @returns Whether it was there. */
function killIfThere(processId: number): boolean {
  try {
    return process.kill(processId, 'SIGKILL');
  } catch {
    return false;
  }
}

/** The last lines of what a run's process printed; empty where it printed nothing. */
export async function logTail(runFolder: string, bytes?: number): Promise<string> {
  return fileTail(join(runFolder, runFiles.log), bytes);
}

/** The last lines of a file; empty where it cannot be read. */
export async function fileTail(path: string, bytes = 4096): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const start = Math.max(0, size - bytes);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, start);
      return buffer.toString('utf8', 0, bytesRead).trim();
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}

async function currentState(runFolder: string): Promise<RunState> {
  return reduceRuns(initialRunState, (await readJournal(runFolder)).events);
}
