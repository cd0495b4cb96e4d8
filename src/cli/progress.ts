import { SingleBar } from 'cli-progress';
import type { RunEvent } from '../runs/events';
import { etaSeconds, keyMetricOf, measuringOf, progressOf, type Measuring } from '../runs/summary';
import type { RunState } from '../runs/state';
import { formatDuration, formatNumber } from './format';
import { clean, note } from './terminal';

/** Shows how far a run is. */
export interface Progress {
  show(state: RunState, events: readonly RunEvent[]): void;
  /** Says something without spoiling the display. */
  say(text: string): void;
  end(): void;
}

/**
 * A bar where standard error is a terminal, a line per epoch where not, nothing where quiet.
 * @param since What happened before this time is not told: that of a run which goes on was told before.
 */
export function createProgress(quiet: boolean, since: number): Progress {
  if (quiet) return { show: () => {}, say: () => {}, end: () => {} };
  const progress = process.stderr.isTTY ? barProgress() : lineProgress();
  return {
    ...progress,
    show: (state, events) =>
      progress.show(
        state,
        events.filter(({ time }) => time >= since),
      ),
  };
}

function barProgress(): Progress {
  const bar = new SingleBar({
    stream: process.stderr,
    format: '{bar} {share}%  {text}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    fps: 10,
    hideCursor: null,
    gracefulExit: false,
    clearOnComplete: true,
    linewrap: false,
    emptyOnZero: true,
  });
  let latest: RunState | undefined;
  const update = () => {
    if (latest === undefined) return;
    const share = Math.floor(100 * progressOf(latest));
    bar.update(share, { share, text: describe(latest, Date.now()) });
  };
  const say = (text: string) => {
    bar.stop();
    note(text);
    bar.start(100, 0, { share: 0, text: '' });
    update();
  };
  const clock = setInterval(update, 1000);
  bar.start(100, 0, { share: 0, text: 'starting' });
  return {
    show(state, events) {
      latest = state;
      for (const event of events) for (const warning of warningsOf(event)) say(warning);
      update();
    },
    say,
    end() {
      clearInterval(clock);
      bar.stop();
    },
  };
}

function lineProgress(): Progress {
  return {
    show(state, events) {
      for (const event of events) {
        const line = describeEvent(event, state);
        if (line !== undefined) note(line);
      }
    },
    say: note,
    end: () => {},
  };
}

/** `epoch 3/20 · validation r2 0.81 · 12 s left`. */
function describe(state: RunState, now: number): string {
  if (state.started === undefined) return 'reading the data';
  const metric = keyMetricOf(state);
  const eta = etaSeconds(state, now);
  const measuring = measuringOf(state);
  return [
    state.phase === 'paused' ? 'paused' : '',
    measuring === undefined ? `epoch ${state.epoch}/${state.started.epochs}` : measuringText(measuring),
    metric === undefined ? '' : `${metric.split} ${metric.name} ${formatNumber(metric.value)}`,
    eta === undefined ? '' : `${formatDuration(Math.round(eta))} left`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function describeEvent(event: RunEvent, state: RunState): string | undefined {
  switch (event.type) {
    case 'epoch': {
      // Told together with what came after it, even the end, it is still told as it was.
      const going: RunState = { ...state, phase: 'running', ending: undefined, epochs: [event] };
      const metric = keyMetricOf(going);
      const eta = etaSeconds({ ...going, step: event.step, updated: event.time }, event.time);
      return [
        `epoch ${event.epoch}/${state.started?.epochs ?? event.epoch}`,
        `step ${event.step}`,
        metric === undefined ? '' : `${metric.split} ${metric.name} ${formatNumber(metric.value)}`,
        eta === undefined ? '' : `${formatDuration(Math.round(eta))} left`,
      ]
        .filter((part) => part !== '')
        .join('  ');
    }
    case 'trainings': {
      if (event.running === undefined || (event.done === 0 && event.running > 0)) return undefined;
      const eta = etaSeconds(state, event.time);
      return [measuringText(event), ...(eta === undefined ? [] : [`${formatDuration(Math.round(eta))} left`])].join(
        '  ',
      );
    }
    case 'warning':
      return warningsOf(event).join('\n');
    case 'paused':
      return `paused at step ${event.step}`;
    case 'resumed':
      return [`resumed at step ${event.step}`, ...warningsOf(event)].join('\n');
    case 'started':
    case 'checkpoint':
    case 'step':
    case 'relatedness':
    case 'usage':
    case 'trivial':
    case 'gain':
    case 'replicated':
    case 'finished':
    case 'stopped':
    case 'failed':
      return undefined;
  }
}

/** Such as `measuring pair-gain: 12 of 28 trainings`. */
function measuringText({ measures, done, total }: Measuring): string {
  return `measuring ${measures.join(', ')}: ${done} of ${total} trainings`;
}

function warningsOf(event: RunEvent): readonly string[] {
  const messages = event.type === 'warning' ? [event.message] : event.type === 'resumed' ? (event.notes ?? []) : [];
  return messages.map((message) => `warning: ${clean(message)}`);
}
