/** Milliseconds between two looks. */
const interval = 250;

/**
 * The signal to stop of a process that serves another: also aborted when that other is gone, so that none is left behind
 * which nobody waits for. What it has done by then is in its checkpoint. Windows does not tell; there it goes on to its end.
 */
export function orWithoutParent(stop: AbortSignal): AbortSignal {
  const parent = process.ppid;
  const gone = new AbortController();
  const clock = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(clock);
    gone.abort();
  }, interval);
  clock.unref();
  return AbortSignal.any([stop, gone.signal]);
}
