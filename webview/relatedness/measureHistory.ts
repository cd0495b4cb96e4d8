import type { MeasureWords } from '../../src/figures/measureWords';
import { measureWords, usageWords } from '../../src/figures/measureWords';
import type { UsageMatrix } from '../../src/runs/events';
import type { RunState } from '../../src/runs/state';
import type { Run } from '../shared/runStore';
import type { Moment } from './matrixModel';
import { momentsOf, positionOf, replicatedMoment, usageOf } from './matrixModel';

/** All of one measure, and which moment of it is shown. */
export interface MeasureHistory {
  readonly words: MeasureWords;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly moments: readonly Moment[];
  readonly position: number;
  /** Where it is no measure, but how tasks use what they share. */
  readonly usage?: UsageMatrix;
}

/** The mean over replicates in place of the moments of the run, where there is one. */
export function overReplicates(state: RunState, history: MeasureHistory): MeasureHistory {
  const moment = replicatedMoment(state, history.words.name);
  return moment === undefined ? history : { ...history, moments: [moment], position: 0 };
}

export function historyOf(run: Run, name: string, epoch: number | undefined): MeasureHistory {
  const moments = momentsOf(run.state, name);
  const position = positionOf(moments, epoch);
  const usage = usageOf(run.state, name);
  if (usage) {
    const { rows, columns } = usage;
    return { words: usageWords(name, usage), rows, columns, moments, position, usage };
  }
  const tasks = namesOf(run);
  return { words: measureWords(name, moments[position].matrix), rows: tasks, columns: tasks, moments, position };
}

const names = new WeakMap<object, readonly string[]>();

/** The tasks' names, the same array for the same run, so that what depends on it can be kept. */
function namesOf({ state: { tasks } }: Run): readonly string[] {
  const known = names.get(tasks) ?? tasks.map(({ name }) => name);
  names.set(tasks, known);
  return known;
}
