/** Puts work off so that it is done at most so often, and never while the page cannot be seen. */
export interface Scheduler {
  /** At the next frame: what a person did. */
  readonly soon: () => void;
  /** Within the interval: what came from the host. */
  readonly later: () => void;
}

/**
 * @param interval Least milliseconds between two renderings for what came from the host; more where one takes long, so
 * that at least three quarters of the time stay free for the person.
 */
export function createScheduler(render: () => void, interval: number): Scheduler {
  let timer: number | undefined;
  let frame: number | undefined;
  let last = -Infinity;
  let cost = 0;
  const run = () => {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
    frame = undefined;
    if (document.hidden) return;
    const start = performance.now();
    render();
    last = performance.now();
    cost = last - start;
  };
  const soon = () => (frame ??= requestAnimationFrame(run));
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) soon();
  });
  return {
    soon,
    later: () => {
      if (timer !== undefined || frame !== undefined) return;
      const wait = Math.max(interval, 3 * cost) - (performance.now() - last);
      timer = window.setTimeout(soon, Math.max(0, wait));
    },
  };
}
