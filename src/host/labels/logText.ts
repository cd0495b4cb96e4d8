import type { RunEvent } from '../../runs/events';
import type { JournalProblem } from '../../runs/journalLines';
import type { RunRecord } from '../../runs/record';
import { t } from '../words';
import { durationText } from './duration';
import { figureText } from './figures';
import { seedText } from './runLabel';

/**
 * A run's log to read: a line per event, without the steps and the matrices, then what its process printed.
 * @param printed The end of what the process printed.
 */
export function logText(
  record: RunRecord,
  events: readonly RunEvent[],
  problem: JournalProblem | undefined,
  printed: string,
): string {
  const head = [
    t('Run {0}', record.id),
    t('Experiment {0}, {1}', record.experiment, seedText(record)),
    t('File {0}', record.file),
    ...(record.git ? [t('Commit {0}{1}', record.git.commit, record.git.dirty ? t(', with changes') : '')] : []),
    t('Started {0}', new Date(record.created).toString()),
  ];
  const lines = events.flatMap((event) => {
    const words = eventText(event);
    return words === undefined ? [] : [`${timeText(event.time)}  ${words}`];
  });
  const said = lines.length > 0 ? lines : [t('The journal has no entry yet.')];
  const broken = problem === undefined ? [] : [problem.message];
  const output = printed === '' ? [] : ['', t('What its process printed:'), printed];
  return [...head, '', ...said, ...broken, ...output, ''].join('\n');
}

/** Local time of day with milliseconds. */
function timeText(time: number): string {
  const date = new Date(time);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'));
  return `${clock.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

function eventText(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'started': {
      const { train, validation, test } = event.rows;
      const sizes = t('{0} tasks, {1} parameters', event.tasks.length, event.parameters);
      const rows = t('{0} rows to train, {1} to validate, {2} to test', train, validation, test);
      const versions = Object.entries(event.versions).map(([name, version]) => `${name} ${version}`);
      const inputs = t('data {0}; {1}', event.dataFingerprint, versions.join(', '));
      return t('started on engine {0} ({1}): {2}; {3}; {4}', event.engine, event.engineReason, sizes, rows, inputs);
    }
    case 'step':
    case 'relatedness':
    case 'usage':
    case 'trainings':
    case 'trivial':
      return undefined;
    case 'epoch': {
      const train = meanLoss(event.metrics.map((metrics) => metrics.train?.loss));
      const validation = meanLoss(event.metrics.map((metrics) => metrics.validation?.loss));
      const best = event.best ? t(', best so far') : '';
      return t('epoch {0}: training loss {1}, validation loss {2}{3}', event.epoch, train, validation, best);
    }
    case 'gain': {
      const { overall, tasks, seeds } = event;
      const change = overall.mean === null ? '-' : t('{0} %', figureText(100 * overall.mean));
      const told = (verdict: string) => tasks.filter((task) => task.verdict === verdict).length;
      return t(
        'sharing against training alone, {0} seeds: Δm {1}; helped {2} tasks, hurt {3}',
        seeds.length,
        change,
        told('helped'),
        told('hurt'),
      );
    }
    case 'replicated':
      return t('relatedness over {0} seeds by {1} measures', event.seeds.length, event.matrices.length);
    case 'warning':
      return t('warning: {0}', event.message);
    case 'checkpoint':
      return t('checkpoint at step {0}', event.step);
    case 'paused':
      return t('paused at step {0}', event.step);
    case 'resumed':
      return [t('resumed at step {0}', event.step), ...(event.notes ?? [])].join('. ');
    case 'finished':
    case 'stopped': {
      const how = event.type === 'stopped' ? t('stopped') : t('finished');
      const epochs = event.bestEpochs ?? [event.bestEpoch];
      const [first, last] = [Math.min(...epochs), Math.max(...epochs)];
      const best = first === last ? t('best epoch {0}', first) : t('best epochs {0} to {1}', first, last);
      const words = t('{0} at step {1} after {2}; {3}', how, event.step, durationText(event.seconds * 1000), best);
      return event.type === 'finished' && event.reason === 'early-stopping'
        ? t('{0}; no more improvement', words)
        : words;
    }
    case 'failed':
      return t('failed ({0}): {1}', event.code, event.message);
  }
}

function meanLoss(losses: readonly (number | undefined)[]): string {
  const known = losses.filter((loss) => loss !== undefined);
  return known.length === 0 ? '-' : figureText(known.reduce((sum, loss) => sum + loss, 0) / known.length);
}
