import { join } from 'node:path';
import { renderExperiment } from '../../experiment/render';
import type { FinishedRun } from '../../runs/gain';
import { finishedRuns } from '../../runs/group';
import { startRun, type RunStart, type StartedRun } from '../../runs/lifecycle';
import type { ReadRun } from '../../runs/read';
import { runFiles } from '../../runs/record';
import { takeUp } from '../../runs/resume';
import { followSideBySide, type FollowedRun } from '../../runs/sideBySide';
import { listRuns, type StoredRun } from '../../runs/store';
import { displayedPhase, type RunSummary } from '../../runs/summary';
import type { StudyRun } from '../../studies/study';
import { count, formatDuration } from '../format';
import type { Wishes } from '../interrupts';
import { trainScript } from '../replicates';
import { experimentTextOf, farthestRun } from '../sameRuns';
import { clean, note } from '../terminal';

/** A run of a study, as far as it came. */
export interface StudyResult extends StudyRun {
  /** The run's id; absent where it was not started any more. */
  readonly run?: string;
  readonly folder?: string;
  readonly state: RunSummary['phase'] | 'not started';
  /** Whether it was there before. */
  readonly reused: boolean;
  readonly error?: string;
  /** What it ended with, where it has finished. */
  readonly finished?: FinishedRun;
}

export interface StudyTraining extends Wishes {
  /** What all runs are started with. */
  readonly start: Pick<RunStart, 'root' | 'experiment' | 'file' | 'folder' | 'overrides'>;
  readonly atOnce: number;
  readonly quiet: boolean;
}

/**
 * Trains runs side by side. Those that the folder has already, to the letter of their experiments, are not trained again
 * where they have finished, and go on where they can. Where the first to end has failed no other is started.
 */
export async function trainRuns(runs: readonly StudyRun[], training: StudyTraining): Promise<readonly StudyResult[]> {
  const known = await knownRuns(training.start.root);
  const planned = runs.map((run) => ({ run, text: renderExperiment(run.experiment) }));
  const results = new Map<StudyRun, StudyResult>();
  const left = planned.filter(({ run, text }) => {
    const there = known.get(text);
    if (there?.phase !== 'finished') return true;
    results.set(run, resultOf(run, there, true));
    return false;
  });
  const { atOnce, stop, kill, quiet } = training;
  const say = (text: string) => void (quiet || note(text));
  if (results.size > 0) say(`${count(results.size, 'run')} of ${runs.length} had finished before and is used again.`);
  let succeeded = results.size > 0;
  const ends = await followSideBySide(
    left.map(
      ({ run, text }) =>
        () =>
          startOrContinue(run, text, known.get(text), training.start),
    ),
    {
      atOnce,
      stop,
      kill,
      isLast: ({ state }) => {
        succeeded ||= state.phase === 'finished';
        return state.phase === 'failed' && !succeeded;
      },
      onEnd: (index, end) => {
        const result = resultOf(left[index].run, endOf(end), false);
        results.set(left[index].run, result);
        say(`${results.size} of ${runs.length}: ${runName(result)} ${result.state}${durationOf(end)}`);
        if (result.error !== undefined) note(`error: ${clean(result.error)}`);
      },
    },
  );
  ends.forEach((end, index) => {
    const { run } = left[index];
    if (end === undefined) results.set(run, { ...run, state: 'not started', reused: false });
  });
  return runs.map((run) => results.get(run)!);
}

function runName({ arm, at, seed }: StudyRun): string {
  return `${arm}${at === null ? '' : ` at ${at}`}, seed ${seed}`;
}

function durationOf({ state }: FollowedRun): string {
  return state.ending === undefined ? '' : ` after ${formatDuration(state.ending.seconds)}`;
}

/** The runs of a folder that are to be used again, by the texts of their experiments. */
async function knownRuns(root: string): Promise<ReadonlyMap<string, ReadRun>> {
  const same = new Map<string, StoredRun[]>();
  for (const run of (await listRuns(root)).runs) {
    const text = await experimentTextOf(run);
    if (text !== undefined) same.set(text, [...(same.get(text) ?? []), run]);
  }
  const known = new Map<string, ReadRun>();
  for (const [text, runs] of same) {
    const farthest = await farthestRun(runs);
    if (farthest !== undefined) known.set(text, farthest);
  }
  return known;
}

async function startOrContinue(
  { seed, experiment, arm, at }: StudyRun,
  experimentText: string,
  there: ReadRun | undefined,
  start: StudyTraining['start'],
): Promise<StartedRun> {
  const again = there && takeUp(there, trainScript);
  if (again !== undefined) return again();
  const group = at === null ? 'all' : `at-${at}`;
  const { engine } = experiment;
  return startRun({
    ...start,
    group,
    seed,
    ...(arm === 'single' && { role: 'baseline' }),
    engine,
    experimentText,
    trainScript,
  });
}

function endOf({ run, state }: FollowedRun): ReadRun {
  return { ...run, state, phase: displayedPhase(state, false) };
}

function resultOf(run: StudyRun, read: ReadRun, reused: boolean): StudyResult {
  const { state, phase, record, folder } = read;
  const [finished] = finishedRuns([read]);
  const gone =
    phase === 'interrupted' ? `Its process ended without a word. See ${join(folder, runFiles.log)}` : undefined;
  const error = state.failure?.message ?? gone;
  return {
    ...run,
    run: record.id,
    folder,
    state: phase,
    reused,
    ...(error !== undefined && { error }),
    ...(finished && { finished }),
  };
}
