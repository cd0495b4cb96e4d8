import { shorten } from '../../src/figures/labels';
import { plural } from '../../src/figures/numbers';
import type { RunListing } from '../../src/protocol/messages';
import { measureByName } from '../../src/relatedness';
import { hasEnded } from '../../src/runs/state';
import type { RunState } from '../../src/runs/state';
import { measuringOf } from '../../src/runs/summary';
import type { Words } from '../shared/emptyState';
import type { Run } from '../shared/runStore';
import { phaseOf } from '../shared/runStore';

/** What to say where the filter lets no task pass. */
export function filteredWords(filter: string): Words {
  return {
    icon: 'search',
    title: 'No such task',
    text: `No name of a task contains “${shorten(filter, 60)}”. Change the filter, or empty it to see all tasks.`,
  };
}

/** What to say while there is no matrix. */
export function waitingWords(run: Run, listings: readonly RunListing[]): Words {
  const phase = phaseOf(run, listings);
  if (phase === 'starting') {
    return {
      icon: 'loading',
      title: 'Starting',
      text: 'Data is being read and the model compiled.',
    };
  }
  if (listings.find(({ id }) => id === run.id)?.role === 'baseline') {
    return {
      icon: 'circle-slash',
      title: 'A baseline',
      text: 'This run trains each task alone. Nothing is shared, so nothing is measured; the run that is compared with it has the matrix.',
    };
  }
  if (run.state.tasks.length === 1) {
    return {
      icon: 'table',
      title: 'Only one task',
      text: 'Relatedness is measured between tasks; this run has a single one.',
    };
  }
  if (phase === 'interrupted' || hasEnded(phase)) {
    return {
      icon: 'table',
      title: 'No matrix',
      text: 'This run recorded none: it ended before its first epoch was over, or its experiment measures nothing (see relatedness in the experiment file).',
    };
  }
  const words = liveWords(run.state);
  return phase === 'paused' && words.icon === 'loading' ? { ...words, icon: 'debug-pause', title: 'Paused' } : words;
}

/** What a run does whose first matrix is still to come, and when that comes, by the measures that are recorded. */
function liveWords(state: RunState): Words {
  const measures = state.started?.relatedness;
  if (measures?.length === 0) {
    return {
      icon: 'table',
      title: 'Nothing is measured',
      text: 'The experiment of this run names no measure (see relatedness in the experiment file).',
    };
  }
  const measuring = measuringOf(state);
  if (measuring) {
    const { done, total } = measuring;
    return {
      icon: 'loading',
      title: 'Measuring',
      text: `The network of the run is trained. What is measured takes ${plural(total, 'more network')}, of which ${done} ${done === 1 ? 'is' : 'are'} trained: the matrix comes with the last of them.`,
    };
  }
  const moments = measures?.map((name) => measureByName(name)?.moment ?? 'training') ?? ['training'];
  if (moments.includes('training')) return training('The first matrix comes at the end of the first epoch.');
  // What is measured of the trained model is written down with it, at the end.
  if (moments.includes('more training'))
    return training(
      'What this run measures takes more networks, which are trained after its own: the matrix comes with the last of them.',
    );
  return isTrained(state)
    ? { icon: 'loading', title: 'Measuring', text: 'The network is trained: what it makes of the rows is measured.' }
    : training('What this run measures is of the trained model: the first matrix comes at the end of training.');
}

function training(text: string): Words {
  return { icon: 'loading', title: 'Training', text };
}

/** Whether all epochs are over. Where training stops early, nothing tells before the end. */
function isTrained({ started, epochs }: RunState): boolean {
  return started !== undefined && epochs.length >= started.epochs;
}
