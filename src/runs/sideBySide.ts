import type { RunEvent } from './events';
import { followRun, killRun, requestRun, type RunEnd, type StartedRun } from './lifecycle';
import type { RunState } from './state';

/** A run that has come to its end, or as far as it came. */
export interface FollowedRun extends RunEnd {
  readonly run: StartedRun;
}

export interface SideBySide {
  /** How many processes at most at one time. */
  readonly atOnce: number;
  /** Aborted to ask those that run to stop, and to start no other. */
  readonly stop?: AbortSignal;
  /** Aborted to end their processes at once. */
  readonly kill?: AbortSignal;
  /** Whether no other is started after one that ended so. */
  readonly isLast?: (end: FollowedRun) => boolean;
  /** Told of each run as it starts, by its position among the starts. */
  readonly onStart?: (index: number, run: StartedRun) => void;
  readonly onChange?: (index: number, state: RunState, events: readonly RunEvent[]) => void;
  readonly onEnd?: (index: number, end: FollowedRun) => void;
  readonly pollMilliseconds?: number;
}

/**
 * Starts a run; undefined where it is not to be started after all.
 * @param stop Aborted once no other is to be started, which ends any wait.
 */
export type Start = (stop: AbortSignal) => Promise<StartedRun | undefined>;

/**
 * Starts processes of runs in their order, several at one time, and follows each to its end.
 * @returns The ends in the order of the starts; undefined where a run was not started any more.
 * @throws RunFolderError where a run does not start; those that go on by then are asked to stop, and waited for.
 */
export async function followSideBySide(
  starts: readonly Start[],
  options: SideBySide,
): Promise<readonly (FollowedRun | undefined)[]> {
  const ends: (FollowedRun | undefined)[] = starts.map(() => undefined);
  const onEnd = (index: number, end: FollowedRun) => {
    ends[index] = end;
    options.onEnd?.(index, end);
  };
  await eachSideBySide(starts, { ...options, onEnd });
  return ends;
}

/** As `followSideBySide`, for runs so many that their ends are not all kept: `onEnd` takes of each what it needs. */
export async function eachSideBySide(
  starts: readonly Start[],
  { atOnce, stop, kill, isLast, onStart, onChange, onEnd, pollMilliseconds }: SideBySide,
): Promise<void> {
  const failed = new AbortController();
  const stopped = AbortSignal.any([failed.signal, ...(stop ? [stop] : [])]);
  const waiting = starts.entries();
  let closed = false;
  const work = async () => {
    // All workers take from one iterator, so that each start is taken once.
    for (const [index, start] of waiting) {
      if (stopped.aborted || closed) return;
      const run = await start(stopped);
      if (run === undefined) continue;
      onStart?.(index, run);
      const release = heed(run, stopped, kill);
      try {
        const end = await followRun(run.folder, (state, events) => onChange?.(index, state, events), {
          ...(pollMilliseconds !== undefined && { pollMilliseconds }),
          ...(run.exited && { exited: run.exited }),
        });
        const followed = { run, ...end };
        onEnd?.(index, followed);
        if (isLast?.(followed) === true) closed = true;
      } finally {
        release();
      }
    }
  };
  const workers = Array.from({ length: Math.max(1, Math.min(atOnce, starts.length)) }, () =>
    work().catch((error: unknown) => {
      failed.abort();
      throw error;
    }),
  );
  const outcomes = await Promise.allSettled(workers);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** Passes the wish to stop on to a run, now or when it comes. */
function heed({ folder }: StartedRun, stop: AbortSignal, kill: AbortSignal | undefined): () => void {
  // The run may be over in this moment, which is just as well.
  const ask = () => void requestRun(folder, 'stop').catch(() => undefined);
  const end = () => void killRun(folder);
  stop.addEventListener('abort', ask);
  kill?.addEventListener('abort', end);
  if (stop.aborted) ask();
  if (kill?.aborted) end();
  return () => {
    stop.removeEventListener('abort', ask);
    kill?.removeEventListener('abort', end);
  };
}
