import { utimesSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkExperiment } from '../experiment/check';
import { ExperimentError } from '../experiment/problem';
import type { Experiment } from '../experiment/schema';
import { RunFolderError, systemReason } from '../runs/errors';
import type { RunEvent, RunEventOf } from '../runs/events';
import { resumeJournal, type JournalWriter } from '../runs/journal';
import { readJournal } from '../runs/journalReader';
import { isAfter, journalStart } from '../runs/place';
import { writeProcess } from '../runs/process';
import { requestNames, runFiles, type RunRecord } from '../runs/record';
import { initialRunState, reduceRuns, workSeconds } from '../runs/state';
import { dropCheckpointsAfter } from './checkpointFolder';
import { sha256, type Checkpoint, type CheckpointIdentity } from './checkpoints';

/** What a run folder says of its run. */
export interface RunContent {
  readonly record: RunRecord;
  readonly experiment: Experiment;
  readonly identity: CheckpointIdentity;
}

/** @throws ExperimentError where the experiment is not sound, RunFolderError where a file cannot be read. */
export async function readRunFolder(folder: string): Promise<RunContent> {
  const record = JSON.parse(await readText(folder, runFiles.record)) as RunRecord;
  const text = await readText(folder, runFiles.experiment);
  const { experiment, problems } = checkExperiment(text);
  if (!experiment) throw new ExperimentError(problems.filter(({ severity }) => severity === 'error'));
  return { record, experiment, identity: { experiment: sha256(text), seed: record.seed } };
}

/**
 * Takes up a run that was begun before: gives up what its journal says after a checkpoint, and notes this process as the
 * run's.
 * @param checkpoint Where it goes on from; undefined for its beginning.
 * @param how What is new from here on.
 * @throws RunFolderError where the journal cannot be written.
 */
export async function reopenJournal(
  folder: string,
  checkpoint: Checkpoint | undefined,
  how: Omit<RunEventOf<'resumed'>, 'type' | 'step' | 'sequence' | 'mark' | 'time'>,
): Promise<JournalWriter> {
  const journal = resumeJournal(folder, checkpoint?.journal);
  dropCheckpointsAfter(folder, checkpoint?.progress.step ?? -1);
  journal.append({ type: 'resumed', step: checkpoint?.progress.step ?? 0, ...how });
  // What was asked of the process before this one is no longer meant.
  for (const name of requestNames) await rm(join(folder, runFiles.requests, name), { force: true });
  await writeProcess(folder, process.pid);
  tellWatchers(dirname(folder));
  return journal;
}

/**
 * Seconds of work that a run was at after a checkpoint, or at all, by what its journal says before it is given up: what
 * was found is lost, the time is spent.
 */
export async function workAfter(folder: string, checkpoint: Checkpoint | undefined): Promise<number> {
  const { events } = await readJournal(folder);
  const last = checkpoint?.journal.last ?? journalStart;
  const before = events.filter((event) => !isAfter(event, last));
  const seconds = (some: readonly RunEvent[]) => workSeconds(reduceRuns(initialRunState, some));
  return Math.max(0, seconds(events) - seconds(before));
}

/** Who watches a folder of runs looks again when its time changes; within a run that has ended nobody looks. */
function tellWatchers(root: string): void {
  const now = new Date();
  try {
    utimesSync(root, now, now);
  } catch {
    // It belongs to somebody else: they see the run at their next look.
  }
}

async function readText(folder: string, name: string): Promise<string> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    const message = `${name} of the run cannot be read (${systemReason(error)}): ${folder}`;
    throw new RunFolderError('not-readable', message, folder, 'Start a new run.', { cause: error });
  }
}
