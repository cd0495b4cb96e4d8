import type { ReadRun } from '../../runs/read';
import { withReplicates } from '../../runs/replicated';
import { figuresOf, finalReport } from '../../runs/report';
import { etaSeconds, progressOf } from '../../runs/summary';
import {
  jsonOption,
  openRun,
  runPositional,
  runsOption,
  type Command,
  type RunPositional,
  type RunsOption,
} from '../command';
import { renderComparison } from '../comparison';
import { bestEpochText } from '../ending';
import { exitCodes } from '../errors';
import { formatDuration, formatTime } from '../format';
import { experimentText } from '../part';
import { renderRelatedness } from '../relatednessTable';
import { renderResults } from '../results';
import { renderTable } from '../tables';
import { print, printJson } from '../terminal';

interface ShowOptions extends RunPositional, RunsOption {
  readonly json: boolean;
}

export const showCommand: Command<ShowOptions> = {
  name: 'show',
  takes: '<run>',
  summary: 'Show what a run is, how far it is and its results',
  examples: [
    ['mtl show latest', 'The newest run'],
    ['mtl show 20250401-1305 --json', 'One JSON object, as mtl run --json prints it, with the progress'],
  ],
  positionals: runPositional,
  options: { ...runsOption, ...jsonOption },
  async run(options) {
    const run = await openRun(options);
    const { folder, record, state, phase } = run;
    if (options.json) {
      const eta = phase === state.phase ? etaSeconds(state, Date.now()) : undefined;
      const progress = { progress: progressOf(state), ...(eta !== undefined && { etaSeconds: eta }) };
      printJson({ ...finalReport(folder, record, state, phase), ...progress });
      return exitCodes.success;
    }
    const parts = [
      renderFacts(run),
      renderResults([run]),
      renderComparison([run], state.gain),
      ...withReplicates(figuresOf(state).relatedness, state.replicated).map((matrix) =>
        renderRelatedness(state, matrix, { seeds: state.replicated?.seeds.length }),
      ),
    ];
    print(parts.filter((part) => part !== '').join('\n\n'));
    return exitCodes.success;
  },
};

function renderFacts({ folder, record, state, phase }: ReadRun): string {
  const { started, failure, warnings } = state;
  const { seconds } = figuresOf(state);
  const best = bestEpochText(state);
  const facts: [string, string][] = [
    ['run', record.id],
    ['experiment', experimentText(record.experiment, record)],
    ['file', record.file],
    ['state', failure === undefined ? phase : `${phase}: ${failure.message}`],
    ['seed', String(record.seed)],
    ['started', formatTime(record.created)],
    ['time', formatDuration(seconds)],
  ];
  if (started !== undefined) {
    const { rows, startedFrom } = started;
    if (startedFrom !== undefined) {
      const { run, experiment, taken, frozen } = startedFrom;
      const kept = frozen ? ', the shared ones frozen' : '';
      facts.push(['starts from', `${run} (${experiment}): ${taken.length} weights${kept}`]);
    }
    facts.push(
      ['engine', `${started.engine}, threads: ${started.threads ?? 1} (${started.engineReason})`],
      ['epochs', `${state.epoch} of ${started.epochs}${best === '' ? '' : `, ${best}`}`],
      ['rows', `${rows.train} train, ${rows.validation} validation, ${rows.test} test`],
      ['parameters', String(started.parameters)],
      ['data', started.dataFingerprint],
      [
        'versions',
        Object.entries(started.versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
      ],
    );
  }
  if (record.purpose !== undefined) facts.push(['for', record.purpose]);
  if (record.git) facts.push(['commit', `${record.git.commit}${record.git.dirty ? ', with changes' : ''}`]);
  if (record.overrides.length > 0) facts.push(['set', record.overrides.join(' ')]);
  facts.push(['folder', folder], ...warnings.map((warning): [string, string] => ['warning', warning]));
  return renderTable(['', ''], facts, 2).trimStart();
}
