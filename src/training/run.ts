import { join } from 'node:path';
import { ExperimentError } from '../experiment/problem';
import { OutputError } from '../outputs/errors';
import { writeModelFolder } from '../outputs/modelFolder';
import { dropStart } from '../outputs/startFolder';
import { openLiveTensorBoard } from '../outputs/tensorboard/export';
import type { Ending, RunEventBody } from '../runs/events';
import { openJournal, type JournalWriter } from '../runs/journal';
import { takeLock } from '../runs/lock';
import { runFiles } from '../runs/record';
import { holdReserve } from '../runs/reserve';
import { stepMeasuresOf } from '../relatedness';
import type { ResumeEngine } from '../runs/resume';
import { dropCheckpoints, findCheckpoint, openCheckpoints } from './checkpointFolder';
import type { Checkpoint } from './checkpoints';
import { planCheckpoints } from './checkpointPlan';
import { createControl } from './control';
import { explain, unexpected } from './failure';
import { announceTrainings, measureByTraining, type MoreMeasured } from './moreTraining';
import { readRunFolder, reopenJournal } from './open';
import { withoutNotices } from './notices';
import { differencesFrom, prepareRun, surroundingsOf, type PreparedRun } from './prepare';
import type { TrainingProgress } from './progress';
import { groupEvents } from './groupEvents';
import { prefersOneDnn } from './oneDnn';
import { openRequests } from './requests';
import { lastingState } from './gradientSteps';
import { writeRowLosses } from './leftBehind';
import { heldOutLosses } from './rowLosses';
import { startedEvent, tasksOf } from './startedEvent';
import { trivialPredictors } from './trivialPredictors';
import { createTrainer, type Trainer } from './trainer';

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
    return train({ ...place, journal, prepared });
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
  const how = { ...changed, ...(told.length > 0 && { notes: told }) };
  const journal = await reopenJournal(folder, checkpoint, how);
  return tellFailure(folder, journal, checkpoint?.seconds ?? 0, () =>
    train({ ...place, journal, prepared, ...(checkpoint && { checkpoint }) }),
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
  /** Where to go on from; absent for a run from its beginning. */
  readonly checkpoint?: Checkpoint;
}

async function train(training: Training): Promise<RunOutcome> {
  const { folder, signal, trainScript, journal, prepared, checkpoint } = training;
  const { record, experiment, identity, model, batchSize, measures, views, inspected, trainings, warnings } = prepared;
  const { executor, plainStep } = prepared.compiled;
  const { fingerprint } = model.taskSet;
  const tasks = model.taskSet.tasks.map(({ name }) => name);
  const live = experiment.training.tensorboard ? await openLiveTensorBoard(folder) : undefined;
  const append = (event: RunEventBody) => {
    journal.append(event);
    const problem = live?.write(event);
    if (problem !== undefined) journal.append({ type: 'warning', message: problem });
  };
  if (checkpoint === undefined) {
    append(startedEvent(prepared));
    append({ type: 'trivial', predictors: trivialPredictors(model.taskSet) });
    for (const message of warnings) append({ type: 'warning', message });
    const announced = announceTrainings({ experiment, tasks }, trainings);
    if (announced !== undefined) append(announced);
  } else {
    executor.writeState(checkpoint.state);
  }
  const serves = record.role === 'measure';
  const requests = openRequests(folder, signal);
  const control = createControl(requests, signal, append);
  const checkpoints = openCheckpoints(folder);
  const save = (progress: TrainingProgress, seconds: number) =>
    checkpoints.save({
      identity,
      engine: executor.engine,
      threads: executor.threads,
      surroundings: surroundingsOf(executor),
      dataFingerprint: fingerprint,
      progress,
      state: lastingState(executor.readState()),
      journal: journal.sync(),
      seconds,
    });
  try {
    const trainer = createTrainer({
      experiment,
      model,
      executor,
      seed: record.seed,
      batchSize,
      measures,
      views,
      inspected,
      append,
      control,
      ...(checkpoint && { from: checkpoint }),
      checkpoints: planCheckpoints(experiment.training.checkpoints, save),
      keepsTheEnd: trainings.length > 0,
    });
    const keepModel = async () => {
      // Nothing is written anew into a run folder that is gone.
      journal.sync();
      const notes = await writeModelFolder(folder, {
        experiment,
        model,
        record,
        engine: executor.engine,
        parameters: executor.readState(),
      });
      for (const message of notes) append({ type: 'warning', message });
    };
    const leave = async () => {
      if (!serves || record.leaves?.includes('model')) await keepModel();
      if (record.leaves?.includes('row losses')) await writeRowLosses(folder, heldOutLosses(model, executor));
    };
    const compare = async (ending: Ending) =>
      serves ? [] : groupEvents(folder, record, tasksOf(model), ending, isCompared(prepared));
    const measure = async (ending: Ending): Promise<MoreMeasured> => {
      if (trainings.length === 0) return { matrices: [], stopped: false };
      const { engine } = executor;
      // Its memory is for the others now.
      executor.dispose();
      const parent = { folder, record, experiment, engine, tasks };
      const { stopwatch } = trainer;
      const oneDnn = prefersOneDnn(plainStep, false);
      return measureByTraining({
        parent,
        measures: trainings,
        ending,
        requests,
        stopwatch,
        append,
        trainScript,
        oneDnn,
      });
    };
    const outcome = await trainToTheEnd(trainer, append, { leave, measure, compare });
    if (serves && outcome === 'finished') {
      dropCheckpoints(folder);
      await dropStart(folder);
    }
    return outcome;
  } finally {
    live?.close();
    executor.dispose();
  }
}

/** What there is to do once a run is trained. */
interface Rest {
  /** What it leaves for others. */
  readonly leave: () => Promise<void>;
  /** What needs more networks. */
  readonly measure: (ending: Ending) => Promise<MoreMeasured>;
  readonly compare: (ending: Ending) => Promise<readonly RunEventBody[]>;
}

async function trainToTheEnd(
  trainer: Trainer,
  append: (event: RunEventBody) => void,
  { leave, measure, compare }: Rest,
): Promise<RunOutcome> {
  const reason = await trainer.train();
  let ending = await trainer.ending();
  // Before the last event, so that whoever sees the run end finds it.
  if (ending.step > 0) await leave().catch((error: unknown) => append(notKept(error)));
  if (reason === 'stopped') {
    append({ type: 'stopped', ...ending });
    return 'stopped';
  }
  const { matrices, stopped } = await measure(ending);
  ending = {
    ...ending,
    seconds: trainer.stopwatch.seconds(),
    relatedness: [...ending.relatedness, ...matrices],
  };
  if (stopped) {
    append({ type: 'stopped', ...ending });
    return 'stopped';
  }
  for (const event of await compare(ending)) append(event);
  append({ type: 'finished', reason, ...ending });
  return 'finished';
}

/** What training found out must not be lost because what it leaves cannot be written. */
function notKept(error: unknown): RunEventBody {
  if (!(error instanceof OutputError)) throw error;
  return { type: 'warning', message: `${error.message} ${error.remedy}` };
}

/** Whether there are baselines to compare with, of its own start or of another. */
function isCompared({ record, experiment }: PreparedRun): boolean {
  if (record.role === 'baseline') return false;
  return experiment.baseline !== 'none' || record.network !== undefined || record.against !== undefined;
}
