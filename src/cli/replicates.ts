import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { followRun, killRun, logTail, requestRun, startRun, type RunStart, type StartedRun } from '../runs/lifecycle';
import type { JournalProblem } from '../runs/journalLines';
import { runFiles } from '../runs/record';
import type { RunState } from '../runs/state';
import type { StoredRun } from '../runs/store';
import { displayedPhase, type RunSummary } from '../runs/summary';
import { takeInterrupts } from './interrupts';
import { createProgress, type Progress } from './progress';
import { partText } from './part';
import { clean, note } from './terminal';

export interface EndedRun extends StoredRun {
  readonly state: RunState;
  readonly phase: RunSummary['phase'];
}

export interface Replicates {
  readonly ended: readonly EndedRun[];
  /** Whether the person ended it before all runs were finished. */
  readonly interrupted: boolean;
}

/** The bundled script of a run's process. */
export const trainScript = join(dirname(fileURLToPath(import.meta.url)), 'train.js');

/** Starts runs one after another and follows each to its end, as `followStarts` does. */
export async function runReplicates(starts: readonly RunStart[], quiet: boolean): Promise<Replicates> {
  return followStarts(
    starts.map((start, index) => async () => {
      const run = await startRun(start);
      if (!quiet) note(heading(run, index, starts.length));
      return run;
    }),
    quiet,
  );
}

/**
 * Starts processes of runs one after another and follows each to its end. Ctrl-C once asks the present run to stop and
 * waits for it; twice kills it. After a stop no further run is started.
 */
export async function followStarts(
  starts: readonly (() => Promise<StartedRun>)[],
  quiet: boolean,
): Promise<Replicates> {
  const ended: EndedRun[] = [];
  let present: FollowedRun | undefined;
  let interrupts = 0;
  const release = takeInterrupts((times) => {
    interrupts = times;
    if (present !== undefined) interrupt(present, times);
  });
  try {
    for (const start of starts) {
      const since = Date.now();
      const run = await start();
      present = { run, progress: createProgress(quiet, since) };
      if (interrupts > 0) interrupt(present, interrupts);
      const end = await follow(present);
      present = undefined;
      ended.push(end);
      if (interrupts > 0 || end.phase === 'stopped') break;
    }
  } finally {
    release();
  }
  const whole = ended.length === starts.length && ended.every(({ phase }) => phase === 'finished');
  return { ended, interrupted: interrupts > 0 && !whole };
}

interface FollowedRun {
  readonly run: StartedRun;
  readonly progress: Progress;
}

async function follow({ run, progress }: FollowedRun): Promise<EndedRun> {
  try {
    const { state, problem } = await followRun(run.folder, (next, events) => progress.show(next, events), {
      pollMilliseconds: 250,
    });
    progress.end();
    const phase = displayedPhase(state, false);
    await tellFailure(run, state, phase, problem);
    return { folder: run.folder, record: run.record, state, phase };
  } finally {
    progress.end();
  }
}

/** Once: asks the run to stop. Again: kills it. */
function interrupt({ run: { folder }, progress }: FollowedRun, times: number): void {
  if (times > 1) {
    void killRun(folder);
    return;
  }
  progress.say('Stopping. Press Ctrl-C again to end it at once.');
  // The run may be over in this moment, which is just as well.
  requestRun(folder, 'stop').catch(() => undefined);
}

function heading({ record }: StoredRun, index: number, runs: number): string {
  const part = partText(record);
  return `Run ${record.id}, seed ${record.seed}${part === '' ? '' : `, ${part}`}${runs > 1 ? ` (${index + 1} of ${runs})` : ''}`;
}

export async function tellFailure(
  { folder }: StoredRun,
  { failure }: RunState,
  phase: EndedRun['phase'],
  problem: JournalProblem | undefined,
): Promise<void> {
  if (problem !== undefined) note(`error: ${clean(problem.message)}`);
  if (failure !== undefined) note(`error: ${clean(failure.message)}`);
  if (phase !== 'interrupted' || problem !== undefined) return;
  if (!existsSync(folder)) return note(`error: The run folder was deleted while the run went on: ${clean(folder)}`);
  const lines = (await logTail(folder)).split('\n').filter((line) => /^\w*(Error|error)\b|^FATAL/.test(line));
  const said = lines.length === 0 ? '' : ` It said: ${clean(lines[lines.length - 1])}`;
  note(`error: The process of the run ended without a word to its journal.${said}`);
  note(`  What it printed is in ${clean(join(folder, runFiles.log))}`);
  note(`  Go on from its last checkpoint with: mtl resume ${clean(folder)}`);
}
