import { count, duration, plural } from '../../src/figures/numbers';
import { etaSeconds, measuringOf, progressOf as shareDone } from '../../src/runs/summary';
import type { Phase, Run } from './runStore';
import { activeSeconds } from './runStore';

export const phaseWords: Readonly<Record<Phase, string>> = {
  starting: 'Starting',
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
  interrupted: 'Interrupted',
};

/** A codicon for each phase: the shape says what the colour says too. */
export const phaseIcons: Readonly<Record<Phase, string>> = {
  starting: 'loading',
  running: 'play-circle',
  paused: 'debug-pause',
  finished: 'pass',
  stopped: 'stop-circle',
  failed: 'error',
  interrupted: 'debug-disconnect',
};

/** Whether the run's process is there and can be asked to stop. */
export function isLive(phase: Phase): boolean {
  return phase === 'starting' || phase === 'running' || phase === 'paused';
}

/** Steps that the run will have at most; undefined before it is known. */
export function stepsInAll(run: Run): number | undefined {
  const { started } = run.state;
  return started === undefined ? undefined : started.epochs * started.stepsPerEpoch;
}

/** Share of the way from 0 to 1; undefined before it is known. */
export function progressOf(run: Run, phase: Phase): number | undefined {
  if (phase === 'finished') return 1;
  const all = stepsInAll(run);
  return all === undefined || all === 0 ? undefined : shareDone(run.state);
}

/** One line: how far the run is, how long it took, how long it may take. */
export function progressText(run: Run, phase: Phase): string {
  const { state } = run;
  if (state.started === undefined) return phase === 'starting' ? 'Reading data and compiling the model' : '';
  const measuring = measuringOf(state);
  const parts = measuring
    ? [`measuring ${measuring.measures.join(', ')}: ${count(measuring.done)} of ${count(measuring.total)} trainings`]
    : [
        `epoch ${count(Math.max(state.epoch, Math.min(1, state.step)))} of ${count(state.started.epochs)}`,
        `step ${count(state.step)}`,
      ];
  const seconds = activeSeconds(run, state.updated);
  if (seconds > 0) parts.push(duration(seconds));
  const left = secondsLeft(run, seconds);
  if (phase === 'running' && left !== undefined) parts.push(`about ${duration(left)} left`);
  return parts.join(' · ');
}

function secondsLeft(run: Run, seconds: number): number | undefined {
  const all = stepsInAll(run);
  const { step } = run.state;
  if (all === undefined || step < 1 || seconds < 2) return undefined;
  const ofAll = run.state.trainings && etaSeconds(run.state, run.state.updated);
  const left = ofAll ?? ((all - step) * seconds) / step;
  return left > 60 ? Math.round(left / 10) * 10 : Math.round(left);
}

export interface Banner {
  readonly tone: 'information' | 'warning' | 'error';
  readonly title: string;
  readonly text: string;
  /** Whether the log and the experiment are offered. */
  readonly remedies: boolean;
}

/** What to say above the charts about a run that is not simply running or finished; undefined for nothing. */
export function bannerOf(run: Run, phase: Phase): Banner | undefined {
  const { state } = run;
  const place = `step ${count(state.step)}, epoch ${count(state.epoch)}`;
  if (phase === 'failed') return failureBanner(run);
  if (phase === 'interrupted') {
    return {
      tone: 'warning',
      title: 'The process of this run is gone.',
      text: `It left no ending: it was killed, or the machine was shut down. What was recorded up to ${place} is shown. Resume it to go on from its last checkpoint.`,
      remedies: true,
    };
  }
  if (phase === 'stopped') {
    const best = state.ending?.bestEpoch ?? 0;
    const own = state.ending?.bestEpochs !== undefined;
    const which = own ? 'the best epoch of each task' : `epoch ${count(best)}, the best one`;
    const figures = best > 0 ? ` The figures below are those of ${which}.` : '';
    return { tone: 'information', title: `Stopped at ${place}.`, text: figures.trim(), remedies: false };
  }
  if (phase === 'paused') {
    return {
      tone: 'information',
      title: `Paused at ${place}.`,
      text: 'Nothing is computed until it is resumed.',
      remedies: false,
    };
  }
  if (state.ending !== undefined && 'reason' in state.ending && state.ending.reason === 'early-stopping') {
    return {
      tone: 'information',
      title: `Finished early at epoch ${count(state.epoch)}.`,
      text: state.ending.bestEpochs
        ? 'Validation stopped improving for every task; each keeps the parameters of its best epoch.'
        : `Validation stopped improving; the parameters of epoch ${count(state.ending.bestEpoch)} are kept.`,
      remedies: false,
    };
  }
  return undefined;
}

function failureBanner({ state: { failure } }: Run): Banner {
  const place = [
    failure?.step === undefined ? '' : `at step ${count(failure.step)}`,
    failure?.task === undefined ? '' : `in task ${failure.task}`,
  ].filter((part) => part !== '');
  const where = place.length === 0 ? '' : ` ${place.join(', ')}`;
  return {
    tone: 'error',
    title: `The run failed${where}.`,
    text: failure === undefined ? '' : `${failure.message} (${failure.code})`,
    remedies: true,
  };
}

/** Warnings in one line, for the summary that opens them. */
export function warningsTitle(warnings: readonly string[]): string {
  return plural(warnings.length, 'warning');
}
