import type { RelatednessMatrix } from '../runs/events';
import { figuresOf, meanMatrix } from '../runs/report';
import { count, formatDuration } from './format';
import { renderRelatedness } from './relatednessTable';
import type { EndedRun } from './replicates';
import { renderResults } from './results';
import { clean } from './terminal';

/** What `mtl run` says at the end: results, relatedness, and where the run folders lie. */
export function renderEnd(ended: readonly EndedRun[]): string {
  const states = ended.map(({ state }) => state);
  const tasks = states.find(({ started }) => started !== undefined)?.tasks.map(({ name }) => name) ?? [];
  return [
    renderResults(states),
    ...matricesOf(ended).map((matrix) => renderRelatedness(tasks, matrix)),
    ended.map(renderFooter).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
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
  const { seconds, bestEpoch } = figuresOf(state);
  const facts = [
    `Seed ${record.seed} ${phase} after ${formatDuration(seconds)}`,
    count(state.epoch, 'epoch'),
    ...(bestEpoch === null ? [] : [`best epoch ${bestEpoch}`]),
    ...(state.started === undefined ? [] : [`engine ${state.started.engine}`]),
  ];
  return `${facts.join(', ')}\nRun folder: ${clean(folder)}`;
}
