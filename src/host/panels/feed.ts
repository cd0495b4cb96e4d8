import type { RunEvent } from '../../runs/events';
import { followJournal } from '../../runs/journalReader';
import type { StoredRun } from '../../runs/store';

export interface FeedTarget {
  /** Everything so far, once. */
  readonly snapshot: (runs: readonly { readonly id: string; readonly events: readonly RunEvent[] }[]) => void;
  /** What came after it. */
  readonly events: (id: string, events: readonly RunEvent[]) => void;
  /** A journal began anew: start over. */
  readonly restart: () => void;
}

/** How long the snapshot waits for the first pieces of the journals, in milliseconds. */
const gatherMilliseconds = 100;
/** So many events are sent without waiting longer. */
const gatherLimit = 4000;
/** Least time between two looks at a journal that grows, in milliseconds. */
const batchMilliseconds = 150;

/**
 * Reads the journals of runs from their beginnings and follows them while they grow, until the signal ends it. The rest of
 * a long journal comes after the snapshot in pieces, so that no single message holds up the host.
 */
export function feedRuns(runs: readonly StoredRun[], target: FeedTarget, signal: AbortSignal): void {
  const gathered = new Map<string, RunEvent[]>(runs.map(({ record }) => [record.id, []]));
  let count = 0;
  let sent = false;
  const send = () => {
    clearTimeout(timer);
    if (sent) return;
    sent = true;
    target.snapshot([...gathered].map(([id, events]) => ({ id, events })));
  };
  const timer = setTimeout(send, runs.length === 0 ? 0 : gatherMilliseconds);
  signal.addEventListener('abort', () => clearTimeout(timer));
  for (const { folder, record } of runs) {
    const take = (events: readonly RunEvent[], restarted: boolean) => {
      if (restarted) return target.restart();
      if (sent) return target.events(record.id, events);
      gathered.get(record.id)?.push(...events);
      count += events.length;
      if (count >= gatherLimit) send();
    };
    void followJournal(folder, take, { signal, batchMilliseconds });
  }
}
