import type { EngineChoice } from '../experiment/engine';
import type { LeftBehind } from '../relatedness';

/** Which network of an experiment whose tasks are grouped a run trains. */
export interface RunNetwork {
  /** From 1. */
  readonly number: number;
  /** How many networks the experiment has. */
  readonly of: number;
  /** Names of the tasks whose figures count; the others of the run are there for the help that they are. */
  readonly serves: readonly string[];
}

/** run.json: what a run is, written once before its process starts. */
export interface RunRecord {
  /** The run folder's name. */
  readonly id: string;
  /** Shared by the replicates of one start. */
  readonly group: string;
  readonly experiment: string;
  /** Absolute path of the experiment file that the run was started from. */
  readonly file: string;
  /** Absolute folder that relative data paths are resolved against. */
  readonly folder: string;
  readonly seed: number;
  /** What the run is for, where it is not the experiment itself: to be compared with, or to measure how tasks relate. */
  readonly role?: 'baseline' | 'measure';
  /** What a run with the role `measure` is for: it lies in the folder of the run whose tasks it tells of. */
  readonly purpose?: string;
  /** What such a run leaves besides its journal; nothing, if not given. */
  readonly leaves?: readonly LeftBehind[];
  /** Absent where one network has all tasks. */
  readonly network?: RunNetwork;
  /** The group whose baselines the run is compared with, where that is another than its own. */
  readonly against?: string;
  readonly engine: EngineChoice;
  /** Values set from outside, as `path=value`. */
  readonly overrides: readonly string[];
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly version: string;
  /** The commit that the experiment file's folder was at, and whether anything there differed; absent without git. */
  readonly git?: { readonly commit: string; readonly dirty: boolean };
}

/** Names of files and folders within a run folder. */
export const runFiles = {
  record: 'run.json',
  experiment: 'experiment.yaml',
  journal: 'events.jsonl',
  /** Standard output and error of the run's process. */
  log: 'process.log',
  requests: 'requests',
  /** Which processes may write here, one after the other. */
  locks: 'locks',
  /** What the run can be continued from, a folder for each by its step. */
  checkpoints: 'checkpoints',
  /** What the run leaves for others, written when it ends. */
  model: 'model',
  /** The losses of its task at single rows, of a run that was asked for them. */
  rowLosses: 'losses.safetensors',
  /** A copy of the model that the run starts from, where it starts from one. */
  start: 'start',
  /** Run folders of the networks that measures need. */
  runs: 'runs',
  /** What the processes printed that train those. */
  workers: 'workers',
  /** Event files for TensorBoard. */
  tensorboard: 'tensorboard',
  /** Which process runs it. */
  process: 'process.json',
} as const;

/** Where run folders lie, below a workspace folder or the current folder. */
export const runsFolder = ['.mtl', 'runs'] as const;

/** What can be asked of a running run, by creating an empty file of this name in its requests folder. */
export const requestNames = ['stop', 'pause', 'resume'] as const;
export type RequestName = (typeof requestNames)[number];
