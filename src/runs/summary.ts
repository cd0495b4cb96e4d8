import { higherIsBetter, type MetricName } from '../experiment/metric';
import type { SplitMetrics, SplitName } from './events';
import type { RunNetwork, RunRecord } from './record';
import { hasEnded, idleMilliseconds, workSeconds, type RunPhase, type RunState } from './state';

/** One figure that stands for a run where there is room for one. */
export interface KeyMetric {
  readonly name: MetricName;
  readonly split: SplitName;
  /** The mean over the tasks; over all rows together where tasks are the values of a column. */
  readonly value: number;
  readonly higherIsBetter: boolean;
}

/** What a run does after its own training, where measures need more networks. */
export interface Measuring {
  readonly measures: readonly string[];
  readonly done: number;
  readonly total: number;
}

/** A run as lists show it. */
export interface RunSummary {
  readonly id: string;
  readonly group: string;
  readonly experiment: string;
  readonly file: string;
  readonly seed: number;
  readonly role?: RunRecord['role'];
  readonly network?: RunNetwork;
  /** `interrupted`: the process is gone and the journal has no end. */
  readonly phase: RunPhase | 'interrupted';
  /** From 0 to 1. */
  readonly progress: number;
  readonly step: number;
  readonly epoch: number;
  /** At most; 0 before the run has started. */
  readonly epochs: number;
  /** Seconds until the last epoch ends, if none is left out; absent where it cannot be told. */
  readonly etaSeconds?: number;
  /** How long the run took, or has taken so far. */
  readonly seconds: number;
  readonly keyMetric?: KeyMetric;
  /** Δm over the baseline as a fraction, as it was known when the run finished, and over how many seeds. */
  readonly gain?: { readonly mean: number | null; readonly seeds: number };
  /** Whether a new process can go on with it. */
  readonly continuable: boolean;
  /** Once the run itself is trained, and until it has finished: how far the networks are that its measures need. */
  readonly measuring?: Measuring;
  /** Why it failed. */
  readonly failure?: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly updated: number;
}

/**
 * @param alive Whether the run's process is there.
 * @param now Milliseconds since 1970.
 */
export function summariseRun(record: RunRecord, state: RunState, alive: boolean, now: number): RunSummary {
  const phase = displayedPhase(state, alive);
  const eta = phase === state.phase ? etaSeconds(state, now) : undefined;
  const keyMetric = keyMetricOf(state);
  const measuring = measuringOf(state);
  return {
    id: record.id,
    group: record.group,
    experiment: record.experiment,
    file: record.file,
    seed: record.seed,
    ...(record.role && { role: record.role }),
    ...(record.network && { network: record.network }),
    phase,
    continuable: canContinue(phase, state.failure),
    ...(measuring && { measuring }),
    progress: progressOf(state),
    step: state.step,
    epoch: state.epoch,
    epochs: state.started?.epochs ?? 0,
    ...(eta !== undefined && { etaSeconds: eta }),
    seconds: runSeconds(state, phase, now),
    ...(keyMetric && { keyMetric }),
    ...(state.gain && { gain: { mean: state.gain.overall.mean, seeds: state.gain.seeds.length } }),
    ...(state.failure && { failure: state.failure.message }),
    created: record.created,
    updated: state.updated === 0 ? record.created : state.updated,
  };
}

/** Whether a new process can go on with a run: not with one that ended as it should, or would fail in the same way again. */
export function canContinue(phase: RunPhase | 'interrupted', failure: RunState['failure']): boolean {
  return phase === 'interrupted' || phase === 'stopped' || (phase === 'failed' && failure?.final !== true);
}

/** The phase of a run, knowing whether its process is there. */
export function displayedPhase(state: RunState, alive: boolean): RunPhase | 'interrupted' {
  return hasEnded(state.phase) || alive ? state.phase : 'interrupted';
}

/** What the run does after its own training; undefined before, after its end, and where no measure needs more networks. */
export function measuringOf({ trainings, phase }: RunState): Measuring | undefined {
  if (trainings?.began === undefined || phase === 'finished') return undefined;
  const { measures, done, total } = trainings;
  return { measures, done, total };
}

/**
 * Share of the steps that are done, from 0 to 1; 1 once it has finished, early stopping included. Networks that measures
 * need count as much as the run's own.
 */
export function progressOf(state: RunState): number {
  if (state.phase === 'finished') return 1;
  const total = totalSteps(state);
  const own = total === 0 ? 0 : Math.min(1, state.step / total);
  const { trainings } = state;
  if (trainings === undefined) return own;
  return ((trainings.began ? 1 : own) + trainings.done) / (1 + trainings.total);
}

/**
 * Seconds until the last epoch ends at the pace so far, pauses left out; an upper bound where early stopping may end it
 * before. Where measures need more networks, until these are trained: each is taken to last as long as the run's own
 * training until some are there. Undefined before the first steps and after the end.
 * @param now Milliseconds since 1970.
 */
export function etaSeconds(state: RunState, now: number): number | undefined {
  const total = totalSteps(state);
  if (state.started === undefined || hasEnded(state.phase) || total === 0 || state.step === 0) return undefined;
  const left = secondsLeft(state, total);
  if (left === undefined) return undefined;
  const since = state.phase === 'paused' ? 0 : (now - state.updated) / 1000;
  return Math.max(0, left - Math.max(0, since));
}

/** At the time of the last event. */
function secondsLeft(state: RunState, total: number): number | undefined {
  const { trainings, step, updated, started } = state;
  const began = trainings?.began;
  const secondsBetween = (from: number, to: number) =>
    Math.max(0, to - from - (idleMilliseconds(state, to) - idleMilliseconds(state, from))) / 1000;
  const own = secondsBetween(started?.time ?? updated, began?.time ?? updated);
  if (own === 0) return undefined;
  if (trainings === undefined) return (Math.max(0, total - step) * own) / step;
  const whole = began ? own : (total * own) / step;
  const here = began ? trainings.done - began.done : 0;
  const each = began && here > 0 ? secondsBetween(began.time, updated) / here : whole / trainings.atOnce;
  return (began ? 0 : whole - own) + (trainings.total - trainings.done) * each;
}

function totalSteps({ started }: RunState): number {
  return started === undefined ? 0 : started.epochs * started.stepsPerEpoch;
}

function runSeconds(state: RunState, phase: RunPhase | 'interrupted', now: number): number {
  const told = state.ending?.seconds ?? state.failure?.seconds;
  if (told !== undefined) return told;
  return workSeconds(state, phase === 'interrupted' ? state.updated : Math.max(now, state.updated));
}

/** Metrics that say how good a task is, the more telling first; the loss is there for every task. */
const preferredMetrics = ['auc', 'accuracy', 'r2', 'loss'] as const satisfies readonly MetricName[];

/** The first preferred metric that all tasks have, on the validation split: at the end, or of the last epoch. */
export function keyMetricOf(state: RunState): KeyMetric | undefined {
  const source = state.ending ?? state.epochs.at(-1);
  if (source === undefined || source.metrics.length === 0) return undefined;
  const sets = source.pooled ? [source.pooled] : source.metrics;
  for (const split of ['validation', 'train'] as const) {
    for (const name of preferredMetrics) {
      const value = meanOf(sets, split, name);
      if (value !== undefined) return { name, split, value, higherIsBetter: higherIsBetter[name] };
    }
  }
  return undefined;
}

function meanOf(sets: readonly SplitMetrics[], split: SplitName, name: MetricName): number | undefined {
  const values = sets.map((set) => set[split]?.[name]);
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0 || known.length < values.length) return undefined;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
