import { setTimeout as delay } from 'node:timers/promises';
import type { RunEventBody } from '../runs/events';
import type { Stopwatch } from './pace';
import type { Requests } from './requests';

/** Milliseconds between two looks at the requests while a run is paused. */
const pausedInterval = 200;

/**
 * Called between steps.
 * @param keep Keeps what was done.
 */
export type Control = (step: number, stopwatch: Stopwatch, keep: () => void) => Promise<'go on' | 'stop'>;

/**
 * Obeys requests between steps: stops, or waits from `pause` to `resume`. What was done is kept before, so that the run
 * can go on even from a process that is gone.
 */
export function createControl(requests: Requests, signal: AbortSignal, append: (event: RunEventBody) => void): Control {
  return async (step, stopwatch, keep) => {
    let asked = requests.take();
    if (asked.includes('stop')) {
      keep();
      return 'stop';
    }
    if (!asked.includes('pause') || asked.includes('resume')) return 'go on';
    keep();
    stopwatch.pause();
    append({ type: 'paused', step });
    do {
      await delay(pausedInterval, undefined, { signal }).catch(() => undefined);
      asked = requests.take();
    } while (asked.length === 0 || asked.includes('pause'));
    stopwatch.resume();
    if (asked.includes('stop')) return 'stop';
    append({ type: 'resumed', step });
    return 'go on';
  };
}
