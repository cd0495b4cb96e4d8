import type { RunSummary } from '../../runs/summary';
import { t } from '../words';

/** How a run stands; `unknown` until its journal was looked at. */
export type ShownPhase = RunSummary['phase'] | 'unknown';

export interface PhaseLook {
  /** Name of a codicon. */
  readonly icon: string;
  /** Id of a theme colour. */
  readonly colour?: string;
}

const looks: Readonly<Record<ShownPhase, PhaseLook>> = {
  unknown: { icon: 'circle-outline' },
  starting: { icon: 'loading~spin', colour: 'charts.blue' },
  running: { icon: 'sync~spin', colour: 'charts.blue' },
  paused: { icon: 'debug-pause', colour: 'charts.yellow' },
  finished: { icon: 'pass', colour: 'testing.iconPassed' },
  failed: { icon: 'error', colour: 'testing.iconFailed' },
  stopped: { icon: 'circle-slash', colour: 'disabledForeground' },
  interrupted: { icon: 'debug-disconnect', colour: 'problemsWarningIcon.foreground' },
};

export function phaseLook(phase: ShownPhase): PhaseLook {
  return looks[phase];
}

/** Whether the run's process is at work or waits. */
export function isLive(phase: ShownPhase | undefined): boolean {
  return phase === 'starting' || phase === 'running' || phase === 'paused';
}

export function phaseText(phase: ShownPhase): string {
  switch (phase) {
    case 'unknown':
      return '';
    case 'starting':
      return t('starting');
    case 'running':
      return t('running');
    case 'paused':
      return t('paused');
    case 'finished':
      return t('finished');
    case 'failed':
      return t('failed');
    case 'stopped':
      return t('stopped');
    case 'interrupted':
      return t('interrupted');
  }
}
