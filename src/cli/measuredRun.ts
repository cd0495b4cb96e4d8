import { readRun, type ReadRun } from '../runs/read';
import type { RunRecord } from '../runs/record';
import { figuresOf } from '../runs/report';
import { runsNamed, type StoredRun } from '../runs/store';
import { openRun, runsRoot, told, type RunPositional, type RunsOption } from './command';
import { count } from './format';
import { clean, note } from './terminal';

/** Whether a run has what a command looks for. */
export type Wanted = (run: ReadRun) => boolean | Promise<boolean>;

/** Whether a run has a matrix at all. */
export const hasMatrix: Wanted = ({ state }) => figuresOf(state).relatedness.length > 0;

/**
 * As `openRun`; but where the name stands for several runs, the newest of which the first of `wanted` is true, or else the
 * next. Runs that others are compared with, as those of a check of groups, are not among them.
 */
export async function openMeasuredRun(
  { run: name, runs }: RunPositional & RunsOption,
  wanted: readonly Wanted[],
  quiet = false,
): Promise<ReadRun> {
  const named = await runsNamed(name, await runsRoot(runs));
  const found = named.length < 2 ? undefined : await newestOf(named, wanted);
  if (found === undefined) return openRun({ run: name, runs });
  const newer = named.findIndex(({ record }) => record.id === found.record.id);
  if (newer > 0 && !quiet)
    note(`Run ${clean(found.record.id)}: the newest that can tell it (${count(newer, 'newer run')} left out).`);
  return told(found);
}

async function newestOf(named: readonly StoredRun[], wanted: readonly Wanted[]): Promise<ReadRun | undefined> {
  const newest = wanted.map((): ReadRun | undefined => undefined);
  for (const stored of named.filter(({ record }) => !isCompared(record))) {
    const run = await readRun(stored);
    for (const [place, has] of wanted.entries()) {
      if (newest[place] === undefined && (await has(run))) newest[place] = run;
    }
    if (newest[0] !== undefined) break;
  }
  return newest.find((run) => run !== undefined);
}

/** Whether a run is there for comparison: a baseline, a network for a measure, or a part of a check of groups. */
function isCompared({ role, against }: RunRecord): boolean {
  return role !== undefined || against !== undefined;
}
