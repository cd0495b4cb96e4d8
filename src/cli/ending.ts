import type { RelatednessMatrix } from '../runs/events';
import { meanMatrix } from '../relatedness/statistics/replicates';
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
  const started = replicates.find(({ state }) => state.started !== undefined);
  const tasks = started?.state.tasks.map(({ name }) => name) ?? [];
  const { network } = replicates[0].record;
  return matricesOf(replicates).map((matrix) => renderRelatedness(tasks, matrix, network));
}

/** One matrix per measure, the mean over replicates. */
function matricesOf(ended: readonly EndedRun[]): readonly RelatednessMatrix[] {
  const all = ended.map(({ state }) => figuresOf(state).relatedness).filter((matrices) => matrices.length > 0);
  if (all.length === 0) return [];
  return all[0].map((first, measure) => ({
    ...first,
    values: meanMatrix(all.flatMap((matrices) => (matrices[measure] === undefined ? [] : [matrices[measure].values]))),
  }));
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
