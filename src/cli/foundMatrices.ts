import { momentAtEnd, type TrainingMoment } from '../figures/moments';
import type { RelatednessMatrix, UsageMatrix } from '../runs/events';
import { figuresOf } from '../runs/report';
import type { ReadRun } from '../runs/read';
import type { RunState } from '../runs/state';
import { UsageError } from './errors';
import type { Wanted } from './measuredRun';
import { nearest } from './nearest';
import { whyNoMatrix } from './nothingMeasured';

/** Which matrices of a run; as it is written. */
export interface AskedMoment {
  /** The first that there is, if not given. */
  readonly measure: readonly string[] | undefined;
  readonly epoch: string | undefined;
  readonly overSeeds: boolean;
}

/** The matrices that there are to choose from. */
export interface Found {
  readonly matrices: readonly RelatednessMatrix[];
  /** Of what in training the matrix of a measure is. */
  readonly moment: (measure: string) => TrainingMoment;
  readonly usage: readonly UsageMatrix[];
  /** The epoch that they are of. */
  readonly usageEpoch: number;
  /** Over how many seeds the matrices are the means. */
  readonly seeds?: number;
}

/** The names of all that there is. */
export function namesIn({ matrices, usage }: Found): readonly string[] {
  return [...matrices.map(({ measure }) => measure), ...usage.map(({ name }) => usageName(name))];
}

/** Whether a run has all that is asked for. */
export function hasMatrices(asked: AskedMoment): Wanted {
  return ({ state }) => {
    const names = namesIn(lookedUp(state, asked));
    return names.length > 0 && (asked.measure ?? []).every((name) => names.includes(name));
  };
}

/** @throws UsageError where the run has none, or not what is asked for, or that makes no sense */
export function foundIn(run: ReadRun, asked: AskedMoment): Found {
  const { state } = run;
  const found = lookedUp(state, asked);
  const names = namesIn(found);
  const [lacking] = (asked.measure ?? []).filter((name) => !names.includes(name));
  if (lacking !== undefined) throw new UsageError(whyNotThere(lacking, names, run, asked));
  if (names.length > 0) return found;
  throw new UsageError(whyNone(run, asked));
}

/** Why there is no matrix of what is asked for. */
function whyNone(run: ReadRun, { epoch, overSeeds }: AskedMoment): string {
  if (namesIn(atTheEnd(run.state)).length === 0) return whyNoMatrix(run);
  if (overSeeds) {
    return 'The run knows of no other seed that had finished before it. Name the last run of several `seeds`, or leave --over-seeds away.';
  }
  return `The run has recorded no matrix in epoch ${epoch}. Leave --epoch away for what it has in the end.`;
}

/** Why there is no matrix of this name, where there may be others. */
function whyNotThere(name: string, names: readonly string[], run: ReadRun, asked: AskedMoment): string {
  const { epoch, overSeeds } = asked;
  const inTheEnd = namesIn(atTheEnd(run.state)).includes(name);
  if (inTheEnd && overSeeds && name.startsWith(usageName(''))) {
    return `How tasks use what they share is not averaged over seeds, so there is no mean of "${name}". Leave --over-seeds away.`;
  }
  if (names.length === 0) return whyNone(run, asked);
  if (inTheEnd) {
    const [here, option] = overSeeds ? ['over seeds', '--over-seeds'] : [`in epoch ${epoch}`, '--epoch'];
    return `The run has a matrix of "${name}" at its end, but none ${here}: leave ${option} away. What it has ${here}: ${names.join(', ')}.`;
  }
  const meant = nearest(name, names);
  return `The run has no matrix of "${name}". ${meant === undefined ? `It has ${names.join(', ')}.` : `Did you mean "${meant}"?`}`;
}

function lookedUp(state: RunState, { epoch: text, overSeeds }: AskedMoment): Found {
  const epoch = epochOf(text);
  if (overSeeds && epoch !== undefined) {
    throw new UsageError('Means over seeds are of whole runs. Leave --epoch or --over-seeds away.');
  }
  return overSeeds ? overAllSeeds(state) : epoch === undefined ? atTheEnd(state) : atEpoch(state, epoch);
}

function epochOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is no epoch. Use a whole number from 1.`);
}

function overAllSeeds({ replicated }: RunState): Found {
  const { seeds, matrices } = replicated ?? { seeds: [], matrices: [] };
  return {
    matrices,
    moment: () => ({ of: 'seeds', seeds: seeds.length }),
    usage: [],
    usageEpoch: 0,
    seeds: seeds.length,
  };
}

function atTheEnd(state: RunState): Found {
  const last = state.usage.at(-1);
  return {
    matrices: figuresOf(state).relatedness,
    moment: (measure) =>
      state.ending === undefined
        ? { of: 'epoch', epoch: state.relatedness.at(-1)?.epoch ?? state.epoch }
        : momentAtEnd(measure),
    usage: last?.matrices ?? [],
    usageEpoch: last?.epoch ?? state.epoch,
  };
}

function atEpoch({ relatedness, usage }: RunState, epoch: number): Found {
  const at = <Event extends { readonly epoch: number }>(events: readonly Event[]) =>
    events.find((event) => event.epoch === epoch);
  return {
    matrices: at(relatedness)?.matrices ?? [],
    moment: () => ({ of: 'epoch', epoch }),
    usage: at(usage)?.matrices ?? [],
    usageEpoch: epoch,
  };
}

/** What a matrix of how tasks use what they share is called. */
export function usageName(name: string): string {
  return `usage/${name}`;
}
