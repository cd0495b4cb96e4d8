import { readFile, rm } from 'node:fs/promises';
import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import type { EngineChoice } from '../experiment/engine';
import { onlyTasks } from '../experiment/onlyTasks';
import { renderExperiment } from '../experiment/render';
import type { Experiment } from '../experiment/schema';
import type { PlannedTraining } from '../relatedness';
import { slug } from '../runs/folderName';
import { startFolder, waitForEnd, type StartedRun } from '../runs/lifecycle';
import { readOutline } from '../runs/read';
import { runFiles, type RunRecord } from '../runs/record';
import { continueRun } from '../runs/resume';
import { hasEnded, type RunState } from '../runs/state';
import { createRunFolder, readRecord, type StoredRun } from '../runs/store';
import { canContinue } from '../runs/summary';

/** The run whose measures need more networks. */
export interface ParentRun {
  readonly folder: string;
  readonly record: RunRecord;
  readonly experiment: Experiment;
  /** What it was computed by, and its sub-runs are. */
  readonly engine: EngineChoice;
  /** Names of its tasks. */
  readonly tasks: readonly string[];
}

/** A run below another, which trains a network that measures of that other need. */
export interface SubRun {
  readonly parent: ParentRun;
  /** Of its folder: the same whenever the parent is run or gone on with. */
  readonly name: string;
  /** For a person: which tasks, and what for. */
  readonly purpose: string;
  readonly experimentText: string;
}

/** Characters of a task's name in the name of a folder. */
const nameLength = 20;

export function subRunOf(parent: ParentRun, { tasks, measures }: PlannedTraining): SubRun {
  const names = tasks.map((task) => parent.tasks[task]);
  return {
    parent,
    name: folderNameOf(parent.tasks, tasks),
    purpose: `${tasksText(parent.tasks, tasks)}, for ${measures.join(', ')}`,
    experimentText: renderExperiment(experimentOf(parent.experiment, names)),
  };
}

/** The same rows, splits, preprocessing, scales, budget and seed. One thread, as several are trained side by side. */
function experimentOf(experiment: Experiment, names: readonly string[]): Experiment {
  const own = onlyTasks(experiment, names);
  return {
    ...own,
    baseline: 'none',
    relatedness: { ...own.relatedness, measures: [] },
    training: { ...own.training, tensorboard: false },
    threads: 1,
  };
}

/** Such as `income alone`, `income with married`, `all but income`. */
export function tasksText(all: readonly string[], tasks: readonly number[]): string {
  if (tasks.length === 1) return `${all[tasks[0]]} alone`;
  if (tasks.length === 2) return tasks.map((task) => all[task]).join(' with ');
  return `all but ${all[leftOut(all, tasks)]}`;
}

/** Such as `pair-02-11-income-married`: numbers, from 1, tell tasks apart whose names look alike. */
function folderNameOf(all: readonly string[], tasks: readonly number[]): string {
  const told = tasks.length > 2 ? [leftOut(all, tasks)] : tasks;
  const word = tasks.length > 2 ? 'without' : tasks.length === 2 ? 'pair' : 'alone';
  const digits = String(all.length).length;
  const numbers = told.map((task) => String(task + 1).padStart(digits, '0'));
  return [word, ...numbers, ...told.map((task) => slug(all[task], nameLength, 'task'))].join('-');
}

function leftOut(all: readonly string[], tasks: readonly number[]): number {
  return all.findIndex((_, task) => !tasks.includes(task));
}

/** The state of a sub-run that has finished, from what an earlier process of its parent left; undefined where none has. */
export async function finishedBefore(sub: SubRun): Promise<RunState | undefined> {
  const run = await existing(sub);
  if (run === undefined) return undefined;
  const { state, phase } = await readOutline(run);
  return phase === 'finished' ? state : undefined;
}

/**
 * Starts a sub-run, or goes on with one that an earlier process of its parent began.
 * @returns At once for one that has its end already.
 * @throws RunFolderError where its folder cannot be written or its process does not start.
 */
export async function openSubRun(sub: SubRun, trainScript: string): Promise<StartedRun> {
  const run = await existing(sub);
  if (run !== undefined) return goOn(run, trainScript);
  const { folder, record, engine } = sub.parent;
  const { group, experiment, file, folder: dataFolder, seed, overrides, git } = record;
  const root = join(folder, runFiles.runs);
  await rm(join(root, sub.name), { recursive: true, force: true });
  const body = {
    group,
    experiment,
    file,
    folder: dataFolder,
    seed,
    role: 'measure',
    purpose: sub.purpose,
    engine,
    overrides,
    version,
    ...(git && { git }),
  } as const;
  return startFolder(await createRunFolder(root, body, sub.experimentText, sub.name), trainScript);
}

/** The folder of a sub-run, where there is one and it is of just this experiment. */
async function existing({ parent, name, experimentText }: SubRun): Promise<StoredRun | undefined> {
  const found = await readRecord(join(parent.folder, runFiles.runs, name));
  if (!('record' in found)) return undefined;
  const text = await readFile(join(found.folder, runFiles.experiment), 'utf8').catch(() => undefined);
  return text === experimentText ? found : undefined;
}

async function goOn(run: StoredRun, trainScript: string): Promise<StartedRun> {
  let { state, phase } = await readOutline(run);
  if (phase !== 'interrupted' && !hasEnded(phase)) {
    // Its process notices that its parent is gone, and is about to stop.
    await waitForEnd(run.folder);
    ({ state, phase } = await readOutline(run));
  }
  if (canContinue(phase, state.failure)) return continueRun(run, trainScript);
  return { ...run, processId: state.started?.processId ?? 0, exited: Promise.resolve() };
}

/** The share of the free memory that processes side by side may take. */
const memoryShare = 0.8;

/** How many processes of one thread at one time: as many as cores or the threads asked for, and as the memory holds. */
export function processesAtOnce({ threads }: Pick<Experiment, 'threads'>): number {
  const cores = availableParallelism();
  const wanted = threads === 'auto' ? cores : Math.min(threads, cores);
  const fitting = Math.floor((memoryShare * freemem()) / process.memoryUsage.rss());
  return Math.max(1, Math.min(wanted, fitting));
}
