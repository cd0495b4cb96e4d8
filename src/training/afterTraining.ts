import { OutputError } from '../outputs/errors';
import { writeModelFolder } from '../outputs/modelFolder';
import { dropStart } from '../outputs/startFolder';
import type { Ending, RunEventBody } from '../runs/events';
import type { JournalWriter } from '../runs/journal';
import { dropCheckpoints } from './checkpointFolder';
import { groupEvents } from './groupEvents';
import { writeRowLosses } from './leftBehind';
import { measureByTraining, type MoreMeasured } from './moreTraining';
import { prefersOneDnn } from './oneDnn';
import type { Stopwatch } from './pace';
import type { PreparedRun } from './prepare';
import type { Requests } from './requests';
import { heldOutLosses } from './rowLosses';
import { tasksOf } from './startedEvent';

/** A run whose own training is over. */
export interface TrainedRun {
  readonly folder: string;
  readonly prepared: PreparedRun;
  /** The bundled train.js. */
  readonly trainScript: string;
  readonly journal: JournalWriter;
  /** Into the journal, and wherever else events go. */
  readonly append: (event: RunEventBody) => void;
  readonly requests: Requests;
  readonly stopwatch: Stopwatch;
}

/** Whether the run is there to measure how the tasks of another relate. */
const serves = ({ prepared: { record } }: TrainedRun) => record.role === 'measure';

/** Writes what a run leaves for others. What training found out is not lost where that cannot be written. */
export async function leaveBehind(run: TrainedRun): Promise<void> {
  const { folder, prepared, append } = run;
  const { record, model, compiled } = prepared;
  try {
    if (!serves(run) || record.leaves?.includes('model')) await keepModel(run);
    if (record.leaves?.includes('row losses')) await writeRowLosses(folder, heldOutLosses(model, compiled.executor));
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    append({ type: 'warning', message: `${error.message} ${error.remedy}` });
  }
}

async function keepModel({ folder, prepared, journal, append }: TrainedRun): Promise<void> {
  const { experiment, model, record, compiled } = prepared;
  const { executor } = compiled;
  // Nothing is written anew into a run folder that is gone.
  journal.sync();
  const notes = await writeModelFolder(folder, {
    ...{ experiment, model, record, engine: executor.engine, parameters: executor.readState() },
  });
  for (const message of notes) append({ type: 'warning', message });
}

/** Trains the networks that measures need. */
export async function measureMore(run: TrainedRun, ending: Ending): Promise<MoreMeasured> {
  const { folder, prepared, append, requests, stopwatch, trainScript } = run;
  const { record, experiment, model, trainings, compiled } = prepared;
  if (trainings.length === 0) return { matrices: [], stopped: false };
  const { executor, plainStep } = compiled;
  const { engine } = executor;
  // Its memory is for the others now.
  executor.dispose();
  const tasks = model.taskSet.tasks.map(({ name }) => name);
  return measureByTraining({
    parent: { folder, record, experiment, engine, tasks },
    measures: trainings,
    ...{ ending, requests, stopwatch, append, trainScript, oneDnn: prefersOneDnn(plainStep, false) },
  });
}

/** What the run and the others of its group tell together. */
export async function compareInGroup(run: TrainedRun, ending: Ending): Promise<readonly RunEventBody[]> {
  const { folder, prepared } = run;
  if (serves(run)) return [];
  return groupEvents(folder, prepared.record, tasksOf(prepared.model), ending, isCompared(prepared));
}

/** Whether there are baselines to compare with, of its own start or of another. */
function isCompared({ record, experiment }: PreparedRun): boolean {
  if (record.role === 'baseline') return false;
  return experiment.baseline !== 'none' || record.network !== undefined || record.against !== undefined;
}

/** Of a run that serves another nothing is kept that only its training needed. */
export async function dropWhatIsDone(run: TrainedRun): Promise<void> {
  if (!serves(run)) return;
  dropCheckpoints(run.folder);
  await dropStart(run.folder);
}
