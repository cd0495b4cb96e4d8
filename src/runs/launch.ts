import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { RunFolderError, systemReason } from './errors';
import { runFiles } from './record';
import type { StoredRun } from './store';

/** A process that was given a run. */
export interface RunProcess {
  readonly processId: number;
  /** The file that takes what it prints. */
  readonly log: string;
  /** Fulfilled once it is done with the run, with an exit code as of a process that has only this run; null if it died. */
  readonly ended: Promise<number | null>;
}

/**
 * Gives a run to a process.
 * @param words What the process is told besides the run folder.
 * @throws RunFolderError where it does not start.
 */
export type Launch = (run: StoredRun, words?: readonly string[]) => Promise<RunProcess>;

/**
 * A process for each run, which lives on without the one that started it.
 * @param trainScript The bundled train.js.
 */
export function ownProcess(trainScript: string): Launch {
  return async (run, words = []) => {
    const log = join(run.folder, runFiles.log);
    const child = await spawnTrainer([trainScript, run.folder, ...words], { run, log, env: process.env });
    child.unref();
    return { processId: child.pid!, log, ended: exitOf(child) };
  };
}

export interface TrainerProcess {
  /** The run whose start it serves, for the words of an error. */
  readonly run: StoredRun;
  /** The file that takes what it prints. */
  readonly log: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether it has a channel for messages. */
  readonly talks?: boolean;
  /** Options of Node. */
  readonly options?: readonly string[];
}

/**
 * Starts a process that trains.
 * @throws RunFolderError where it does not start.
 */
export async function spawnTrainer(
  words: readonly string[],
  { run, log, env, talks = false, options = [] }: TrainerProcess,
): Promise<ChildProcess> {
  const { folder } = run.record;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(log, 'a');
    const stdio: StdioOptions = ['ignore', descriptor, descriptor, ...(talks ? (['ipc'] as const) : [])];
    const child = spawn(process.execPath, [...options, ...words], {
      ...{ cwd: folder, detached: true, windowsHide: true, stdio },
      env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    });
    await once(child, 'spawn');
    return child;
  } catch (error) {
    throw notStarted(run, error, `See that ${folder} is a folder that you may enter.`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** With its exit code; null where a signal ended it. */
export async function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

export function notStarted(run: StoredRun, error: unknown, remedy: string): RunFolderError {
  const message = `The process of the run did not start: ${systemReason(error)}.`;
  return new RunFolderError('not-started', message, run.folder, remedy, { cause: error });
}
