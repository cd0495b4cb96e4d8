import { measuredRuns, overReplicates, withReplicates } from '../runs/replicated';
import { figuresOf } from '../runs/report';
import { count, formatDuration } from './format';
import type { GroupGain } from '../runs/gain';
import { renderComparison } from './comparison';
import { renderRelatedness } from './relatednessTable';
import type { RunState } from '../runs/state';
import { partText } from './part';
import type { EndedRun } from './replicates';
import { renderResults } from './results';
import { clean } from './terminal';

/** What `mtl run` says at the end: results, what sharing brought, relatedness, and where the run folders lie. */
export function renderEnd(ended: readonly EndedRun[], gain: GroupGain | undefined): string {
  const own = ended.filter(({ record }) => record.role === undefined);
  const shown = own.length > 0 ? own : ended;
  return [
    renderResults(shown),
    renderComparison(shown, gain),
    ...networksOf(shown).flatMap(renderMatrices),
    ended.map(renderFooter).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The runs of each network, with one network for all tasks as of the only one. */
function networksOf(shown: readonly EndedRun[]): readonly (readonly EndedRun[])[] {
  const numbers = [...new Set(shown.map(({ record }) => record.network?.number))];
  return numbers.map((number) => shown.filter(({ record }) => record.network?.number === number));
}

function renderMatrices(replicates: readonly EndedRun[]): string[] {
  const measured = replicates.filter(({ state }) => figuresOf(state).relatedness.length > 0);
  const last = measured.findLast(({ phase }) => phase === 'finished') ?? measured.at(-1);
  if (last === undefined) return [];
  const { seed, network } = last.record;
  const tasks = last.state.tasks.map(({ name }) => name);
  const { relatedness } = figuresOf(last.state);
  const replicated = overReplicates({ seed, tasks, relatedness, ...(network && { network }) }, measuredRuns(measured));
  const of = { seeds: replicated?.seeds.length, network };
  return withReplicates(relatedness, replicated).map((matrix) => renderRelatedness(last.state, matrix, of));
}

function renderFooter({ folder, record, state, phase }: EndedRun): string {
  const { seconds } = figuresOf(state);
  const part = partText(record);
  const facts = [
    `Seed ${record.seed}${part === '' ? '' : ` (${part})`} ${phase} after ${formatDuration(seconds)}`,
    count(state.epoch, 'epoch'),
    bestEpochText(state),
    ...(state.started === undefined ? [] : [`engine ${state.started.engine}`]),
  ];
  return `${facts.filter((fact) => fact !== '').join(', ')}\nRun folder: ${clean(folder)}`;
}

/** Such as `best epoch 3`; of tasks that each keep their own, `best epochs 3 to 12`; empty where none was finished. */
export function bestEpochText(state: RunState): string {
  const { bestEpoch } = figuresOf(state);
  const own = state.ending?.bestEpochs ?? [];
  if (bestEpoch === null) return '';
  const [first, last] = [Math.min(...own), Math.max(...own)];
  return own.length > 0 && first < last ? `best epochs ${first} to ${last}` : `best epoch ${own.at(0) ?? bestEpoch}`;
}
