import type { RunListing, ToWebviewMessage } from '../../src/protocol/messages';
import type { RunEvent } from '../../src/runs/events';
import type { RunPhase, RunState } from '../../src/runs/state';
import { isAfter, isRightAfter } from '../../src/runs/place';
import { hasEnded, idleMilliseconds, initialRunState, reduceRuns } from '../../src/runs/state';

/** A run that the panel shows. */
export interface Run {
  readonly id: string;
  readonly state: RunState;
}

export type Phase = RunPhase | 'interrupted';

/** All that the host told this panel. */
export interface RunsView {
  /** Whether anything was told yet. */
  readonly received: boolean;
  readonly listings: readonly RunListing[];
  readonly runs: readonly Run[];
  readonly notice?: string;
}

export const emptyView: RunsView = { received: false, listings: [], runs: [] };

/** What the panel knows after one more message. */
export function applyMessage(view: RunsView, message: ToWebviewMessage): RunsView {
  switch (message.type) {
    case 'snapshot':
      return {
        received: true,
        listings: message.listings,
        runs: message.runs.map(({ id, events }) => addEvents({ id, state: initialRunState }, events)),
        ...(message.notice === undefined ? {} : { notice: message.notice }),
      };
    case 'listings':
      return { ...view, received: true, listings: message.listings };
    case 'events':
      return {
        ...view,
        runs: view.runs.map((run) => (run.id === message.id ? addEvents(run, message.events) : run)),
      };
  }
}

/** Whether events are missing between what is known and the message, so that a snapshot must be asked for. */
export function leavesGap(view: RunsView, message: ToWebviewMessage): boolean {
  if (message.type !== 'events' || message.events.length === 0) return false;
  const run = view.runs.find(({ id }) => id === message.id);
  const [first] = message.events;
  return run !== undefined && isAfter(first, run.state) && !isRightAfter(first, run.state);
}

function addEvents(run: Run, events: readonly RunEvent[]): Run {
  const state = reduceRuns(run.state, events);
  return state === run.state ? run : { id: run.id, state };
}

/** Where a run stands: its journal's word, but `interrupted` where the host found its process gone. */
export function phaseOf(run: Run, listings: readonly RunListing[]): Phase {
  const { phase } = run.state;
  if (hasEnded(phase)) return phase;
  return listings.find(({ id }) => id === run.id)?.phase === 'interrupted' ? 'interrupted' : phase;
}

/** Seconds of training between the run's beginning and `time`, pauses left out. */
export function activeSeconds(run: Run, time: number): number {
  return Math.max(0, time - run.state.began - idleMilliseconds(run.state, time)) / 1000;
}

/** What replicates have in common: their experiment, and whether they are its baseline or which of its networks. */
export function startName({ experiment, role, network }: Pick<RunListing, 'experiment' | 'role' | 'network'>): string {
  if (role !== undefined) return `${experiment} · ${role}`;
  return network === undefined ? experiment : `${experiment} · network ${network.number} of ${network.of}`;
}

/** What a run is called beside others: its experiment and its seed, and the start where even those are alike. */
export function runLabel(id: string, listings: readonly RunListing[]): string {
  const listing = listings.find((candidate) => candidate.id === id);
  if (listing === undefined) return id;
  const label = `${startName(listing)} · seed ${listing.seed}`;
  const alike = listings.some(
    (other) => other.id !== id && startName(other) === startName(listing) && other.seed === listing.seed,
  );
  return alike ? `${label} · ${startOf(listing.created)}` : label;
}

/** Local date and time of day, short. */
export function startOf(created: number): string {
  return new Intl.DateTimeFormat(undefined, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(created);
}
