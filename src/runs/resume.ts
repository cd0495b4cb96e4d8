import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { RunFolderError } from './errors';
import { launch, logTail, type StartedRun } from './lifecycle';
import { readProcess } from './process';
import { readRun } from './read';
import type { RunState } from './state';
import type { StoredRun } from './store';
import { canContinue, type RunSummary } from './summary';

/** Milliseconds between two looks at a process that is about to take the run. */
const look = 20;

/**
 * Starts a process that goes on with a run from its newest whole checkpoint, or from its beginning where there is none.
 * @param trainScript The bundled train.js.
 * @returns Once the process has the run and its journal goes on.
 * @throws RunFolderError where the run cannot be continued, or another process has it.
 */
export async function continueRun(run: StoredRun, trainScript: string): Promise<StartedRun> {
  const { phase, state } = await readRun(run);
  if (!canContinue(phase, state.failure?.code)) throw notResumable(run, phase, state);
  const child = await launch(run, trainScript, ['--resume']);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.unref();
  await hasTaken(run, child);
  return { ...run, processId: child.pid!, exited };
}

async function hasTaken(run: StoredRun, child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  for (;;) {
    if ((await readProcess(run.folder))?.processId === child.pid) return;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await Promise.race([gone, delay(look)]);
  }
  const said = (await logTail(run.folder)).split('\n').at(-1) ?? '';
  throw new RunFolderError('not-started', `The run did not go on. ${said}`.trim(), run.folder, 'See: mtl show RUN');
}

function notResumable({ folder }: StoredRun, phase: RunSummary['phase'], { failure }: RunState): RunFolderError {
  const why = failure === undefined ? `it is ${phase}` : `it failed (${failure.code}) and would fail again`;
  return new RunFolderError('not-resumable', `The run cannot go on: ${why}.`, folder, 'Start a new run.');
}
