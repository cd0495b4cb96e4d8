import type { MetricName } from '../experiment/schema';
import type { GroupGain } from './gain';
import type { Ending, RelatednessMatrix, RunEvent, RunEventOf, TrivialFigures } from './events';
import { isAfter, journalStart } from './place';
import type { Replicated } from './replicated';
import { appendThinned } from './thinning';

export type RunPhase = 'starting' | 'running' | 'paused' | 'finished' | 'failed' | 'stopped';

/** A stretch of time in which nothing was done: a pause, or between two processes. Milliseconds since 1970. */
export interface Pause {
  readonly from: number;
  readonly to?: number;
}

/** How far the networks are that measures need beside that of the run. */
export interface TrainingsState extends Pick<RunEventOf<'trainings'>, 'measures' | 'done' | 'total' | 'atOnce'> {
  /** Once the run itself is trained: since when, and how many were there by then. */
  readonly began?: { readonly time: number; readonly done: number };
}

/** A run as its journal tells it. */
export interface RunState {
  readonly phase: RunPhase;
  /** Place of the last event in the journal. */
  readonly sequence: number;
  readonly mark?: number;
  readonly started?: RunEventOf<'started'>;
  readonly tasks: readonly { readonly name: string; readonly kind: string; readonly metrics: readonly MetricName[] }[];
  readonly step: number;
  readonly epoch: number;
  /** Time of the last event, and of the first; milliseconds since 1970. */
  readonly updated: number;
  readonly began: number;
  /** In their order; one that still lasts has no end. */
  readonly pauses: readonly Pause[];
  /** Seconds of work of which the journal no longer tells, as a new process went on from a checkpoint before them. */
  readonly lost?: number;
  /** All of them; of a very long run neighbours are joined, so that memory stays bounded. */
  readonly steps: readonly RunEventOf<'step'>[];
  readonly stepEvents: number;
  readonly epochs: readonly RunEventOf<'epoch'>[];
  /** All of them; of a very long run with many tasks every second, fourth… and the last. */
  readonly relatedness: readonly {
    readonly step: number;
    readonly epoch: number;
    readonly matrices: readonly RelatednessMatrix[];
  }[];
  readonly relatednessEvents: number;
  /** All of them; of a very long run every second, fourth… and the last. */
  readonly usage: readonly RunEventOf<'usage'>[];
  readonly usageEvents: number;
  readonly warnings: readonly string[];
  /** Where measures need more networks: how far their training is. */
  readonly trainings?: TrainingsState;
  readonly trivial: readonly TrivialFigures[];
  /** Over the runs of the group that had finished when this one did. */
  readonly gain?: GroupGain;
  /** Over the replicates of the group that had finished when this run did. */
  readonly replicated?: Replicated;
  readonly ending?: Ending;
  readonly failure?: RunEventOf<'failed'>;
}

export const initialRunState: RunState = {
  phase: 'starting',
  ...journalStart,
  tasks: [],
  step: 0,
  epoch: 0,
  updated: 0,
  began: 0,
  pauses: [],
  steps: [],
  stepEvents: 0,
  epochs: [],
  relatedness: [],
  relatednessEvents: 0,
  usage: [],
  usageEvents: 0,
  warnings: [],
  trivial: [],
};

/** Adds one event. See `reduceRuns`, which is the faster one for many. */
export function reduceRun(state: RunState, event: RunEvent): RunState {
  return reduceRuns(state, [event]);
}

/**
 * Adds events in their order; the only place where a run's state comes from. Events already seen (by place) change
 * nothing, and how events are divided into batches does not matter. Lists are copied once per call, not per event.
 */
export function reduceRuns(state: RunState, events: readonly RunEvent[]): RunState {
  const fresh = events.filter((event) => isAfter(event, state));
  if (fresh.length === 0) return state;
  const has = (type: RunEvent['type']) => fresh.some((event) => event.type === type);
  const draft: Draft = {
    ...state,
    steps: has('step') ? [...state.steps] : state.steps,
    epochs: has('epoch') ? [...state.epochs] : state.epochs,
    relatedness: has('relatedness') ? [...state.relatedness] : state.relatedness,
    usage: has('usage') ? [...state.usage] : state.usage,
    warnings: has('warning') ? [...state.warnings] : state.warnings,
  } as Draft;
  for (const event of fresh) if (isAfter(event, draft)) apply(draft, event);
  return draft;
}

/** A state under construction: its fields, and those lists that are copies of its own, may change. */
type Draft = {
  -readonly [Key in keyof RunState]: Key extends 'steps' | 'epochs' | 'relatedness' | 'usage' | 'warnings'
    ? RunState[Key][number][]
    : RunState[Key];
};

function apply(draft: Draft, event: RunEvent): void {
  if (event.type === 'resumed' && draft.began > 0) endPause(draft, event.time);
  draft.sequence = event.sequence;
  if (event.mark === undefined) delete draft.mark;
  else draft.mark = event.mark;
  draft.updated = event.time;
  if (draft.began === 0) draft.began = event.time;
  switch (event.type) {
    case 'started':
      draft.phase = 'running';
      draft.started = event;
      draft.tasks = event.tasks;
      return;
    case 'step':
      move(draft, event);
      appendThinned(draft.steps, draft.stepEvents++, event, stepLimit(draft.tasks.length), joinSteps);
      return;
    case 'epoch':
      move(draft, event);
      draft.epochs.push(event);
      return;
    case 'relatedness':
      appendThinned(
        draft.relatedness,
        draft.relatednessEvents++,
        event,
        matrixLimit(draft.tasks.length),
        (_, later) => later,
      );
      return;
    case 'usage':
      appendThinned(
        draft.usage,
        draft.usageEvents++,
        event,
        usageLimit(draft.usage.at(0) ?? event),
        (_, later) => later,
      );
      return;
    case 'trivial':
      draft.trivial = event.predictors;
      return;
    case 'gain':
      draft.gain = event;
      return;
    case 'replicated':
      draft.replicated = event;
      return;
    case 'warning':
      draft.warnings.push(event.message);
      return;
    case 'checkpoint':
      move(draft, event);
      return;
    case 'trainings':
      draft.trainings = afterTraining(draft.trainings, event);
      return;
    case 'paused':
      draft.phase = 'paused';
      draft.pauses = [...draft.pauses, { from: event.time }];
      return;
    case 'resumed':
      resume(draft, event);
      return;
    case 'finished':
    case 'stopped':
      draft.phase = event.type;
      move(draft, event);
      draft.ending = event;
      return;
    case 'failed':
      draft.phase = 'failed';
      draft.failure = event;
      return;
  }
}

/** Whether it was paused or its process was gone: until it goes on nothing is done. */
function endPause(draft: Draft, time: number): void {
  const last = draft.pauses.at(-1);
  const lasts = last !== undefined && last.to === undefined;
  const closed = { from: lasts ? last.from : draft.updated, to: time };
  draft.pauses = [...(lasts ? draft.pauses.slice(0, -1) : draft.pauses), closed];
}

function afterTraining(before: TrainingsState | undefined, event: RunEventOf<'trainings'>): TrainingsState {
  const { measures, done, total, atOnce, running, time } = event;
  const began = before?.began ?? (running === undefined ? undefined : { time, done });
  return { measures, done, total, atOnce, ...(began && { began }) };
}

function resume(draft: Draft, { lost, notes = [], engine, engineReason, threads }: RunEventOf<'resumed'>): void {
  if (lost !== undefined) draft.lost = (draft.lost ?? 0) + lost;
  draft.phase = draft.started === undefined ? 'starting' : 'running';
  if (notes.length > 0) draft.warnings = [...draft.warnings, ...notes];
  if (draft.started === undefined) return;
  draft.started = {
    ...draft.started,
    ...(engine !== undefined && { engine }),
    ...(engineReason !== undefined && { engineReason }),
    ...(threads !== undefined && { threads }),
  };
}

function move(draft: Draft, { step, epoch }: { readonly step: number; readonly epoch: number }): void {
  draft.step = step;
  draft.epoch = epoch;
}

/** Some four million numbers each at most: below a hundred megabytes, and more points than a screen has. */
const numbersKept = 4_000_000;

function stepLimit(tasks: number): number {
  return Math.max(4096, Math.floor(numbersKept / (2 * Math.max(1, tasks))));
}

function matrixLimit(tasks: number): number {
  return Math.max(64, Math.floor(numbersKept / Math.max(1, tasks * tasks)));
}

function usageLimit({ matrices }: RunEventOf<'usage'>): number {
  const cells = matrices.reduce((sum, { rows, columns }) => sum + rows.length * columns.length, 0);
  return Math.max(64, Math.floor(numbersKept / Math.max(1, cells)));
}

/** One point for two stretches of steps; `share` is the weight of the earlier one. */
function joinSteps(earlier: RunEventOf<'step'>, later: RunEventOf<'step'>, share: number): RunEventOf<'step'> {
  const losses = later.losses.map((loss, task) => {
    const before = earlier.losses[task] ?? null;
    if (loss === null || before === null) return loss ?? before;
    return share * before + (1 - share) * loss;
  });
  return { ...later, losses };
}

/** Milliseconds of pauses until a time, that of the last event where none is given. */
export function idleMilliseconds({ pauses, updated }: RunState, time = updated): number {
  return pauses.reduce(
    (sum, { from, to = Infinity }) => sum + Math.max(0, Math.min(to, time) - Math.min(from, time)),
    0,
  );
}

/** Seconds of work until a time, that of the last event where none is given. */
export function workSeconds(state: RunState, time = state.updated): number {
  if (state.began === 0) return 0;
  return (time - state.began - idleMilliseconds(state, time)) / 1000 + (state.lost ?? 0);
}

/** Whether the run is over. */
export function hasEnded(phase: RunPhase): boolean {
  return phase === 'finished' || phase === 'failed' || phase === 'stopped';
}

/** Whether this is the event after which nothing follows. */
export function isEnding(event: RunEvent): boolean {
  return event.type === 'finished' || event.type === 'failed' || event.type === 'stopped';
}
