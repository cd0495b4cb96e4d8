import type { RunRecord } from '../../runs/record';
import type { StoredRun } from '../../runs/store';
import type { KeyMetric, RunSummary } from '../../runs/summary';
import { t } from '../words';
import { agoText, durationText } from './duration';
import { measuringText } from './measuring';
import { figureText, markdownText, shortened } from './figures';
import { isLive, phaseText, type ShownPhase } from './phase';

/** What a run list says of a run. */
export interface RunLike {
  readonly run: StoredRun;
  readonly summary: RunSummary | undefined;
  readonly problem?: { readonly message: string };
}

export function shownPhase({ summary }: Pick<RunLike, 'summary'>): ShownPhase {
  return summary?.phase ?? 'unknown';
}

/** Names of metrics in prose. */
const metricTitles: Readonly<Record<KeyMetric['name'], string>> = {
  loss: 'loss',
  mse: 'MSE',
  mae: 'MAE',
  rmse: 'RMSE',
  r2: 'R²',
  explainedVariance: 'explained variance',
  crossEntropy: 'cross-entropy',
  accuracy: 'accuracy',
  macroF1: 'macro F1',
  auc: 'AUC',
};

export function keyMetricText({ name, value }: KeyMetric): string {
  return `${metricTitles[name]} ${figureText(value)}`;
}

/** A run's name in a sentence. */
export function runLabel({ run }: RunLike): string {
  return shortened(run.record.experiment, 80);
}

/** A run's name in a narrow list of all runs, so that what follows it has room. */
export function shortRunLabel({ run }: RunLike): string {
  return shortened(run.record.experiment, 20);
}

/** A run's name among the runs of the same experiment: when it was started. */
export function startLabel({ run }: RunLike): string {
  const start = new Date(run.record.created);
  const day = start.toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
  return `${day}, ${start.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })}`;
}

/** The seed, and what the run is for where it is not the experiment itself. */
export function seedText({ seed, role, network }: RunRecord): string {
  if (role === 'baseline') return t('baseline, seed {0}', seed);
  if (role === 'measure') return t('for relatedness, seed {0}', seed);
  if (network === undefined) return t('seed {0}', seed);
  const serves = shortened(network.serves.join(', '), 40);
  return t('seed {0}, network {1} of {2} ({3})', seed, network.number, network.of, serves);
}

/** What stands behind a run's name: how far it is, its key metric, its seed. */
export function runDescription({ run, summary }: RunLike, now: number): string {
  const seed = seedText(run.record);
  const created = agoText(run.record.created, now);
  if (summary === undefined) return [seed, created].join(' · ');
  const metric = summary.keyMetric ? [keyMetricText(summary.keyMetric)] : [];
  switch (summary.phase) {
    case 'starting':
      return [t('starting'), seed].join(' · ');
    case 'running':
      return [progressText(summary), ...metric, seed].join(' · ');
    case 'paused':
      return [t('paused'), progressText(summary), ...metric, seed].join(' · ');
    case 'finished':
      return [seed, ...metric, created].join(' · ');
    case 'failed':
      return [t('failed'), seed, shortened(summary.failure ?? '', 60), created].filter(Boolean).join(' · ');
    case 'stopped':
    case 'interrupted':
      return [phaseText(summary.phase), seed, epochText(summary), ...metric, created].filter(Boolean).join(' · ');
  }
}

/** Such as `45 % · 12 s left`; with what is measured once the run itself is trained. */
export function progressText({ progress, etaSeconds, phase, measuring }: RunSummary): string {
  const share = t('{0} %', Math.floor(progress * 100));
  const percent = measuring === undefined ? share : t('{0} · {1}', measuringText(measuring), share);
  if (etaSeconds === undefined || phase === 'paused') return percent;
  return t('{0} · {1} left', percent, durationText(etaSeconds * 1000));
}

/** Such as `epoch 3 of 20`; empty before the first. */
export function epochText({ epoch, epochs }: RunSummary): string {
  return epochs === 0 ? '' : t('epoch {0} of {1}', epoch, epochs);
}

/** Markdown; everything that comes from a person's file is escaped. */
export function runTooltip(entry: RunLike, now: number): string {
  const { run, summary, problem } = entry;
  const { record } = run;
  const rows: (readonly [string, string])[] = [
    [t('Run'), markdownText(record.id)],
    [t('Experiment file'), markdownText(record.file)],
    [t('Seed'), String(record.seed)],
    ...(record.role === 'baseline' ? [[t('Role'), t('baseline: each task trained alone')] as const] : []),
    ...(record.purpose === undefined ? [] : [[t('Role'), markdownText(record.purpose)] as const]),
    ...networkRow(record),
    [t('Started'), t('{0} ({1})', new Date(record.created).toLocaleString(), agoText(record.created, now))],
  ];
  if (summary !== undefined) {
    const epochs = epochText(summary);
    if (epochs !== '') rows.push([t('Progress'), t('{0}, step {1}', epochs, summary.step)]);
    if (summary.measuring) rows.push([t('Relatedness'), markdownText(measuringText(summary.measuring))]);
    if (summary.seconds > 0) rows.push([t('Time'), durationText(summary.seconds * 1000)]);
    if (summary.keyMetric) {
      const words = t('{0} ({1}, mean over tasks)', keyMetricText(summary.keyMetric), summary.keyMetric.split);
      rows.push([t('Key metric'), words]);
    }
  }
  if (summary?.gain) {
    const { mean, seeds } = summary.gain;
    const change = mean === null ? '-' : t('{0} %', (mean > 0 ? '+' : '') + figureText(100 * mean));
    rows.push([t('Gain over training alone'), t('{0}, seeds: {1}', change, seeds)]);
  }
  if (record.git) {
    const commit = record.git.commit.slice(0, 12);
    rows.push([t('Commit'), record.git.dirty ? t('{0}, with changes', commit) : commit]);
  }
  if (record.overrides.length > 0) rows.push([t('Set from outside'), markdownText(record.overrides.join(', '))]);
  const phase = phaseText(shownPhase(entry));
  const head = `**${markdownText(shortened(record.experiment, 200))}**${phase ? ` · ${phase}` : ''}`;
  const table = rows.map(([name, value]) => `${name}: ${value}`).join('  \n');
  const said = [summary?.failure, problem?.message, interruptedText(summary)].filter((text) => text !== undefined);
  return [head, ...said.map((text) => markdownText(shortened(text, 1000))), table].join('\n\n');
}

function networkRow({ network }: RunRecord): (readonly [string, string])[] {
  if (network === undefined) return [];
  const serves = markdownText(shortened(network.serves.join(', '), 200));
  return [[t('Network'), t('{0} of {1}, for {2}', network.number, network.of, serves)]];
}

function interruptedText(summary: RunSummary | undefined): string | undefined {
  if (summary?.phase !== 'interrupted') return undefined;
  return t(
    'The process of the run is gone and its journal has no end. The log may say why. Resume it to go on from its last checkpoint.',
  );
}

/** What the menus of a run's tree item depend on. */
export function runContextValue(entry: RunLike): string {
  return `run.${shownPhase(entry)}${entry.summary?.continuable ? '.continuable' : ''}`;
}

/** What a screen reader says. */
export function runAccessibleLabel(entry: RunLike, now: number): string {
  const phase = phaseText(shownPhase(entry));
  return [runLabel(entry), phase, runDescription(entry, now)].filter(Boolean).join(', ');
}

/** The text of the status bar; undefined where nothing goes on. */
export function statusText(entries: readonly RunLike[]): string | undefined {
  const live = entries.filter((entry) => isLive(shownPhase(entry)));
  const [first] = live;
  if (first?.summary === undefined) return undefined;
  const { phase } = first.summary;
  const words = phase === 'running' ? progressText(first.summary) : phaseText(phase);
  const icon = phase === 'paused' ? '$(debug-pause)' : '$(sync~spin)';
  const rest = live.length > 1 ? t(' (+{0} more)', live.length - 1) : '';
  return `${icon} ${shortened(runLabel(first), 30)}: ${words}${rest}`;
}
