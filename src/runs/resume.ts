import { setTimeout as delay } from 'node:timers/promises';
import type { EngineChoice } from '../experiment/engine';
import { RunFolderError } from './errors';
import { ownProcess, type Launch, type RunProcess } from './launch';
import { fileTail, type StartedRun } from './lifecycle';
import { readProcess, type ProcessRecord } from './process';
import { readRun, type ReadRun } from './read';
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
 * Has a process go on with a run from its newest whole checkpoint, or from its beginning where there is none.
 * @param launch Gives it to the process.
 * @returns Once the process has the run and its journal goes on.
 * @throws RunFolderError where the run cannot be continued, or another process has it; it is then left as it was.
 */
export async function continueRun(run: StoredRun, launch: Launch, engine: ResumeEngine = 'same'): Promise<StartedRun> {
  const { phase, state } = await readRun(run);
  if (!canContinue(phase, state.failure)) throw notResumable(run, phase, state);
  const before = await readProcess(run.folder);
  const taker = await launch(run, ['--resume', engine]);
  await hasTaken(run, taker, before);
  return { ...run, processId: taker.processId, exited: taker.ended.then(() => undefined) };
}

/**
 * How to come to the end of a run that is there already: it goes on, or whoever runs it is waited for. Undefined for one
 * that has ended and cannot go on.
 */
export function takeUp(run: ReadRun, trainScript: string): (() => Promise<StartedRun>) | undefined {
  if (canContinue(run.phase, run.state.failure)) return () => continueRun(run, ownProcess(trainScript));
  return run.phase === 'interrupted' || hasEnded(run.phase) ? undefined : () => joined(run);
}

/** A run that another process has started and that goes on. */
async function joined(run: StoredRun): Promise<StartedRun> {
  const process = await readProcess(run.folder);
  return { ...run, processId: process?.processId ?? 0 };
}

/** @param before Who had it last. In a container that starts anew a process may have the same number as that had. */
async function hasTaken(
  run: StoredRun,
  { processId, log, ended }: RunProcess,
  before: ProcessRecord | undefined,
): Promise<void> {
  let exitCode: number | null | undefined;
  const gone = ended.then((code) => void (exitCode = code));
  for (;;) {
    const now = await readProcess(run.folder);
    if (now?.processId === processId && (now.startedAt !== before?.startedAt || now.ticks !== before.ticks)) return;
    if (exitCode !== undefined) break;
    await Promise.race([gone, delay(look)]);
  }
  const said = (await fileTail(log)).split('\n').at(-1) ?? '';
  const code = exitCode === missingEngineExit ? 'engine-not-available' : 'not-started';
  const remedy = `All that its process printed is in ${log}`;
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
