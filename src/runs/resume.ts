import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineChoice } from '../experiment/engine';
import { RunFolderError } from './errors';
import { launch, logTail, type StartedRun } from './lifecycle';
import { readProcess } from './process';
import { readRun, type ReadRun } from './read';
import { runFiles } from './record';
import { hasEnded, type RunState } from './state';
import type { StoredRun } from './store';
import { canContinue, type RunSummary } from './summary';

/** What computes from here on: the engine of the checkpoint, so that no bit differs, or one that is asked for. */
export type ResumeEngine = EngineChoice | 'same';

/** Exit code of a run's process where the engine that it is to go on with does not start. */
export const missingEngineExit = 3;

/** Milliseconds between two looks at a process that is about to take the run. */
const look = 20;

/**
 * Starts a process that goes on with a run from its newest whole checkpoint, or from its beginning where there is none.
 * @param trainScript The bundled train.js.
 * @returns Once the process has the run and its journal goes on.
 * @throws RunFolderError where the run cannot be continued, or another process has it; it is then left as it was.
 */
export async function continueRun(
  run: StoredRun,
  trainScript: string,
  engine: ResumeEngine = 'same',
): Promise<StartedRun> {
  const { phase, state } = await readRun(run);
  if (!canContinue(phase, state.failure)) throw notResumable(run, phase, state);
  const child = await launch(run, trainScript, ['--resume', engine]);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.unref();
  await hasTaken(run, child);
  return { ...run, processId: child.pid!, exited };
}

/**
 * How to come to the end of a run that is there already: it goes on, or whoever runs it is waited for. Undefined for one
 * that has ended and cannot go on.
 */
export function takeUp(run: ReadRun, trainScript: string): (() => Promise<StartedRun>) | undefined {
  if (canContinue(run.phase, run.state.failure)) return () => continueRun(run, trainScript);
  return run.phase === 'interrupted' || hasEnded(run.phase) ? undefined : () => joined(run);
}

/** A run that another process has started and that goes on. */
async function joined(run: StoredRun): Promise<StartedRun> {
  const process = await readProcess(run.folder);
  return { ...run, processId: process?.processId ?? 0, exited: Promise.resolve() };
}

async function hasTaken(run: StoredRun, child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  for (;;) {
    if ((await readProcess(run.folder))?.processId === child.pid) return;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await Promise.race([gone, delay(look)]);
  }
  const said = (await logTail(run.folder)).split('\n').at(-1) ?? '';
  const code = child.exitCode === missingEngineExit ? 'engine-not-available' : 'not-started';
  const remedy = `All that its process printed is in ${join(run.folder, runFiles.log)}`;
  throw new RunFolderError(code, `The run did not go on, and is as it was. ${said}`.trim(), run.folder, remedy);
}

function notResumable({ folder }: StoredRun, phase: RunSummary['phase'], { failure }: RunState): RunFolderError {
  if (failure === undefined) {
    const remedy = phase === 'finished' ? 'Start a new run, with more epochs.' : 'Wait for its end.';
    return new RunFolderError('not-resumable', `The run cannot go on: it is ${phase}.`, folder, remedy);
  }
  const message = `The run cannot go on: it would fail in the same way again. ${failure.message}`;
  return new RunFolderError('not-resumable', message, folder, 'Then start a new run.');
}
