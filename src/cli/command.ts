import { resolve } from 'node:path';
import type { Options as YargsOption, PositionalOptions } from 'yargs';
import { readRun, type ReadRun } from '../runs/read';
import { findRun, nearestRunsFolder } from '../runs/store';
import { clean, note } from './terminal';

/** One command of the command line: what it takes and what it does. */
export interface Command<Options> {
  readonly name: string;
  /** What follows the name, such as `<run>`; empty for nothing. */
  readonly takes: string;
  readonly summary: string;
  /** A line to type, and what it does. */
  readonly examples: readonly (readonly [string, string])[];
  readonly positionals: Readonly<Record<string, PositionalOptions>>;
  readonly options: Readonly<Record<string, YargsOption>>;
  /** Returns the exit code. */
  run(options: Options): Promise<number>;
}

export interface RunsOption {
  readonly runs: string | undefined;
}

/** `--runs DIR`, for commands that look for runs. */
export const runsOption = {
  runs: {
    type: 'string',
    requiresArg: true,
    describe: 'The folder that holds run folders. Without it: .mtl/runs of the nearest folder upwards that has a .mtl',
  },
} as const satisfies Record<string, YargsOption>;

export const jsonOption = {
  json: { type: 'boolean', default: false, describe: 'Print one JSON object' },
} as const satisfies Record<string, YargsOption>;

/** The folder that a `--runs` or `--out` option means. */
export async function runsRoot(option: string | undefined): Promise<string> {
  return option === undefined ? nearestRunsFolder(process.cwd()) : resolve(option);
}

export interface RunPositional {
  readonly run: string;
}

export const runPositional = {
  run: {
    type: 'string',
    demandOption: true,
    describe: 'A run: its id, the beginning of it, the short id at its end, `latest`, or the path of its folder',
  },
} as const satisfies Record<string, PositionalOptions>;

/** As `runPositional`, of a command that looks at what a run has measured. */
export const measuredRunPositional = {
  run: {
    ...runPositional.run,
    describe: `${runPositional.run.describe}. Where that is several runs: the newest that has what is asked for`,
  },
} as const satisfies Record<string, PositionalOptions>;

/**
 * The run that a command is given, read. Where its journal has a flaw, that is told.
 * @throws RunFolderError where there is no such run
 */
export async function openRun({ run: name, runs }: RunPositional & RunsOption): Promise<ReadRun> {
  return told(await readRun(await findRun(name, await runsRoot(runs))));
}

/** The run, once a flaw of its journal has been told. */
export function told(run: ReadRun): ReadRun {
  if (run.problem !== undefined) note(`warning: ${clean(run.problem.message)}`);
  return run;
}
