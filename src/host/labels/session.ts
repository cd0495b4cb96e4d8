import type { RunState } from '../../runs/state';
import type { RunSummary } from '../../runs/summary';
import { t } from '../words';
import { durationText } from './duration';
import { figureText, shortened } from './figures';
import { measuringText } from './measuring';
import { sparkline } from './sparkline';

/** A line of the session view. */
export interface SessionLine {
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  /** Name of a codicon. */
  readonly icon: string;
  readonly children?: readonly SessionLine[];
  /** Whether choosing it resumes the run. */
  readonly resumes?: true;
}

/** Tasks that are listed one by one; the others are counted. */
const tasksShown = 40;
const recentSteps = 200;
const sparkWidth = 12;
const barWidth = 12;
const progressIcons: Readonly<Partial<Record<RunSummary['phase'], string>>> = {
  paused: 'debug-pause',
  interrupted: 'debug-disconnect',
};

/** What the session view says of a run that goes on. */
export function sessionLines(state: RunState, summary: RunSummary): readonly SessionLine[] {
  return [
    progressLine(summary),
    ...taskLines(state),
    ...pooledLine(state),
    weightsLine(state),
    engineLine(state),
  ].filter((line) => line !== undefined);
}

/** What it says of a run whose process is gone. */
export function interruptedLines(summary: RunSummary): readonly SessionLine[] {
  return [
    progressLine(summary),
    {
      key: 'resume',
      label: t('Resume'),
      description: t('from its last checkpoint'),
      tooltip: t('The process of the run is gone. Resume it to go on from its last checkpoint.'),
      icon: 'debug-continue',
      resumes: true,
    },
  ];
}

function progressLine(summary: RunSummary): SessionLine {
  const percent = Math.floor(summary.progress * 100);
  const filled = Math.round(summary.progress * barWidth);
  const bar = '━'.repeat(filled) + '─'.repeat(barWidth - filled);
  const left =
    summary.etaSeconds === undefined || summary.phase === 'paused'
      ? []
      : [t('{0} left', durationText(summary.etaSeconds * 1000))];
  const trained = summary.epochs === 0 ? [] : [t('epoch {0} of {1}', summary.epoch, summary.epochs)];
  const epochs = summary.measuring ? [measuringText(summary.measuring)] : trained;
  return {
    key: 'progress',
    label: `${bar} ${t('{0} %', percent)}`,
    description: [...epochs, ...left].join(' · '),
    tooltip: [
      t('Step {0}', summary.step),
      ...epochs,
      t('{0} so far', durationText(summary.seconds * 1000)),
      ...left,
    ].join('\n'),
    icon: progressIcons[summary.phase] ?? 'dashboard',
  };
}

function taskLines(state: RunState): readonly SessionLine[] {
  const recent = state.steps.slice(-recentSteps);
  const validation = state.epochs.at(-1)?.metrics ?? [];
  const lines = state.tasks.slice(0, tasksShown).map(({ name }, task): SessionLine => {
    const losses = recent.map((step) => step.losses[task] ?? null);
    const last = losses.findLast((loss) => loss !== null);
    const trained = last === undefined || last === null ? t('no loss yet') : figureText(last);
    const validated = validation[task]?.validation?.loss;
    return {
      key: `task ${task}`,
      label: shortened(name, 60),
      description: [trained, sparkline(losses, sparkWidth, 'logarithmic')].filter(Boolean).join('  '),
      tooltip: [
        shortened(name, 600),
        t('Training loss: {0}', trained),
        ...(validated === undefined ? [] : [t('Validation loss of the last epoch: {0}', figureText(validated))]),
      ].join('\n'),
      icon: 'graph-line',
    };
  });
  const more = state.tasks.length - lines.length;
  if (more <= 0) return lines;
  const rest = { key: 'more', label: t('{0} more tasks', more), description: '', icon: 'ellipsis' };
  return [...lines, { ...rest, tooltip: t('The loss curves show all tasks.') }];
}

function pooledLine(state: RunState): readonly SessionLine[] {
  const loss = state.epochs.at(-1)?.pooled?.validation?.loss;
  if (loss === undefined) return [];
  return [
    {
      key: 'pooled',
      label: t('all rows together'),
      description: figureText(loss),
      tooltip: t('Validation loss over the rows of all tasks, at the last epoch.'),
      icon: 'combine',
    },
  ];
}

function weightsLine(state: RunState): SessionLine | undefined {
  const weights = state.steps.at(-1)?.weights ?? [];
  if (weights.length === 0) return undefined;
  const same = weights.every((weight) => Math.abs(weight - weights[0]) < 1e-9);
  const pairs = weights.slice(0, tasksShown).map((weight, task) => ({
    key: `weight ${task}`,
    label: shortened(state.tasks[task]?.name ?? '', 60),
    description: figureText(weight),
    tooltip: t('The weight of this task in the objective.'),
    icon: 'law',
  }));
  return {
    key: 'weights',
    label: t('Task weights'),
    description: same ? t('all {0}', figureText(weights[0])) : weights.slice(0, 6).map(figureText).join(' · '),
    tooltip: t('How the task losses are weighed into one objective.'),
    icon: 'law',
    ...(!same && { children: pairs }),
  };
}

function engineLine({ started, steps }: RunState): SessionLine | undefined {
  if (started === undefined) return undefined;
  const rate = steps.at(-1)?.learningRate;
  return {
    key: 'engine',
    label: t('Engine {0}', started.engine),
    description: rate === undefined ? '' : t('learning rate {0}', figureText(rate)),
    tooltip: [shortened(started.engineReason, 300), t('{0} parameters', started.parameters)].join('\n'),
    icon: 'chip',
  };
}
