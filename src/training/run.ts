import { join } from 'node:path';
import { ExperimentError } from '../experiment/problem';
import { openLiveTensorBoard } from '../outputs/tensorboard/export';
import { stepMeasuresOf } from '../relatedness';
import type { RunEventBody } from '../runs/events';
import { openJournal, type JournalWriter } from '../runs/journal';
import { takeLock } from '../runs/lock';
import { withOwnPlaces } from '../runs/ownPlaces';
import { runFiles } from '../runs/record';
import { holdReserve } from '../runs/reserve';
import type { ResumeEngine } from '../runs/resume';
import { compareInGroup, dropWhatIsDone, leaveBehind, measureMore, type TrainedRun } from './afterTraining';
import { findCheckpoint, openCheckpoints } from './checkpointFolder';
import type { Checkpoint } from './checkpoints';
import { planCheckpoints } from './checkpointPlan';
import { createControl, type Control } from './control';
import { explain, unexpected } from './failure';
import { lastingState } from './gradientSteps';
import { matrixWarnings } from './matrixWarnings';
import { announceTrainings } from './moreTraining';
import { withoutNotices } from './notices';
import { readRunFolder, reopenJournal, workAfter } from './open';
import { differencesFrom, prepareRun, surroundingsOf, type PreparedRun } from './prepare';
import type { TrainingProgress } from './progress';
import { openRequests } from './requests';
import { startedEvent } from './startedEvent';
import { createTrainer, type Trainer } from './trainer';
import { trivialPredictors } from './trivialPredictors';

/** How a run ended; `refused` where the experiment or its data must be mended first. */
export type RunOutcome = 'finished' | 'stopped' | 'failed' | 'refused';

/**
 * Trains the run of a run folder, from its first step or its newest checkpoint to its last step, and writes its journal.
 * @param signal Aborted to stop the run after the present step.
 * @param resumeOn For a run that was begun before: what computes from here on. Without a checkpoint it begins anew.
 * @param running What process this is.
 * @throws RunFolderError where the journal cannot be written, or another process has the run.
 * @throws ExperimentError, TrainingError where a run that was begun before cannot go on; it is then left as it was.
 */
export async function runFolder(
  folder: string,
  signal: AbortSignal,
  resumeOn?: ResumeEngine,
  { trainScript = process.argv[1], log = join(folder, runFiles.log) }: RunningProcess = {},
): Promise<RunOutcome> {
  const unlock = await takeLock(folder);
  try {
    const place = { folder, signal, trainScript, log };
    return resumeOn === undefined ? await begin(place) : await goOn(place, resumeOn);
  } finally {
    unlock();
  }
}

/** The process that runs a run. */
export interface RunningProcess {
  /** What processes of sub-runs run: the bundled train.js, which is what this one runs if not given. */
  readonly trainScript?: string;
  /** The file that takes what it prints: that of the run if not given. */
  readonly log?: string;
}

/** Where a run is run, and by what. */
interface Place extends Required<RunningProcess> {
  readonly folder: string;
  readonly signal: AbortSignal;
}

async function begin(place: Place): Promise<RunOutcome> {
  const { folder, log } = place;
  const journal = openJournal(folder);
  return tellFailure(folder, journal, 0, async () => {
    const content = await readRunFolder(folder);
    const prepared = await withoutNotices(log, () => prepareRun(folder, content));
    return train({ ...place, journal, prepared, secondsBefore: 0 });
  });
}

async function goOn(place: Place, engine: ResumeEngine): Promise<RunOutcome> {
  const { folder, log } = place;
  const content = await readRunFolder(folder);
  const { checkpoint, warnings } = findCheckpoint(
    folder,
    content.identity,
    stepMeasuresOf(content.experiment.relatedness.measures),
  );
  // What can go wrong outside of the folder does so before anything in it is given up.
  const prepared = await withoutNotices(log, () =>
    prepareRun(folder, content, { engine, ...(checkpoint && { checkpoint }) }),
  );
  const { notes, ...changed } = checkpoint ? differencesFrom(checkpoint, prepared.compiled) : { notes: [] };
  const told = [...warnings, ...notes];
  // Times of a journal that is damaged from its beginning tell nothing.
  const lost = checkpoint === undefined && warnings.length > 0 ? 0 : await workAfter(folder, checkpoint);
  const how = { lost, ...changed, ...(told.length > 0 && { notes: told }) };
  const journal = await reopenJournal(folder, checkpoint, how);
  const secondsBefore = (checkpoint?.seconds ?? 0) + lost;
  return tellFailure(folder, journal, secondsBefore, () =>
    train({ ...place, journal, prepared, secondsBefore, ...(checkpoint && { checkpoint }) }),
  );
}

/** Does the work of a run; what it fails by becomes the last event of the journal. */
async function tellFailure(
  folder: string,
  journal: JournalWriter,
  secondsBefore: number,
  work: () => Promise<RunOutcome>,
): Promise<RunOutcome> {
  const began = performance.now();
  const reserve = holdReserve(folder);
  try {
    return await work();
  } catch (error) {
    const seconds = secondsBefore + (performance.now() - began) / 1000;
    reserve.release();
    const explained = explain(error);
    journal.append({ type: 'failed', ...explained, seconds });
    console.error(explained.code === unexpected ? error : explained.message);
    return error instanceof ExperimentError ? 'refused' : 'failed';
  } finally {
    reserve.release();
    await journal.close();
  }
}

interface Training extends Place {
  readonly journal: JournalWriter;
  readonly prepared: PreparedRun;
  /** What the run has worked before. */
  readonly secondsBefore: number;
  /** Where to go on from; absent for a run from its beginning. */
  readonly checkpoint?: Checkpoint;
}

async function train(training: Training): Promise<RunOutcome> {
  const { folder, signal, journal, prepared, checkpoint } = training;
  const { executor } = prepared.compiled;
  const live = prepared.experiment.training.tensorboard ? await openLiveTensorBoard(folder) : undefined;
  const tasks = prepared.model.taskSet.tasks.map(({ name }) => name);
  let step = checkpoint?.progress.step ?? 0;
  const append = (event: RunEventBody) => {
    if ('step' in event && event.step !== undefined) ({ step } = event);
    journal.append(withOwnPlaces(event, tasks, step));
    const problem = live?.write(event);
    if (problem !== undefined) journal.append({ type: 'warning', message: problem });
  };
  if (checkpoint === undefined) tellStart(prepared, append);
  else executor.writeState(checkpoint.state);
  const requests = openRequests(folder, signal);
  try {
    const trainer = trainerOf(training, createControl(requests, signal, append), append);
    return await trainToTheEnd(trainer, { ...training, append, requests, stopwatch: trainer.stopwatch });
  } finally {
    live?.close();
    executor.dispose();
  }
}

function tellStart(prepared: PreparedRun, append: (event: RunEventBody) => void): void {
  const { model, trainings, warnings } = prepared;
  append(startedEvent(prepared));
  append({ type: 'trivial', predictors: trivialPredictors(model.taskSet) });
  for (const message of warnings) append({ type: 'warning', message });
  const announced = announceTrainings(prepared.experiment, model.taskSet.tasks.length, trainings);
  if (announced !== undefined) append(announced);
}

function trainerOf(training: Training, control: Control, append: (event: RunEventBody) => void): Trainer {
  const { folder, journal, prepared, secondsBefore, checkpoint } = training;
  const { record, experiment, identity, model, batchSize, measures, views, inspected, trainings } = prepared;
  const { executor } = prepared.compiled;
  const checkpoints = openCheckpoints(folder);
  const save = (progress: TrainingProgress, seconds: number) =>
    checkpoints.save({
      identity,
      engine: executor.engine,
      threads: executor.threads,
      surroundings: surroundingsOf(executor),
      dataFingerprint: model.taskSet.fingerprint,
      progress,
      state: lastingState(executor.readState()),
      journal: journal.sync(),
      seconds,
    });
  return createTrainer({
    ...{ experiment, model, executor, seed: record.seed, batchSize, measures, views, inspected, append, control },
    secondsBefore,
    ...(checkpoint && { from: checkpoint.progress }),
    checkpoints: planCheckpoints(experiment.training.checkpoints, save),
    keepsTheEnd: trainings.length > 0,
  });
}

async function trainToTheEnd(trainer: Trainer, run: TrainedRun): Promise<RunOutcome> {
  const { append } = run;
  const reason = await trainer.train();
  let ending = await trainer.ending();
  // Before the last event, so that whoever sees the run end finds it.
  if (ending.step > 0) await leaveBehind(run);
  if (reason === 'stopped') {
    append({ type: 'stopped', ...ending });
    return 'stopped';
  }
  const { matrices, stopped } = await measureMore(run, ending);
  ending = {
    ...ending,
    seconds: trainer.stopwatch.seconds(),
    relatedness: [...ending.relatedness, ...matrices],
  };
  if (stopped) {
    append({ type: 'stopped', ...ending });
    return 'stopped';
  }
  for (const message of matrixWarnings(ending.relatedness)) append({ type: 'warning', message });
  for (const event of await compareInGroup(run, ending)) append(event);
  append({ type: 'finished', reason, ...ending });
  await dropWhatIsDone(run);
  return 'finished';
}
