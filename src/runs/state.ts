import type { MetricName } from '../experiment/schema';
import type { Ending, RelatednessMatrix, RunEvent, RunEventOf } from './events';

export type RunPhase = 'starting' | 'running' | 'paused' | 'finished' | 'failed' | 'stopped';

/** A run as its journal tells it. */
export interface RunState {
  readonly phase: RunPhase;
  /** Sequence number of the last event, -1 before the first. */
  readonly sequence: number;
  readonly started?: RunEventOf<'started'>;
  readonly tasks: readonly { readonly name: string; readonly kind: string; readonly metrics: readonly MetricName[] }[];
  readonly step: number;
  readonly epoch: number;
  /** Time of the last event, and of the first; milliseconds since 1970. */
  readonly updated: number;
  readonly began: number;
  readonly steps: readonly RunEventOf<'step'>[];
  readonly epochs: readonly RunEventOf<'epoch'>[];
  readonly relatedness: readonly {
    readonly step: number;
    readonly epoch: number;
    readonly matrices: readonly RelatednessMatrix[];
  }[];
  readonly warnings: readonly string[];
  readonly ending?: Ending;
  readonly failure?: RunEventOf<'failed'>;
}

export const initialRunState: RunState = {
  phase: 'starting',
  sequence: -1,
  tasks: [],
  step: 0,
  epoch: 0,
  updated: 0,
  began: 0,
  steps: [],
  epochs: [],
  relatedness: [],
  warnings: [],
};

/** Adds one event; the only place where a run's state comes from. Events already seen (by sequence) change nothing. */
export function reduceRun(state: RunState, event: RunEvent): RunState {
  if (event.sequence <= state.sequence) return state;
  const next: RunState = {
    ...state,
    sequence: event.sequence,
    updated: event.time,
    began: state.began === 0 ? event.time : state.began,
  };
  switch (event.type) {
    case 'started':
      return { ...next, phase: 'running', started: event, tasks: event.tasks };
    case 'step':
      return { ...next, step: event.step, epoch: event.epoch, steps: [...state.steps, event] };
    case 'epoch':
      return { ...next, step: event.step, epoch: event.epoch, epochs: [...state.epochs, event] };
    case 'relatedness':
      return { ...next, relatedness: [...state.relatedness, event] };
    case 'warning':
      return { ...next, warnings: [...state.warnings, event.message] };
    case 'paused':
      return { ...next, phase: 'paused' };
    case 'resumed':
      return { ...next, phase: 'running' };
    case 'finished':
      return { ...next, phase: 'finished', step: event.step, epoch: event.epoch, ending: event };
    case 'stopped':
      return { ...next, phase: 'stopped', step: event.step, epoch: event.epoch, ending: event };
    case 'failed':
      return { ...next, phase: 'failed', failure: event };
  }
}

/** Whether the run is over. */
export function hasEnded(phase: RunPhase): boolean {
  return phase === 'finished' || phase === 'failed' || phase === 'stopped';
}

/** Whether this is the event after which nothing follows. */
export function isEnding(event: RunEvent): boolean {
  return event.type === 'finished' || event.type === 'failed' || event.type === 'stopped';
}
