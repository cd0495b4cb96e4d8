import { readFile, rm } from 'node:fs/promises';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { version } from '../../package.json';
import type { EngineChoice } from '../experiment/engine';
import { onlyTasks } from '../experiment/onlyTasks';
import { renderExperiment } from '../experiment/render';
import type { Experiment } from '../experiment/schema';
import type { LeftBehind, PlannedTraining } from '../relatedness';
import { slug } from '../runs/folderName';
import type { Launch } from '../runs/launch';
import { startFolder, waitForEnd, type StartedRun } from '../runs/lifecycle';
import { readOutline } from '../runs/read';
import { runFiles, type RunRecord } from '../runs/record';
import { continueRun } from '../runs/resume';
import { hasEnded, type RunState } from '../runs/state';
import { createRunFolder, readRecord, type StoredRun } from '../runs/store';
import { canContinue } from '../runs/summary';
import { hasLeft } from './leftBehind';

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
  readonly leaves: readonly LeftBehind[];
}

/** Characters of a task's name in the name of a folder. */
const nameLength = 20;

export function subRunOf(parent: ParentRun, planned: PlannedTraining): SubRun {
  return {
    parent,
    name: folderNameOf(parent.tasks, planned),
    purpose: `${tasksText(parent.tasks, planned)}, for ${planned.measures.join(', ')}`,
    experimentText: renderExperiment(experimentOf(parent, planned)),
    leaves: planned.leaves,
  };
}

/** The same rows, splits, preprocessing, scales, budget and seed. One thread, as several are trained side by side. */
function experimentOf(parent: ParentRun, { tasks, from }: PlannedTraining): Experiment {
  const names = tasks.map((task) => parent.tasks[task]);
  const own = onlyTasks(parent.experiment, names);
  const { model } = own;
  const source = from === undefined ? undefined : folderNameOf(parent.tasks, { tasks: [from] });
  return {
    ...own,
    ...(source !== undefined && {
      model: { ...model, start: { from: resolve(folderIn(parent, source)), freeze: false } },
    }),
    baseline: 'none',
    relatedness: { ...own.relatedness, measures: [] },
    training: { ...own.training, tensorboard: false },
    threads: 1,
  };
}

type Tasks = Pick<PlannedTraining, 'tasks' | 'from'>;

/** Such as `income alone`, `income from married`, `income with married`, `all but income`. */
export function tasksText(all: readonly string[], { tasks, from }: Tasks): string {
  if (from !== undefined) return `${all[tasks[0]]} from ${all[from]}`;
  if (tasks.length === 1) return `${all[tasks[0]]} alone`;
  if (tasks.length === 2) return tasks.map((task) => all[task]).join(' with ');
  return `all but ${all[leftOut(all, tasks)]}`;
}

/**
 * Such as `pair-02-11-income-married` or `tuned-02-from-11-income-married`: numbers, from 1, tell tasks apart whose names
 * look alike.
 */
function folderNameOf(all: readonly string[], { tasks, from }: Tasks): string {
  const digits = String(all.length).length;
  const number = (task: number) => String(task + 1).padStart(digits, '0');
  const named = (word: string, told: readonly number[], between = '-') =>
    [word, told.map(number).join(between), ...told.map((task) => slug(all[task], nameLength, 'task'))].join('-');
  if (from !== undefined) return named('tuned', [tasks[0], from], '-from-');
  if (tasks.length > 2) return named('without', [leftOut(all, tasks)]);
  return named(tasks.length === 2 ? 'pair' : 'alone', tasks);
}

function folderIn({ folder }: ParentRun, name: string): string {
  return join(folder, runFiles.runs, name);
}

function leftOut(all: readonly string[], tasks: readonly number[]): number {
  return all.findIndex((_, task) => !tasks.includes(task));
}

/** A sub-run that an earlier process of its parent has brought to its end. */
export interface FinishedRun {
  readonly folder: string;
  readonly state: RunState;
}

/**
 * A sub-run that has finished, from what an earlier process of its parent left.
 * @param needed What it must have left.
 * @returns Undefined where there is none.
 */
export async function finishedBefore(sub: SubRun, needed: readonly LeftBehind[]): Promise<FinishedRun | undefined> {
  const run = await existing(sub);
  if (run === undefined) return undefined;
  const { folder } = run;
  const { state, phase } = await readOutline(run);
  return phase === 'finished' && needed.every((what) => hasLeft(folder, what)) ? { folder, state } : undefined;
}

/**
 * Has a process train a sub-run, or go on with one that an earlier process of its parent began. One whose end is of no use is trained
 * anew: what it left is gone, or what it was to start from was gone.
 * @returns At once for one that has its end already.
 * @throws RunFolderError where its folder cannot be written or its process does not start.
 */
export async function openSubRun(sub: SubRun, launch: Launch): Promise<StartedRun> {
  const run = await existing(sub);
  const begun = run && (await goOn(run, sub.leaves, launch));
  if (begun !== undefined) return begun;
  const { folder, record, engine } = sub.parent;
  const { group, experiment, file, folder: dataFolder, seed, overrides, git } = record;
  const root = join(folder, runFiles.runs);
  await rm(folderIn(sub.parent, sub.name), { recursive: true, force: true });
  const body = {
    group,
    experiment,
    file,
    folder: dataFolder,
    seed,
    role: 'measure',
    purpose: sub.purpose,
    ...(sub.leaves.length > 0 && { leaves: sub.leaves }),
    engine,
    overrides,
    version,
    ...(git && { git }),
  } as const;
  return startFolder(await createRunFolder(root, body, sub.experimentText, sub.name), launch);
}

/** The folder of a sub-run, where there is one and it is of just this experiment. */
async function existing({ parent, name, experimentText }: SubRun): Promise<StoredRun | undefined> {
  const found = await readRecord(folderIn(parent, name));
  if (!('record' in found)) return undefined;
  const text = await readFile(join(found.folder, runFiles.experiment), 'utf8').catch(() => undefined);
  return text === experimentText ? found : undefined;
}

/** Throws away the model that a sub-run left. */
export async function dropModel({ parent, name }: SubRun): Promise<void> {
  await rm(join(folderIn(parent, name), runFiles.model), { recursive: true, force: true });
}

/** @returns Undefined where it is to be trained anew. */
async function goOn(run: StoredRun, leaves: readonly LeftBehind[], launch: Launch): Promise<StartedRun | undefined> {
  let { state, phase } = await readOutline(run);
  if (phase !== 'interrupted' && !hasEnded(phase)) {
    // Its process notices that its parent is gone, and is about to stop.
    await waitForEnd(run.folder);
    ({ state, phase } = await readOutline(run));
  }
  if (phase === 'finished' && !leaves.every((what) => hasLeft(run.folder, what))) return undefined;
  if (state.failure?.code === 'start-not-usable') return undefined;
  if (canContinue(phase, state.failure)) return continueRun(run, launch);
  return { ...run, processId: state.started?.processId ?? 0, exited: Promise.resolve() };
}

/** The share of the free memory that processes side by side may take. */
const memoryShare = 0.8;

/** How many processes of one thread at one time: as many as cores or the threads asked for, and as the memory holds. */
export function processesAtOnce({ threads }: Pick<Experiment, 'threads'>): number {
  const cores = availableParallelism();
  const wanted = threads === 'auto' ? cores : Math.min(threads, cores);
  const fitting = Math.floor((memoryShare * availableMemory()) / process.memoryUsage.rss());
  return Math.max(1, Math.min(wanted, fitting));
}

/** Bytes that processes may take, within the limits of a container where Node tells them. */
function availableMemory(): number {
  // There pages that only cache files do not count as free.
  if (process.platform === 'darwin') return totalmem() / 2;
  const { availableMemory: tell } = process as { availableMemory?: () => number };
  return tell?.() ?? freemem();
}
