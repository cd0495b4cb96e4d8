import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkExperiment } from '../experiment/check';
import { ExperimentError } from '../experiment/problem';
import type { Experiment } from '../experiment/schema';
import { measures, type RelatednessMeasure } from '../relatedness';
import { RunFolderError, systemReason } from '../runs/errors';
import { journalBytes, resumeJournal, type JournalWriter } from '../runs/journal';
import { writeProcess } from '../runs/process';
import { requestNames, runFiles, type RunRecord } from '../runs/record';
import { dropCheckpointsAfter, findCheckpoint } from './checkpointFolder';
import { sha256, type Checkpoint, type CheckpointIdentity } from './checkpoints';

/** A run that this process may write. */
export interface OpenedRun {
  readonly journal: JournalWriter;
  /** Where to go on from; absent for a run from its beginning. */
  readonly checkpoint?: Checkpoint;
}

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
 * Takes up a run that was begun before: finds its newest whole checkpoint, gives up what the journal says after it, and
 * notes this process as the run's.
 * @throws RunFolderError where the journal cannot be written.
 */
export async function reopenRun(folder: string): Promise<OpenedRun> {
  const { experiment, identity } = await readRunFolder(folder);
  const { checkpoint, warnings } = findCheckpoint(folder, identity, measuresOf(experiment), journalBytes(folder));
  const journal = resumeJournal(folder, checkpoint?.journal ?? { bytes: 0, sequence: 0 });
  dropCheckpointsAfter(folder, checkpoint?.progress.step ?? -1);
  if (checkpoint !== undefined) journal.append({ type: 'resumed', step: checkpoint.progress.step });
  for (const message of warnings) journal.append({ type: 'warning', message });
  // What was asked of the process before this one is no longer meant.
  for (const name of requestNames) await rm(join(folder, runFiles.requests, name), { force: true });
  await writeProcess(folder, process.pid);
  return { journal, ...(checkpoint && { checkpoint }) };
}

/** The measures of an experiment, in the order of their table. */
export function measuresOf({ relatedness }: Experiment): readonly RelatednessMeasure<string>[] {
  const wanted: readonly string[] = relatedness.measures;
  return measures.filter(({ name }) => wanted.includes(name));
}

async function readText(folder: string, name: string): Promise<string> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    const message = `${name} of the run cannot be read (${systemReason(error)}): ${folder}`;
    throw new RunFolderError('not-readable', message, folder, 'Start a new run.', { cause: error });
  }
}
