import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds after which a loop lets the event loop have a turn, so that signals arrive. */
const turn = 20;

/** @returns A function to call often: now and then it waits for one turn of the event loop. */
export function createBreath(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < turn) return;
    await nextTurn();
    last = performance.now();
  };
}

/** Seconds of work, pauses left out. */
export interface Stopwatch {
  seconds(): number;
  pause(): void;
  resume(): void;
}

/** @param before Seconds of work that came before. */
export function startStopwatch(before = 0): Stopwatch {
  let elapsed = before * 1000;
  let since: number | undefined = performance.now();
  return {
    seconds: () => (elapsed + (since === undefined ? 0 : performance.now() - since)) / 1000,
    pause() {
      if (since !== undefined) elapsed += performance.now() - since;
      since = undefined;
    },
    resume() {
      since ??= performance.now();
    },
  };
}
