import { dirname, resolve } from 'node:path';
import { mostThreads } from '../../experiment/engine';
import { singleTaskBaseline } from '../../experiment/baseline';
import { withoutGroups } from '../../experiment/groups';
import { renderExperiment } from '../../experiment/render';
import { experimentOfRun } from '../../experiment/replicate';
import type { Experiment } from '../../experiment/schema';
import { newGroup } from '../../runs/folderName';
import { networkRuns } from '../networkRuns';
import type { RunRecord } from '../../runs/record';
import { runsRoot, type Command } from '../command';
import { exitCodes, UsageError } from '../errors';
import { engineList, parseEngine } from '../engineOption';
import { checkExperimentFile, type CheckedExperiment } from '../experimentFile';
import { parseSeed } from '../numbers';
import { problemLine, problemRecord } from '../problems';
import { runReplicates, trainScript } from '../replicates';
import { replicatesExitCode, reportRuns } from '../runReport';
import { note, printJson } from '../terminal';

type Threads = Experiment['threads'];

interface RunOptions {
  readonly file: string;
  readonly out: string | undefined;
  readonly engine: string | undefined;
  readonly threads: string | undefined;
  readonly seed: string | undefined;
  readonly set: readonly string[];
  readonly json: boolean;
  readonly quiet: boolean;
}

export const runCommand: Command<RunOptions> = {
  name: 'run',
  takes: '<file>',
  summary: 'Train an experiment: one run for each of its seeds, and their baselines',
  examples: [
    ['mtl run census.mtl.yaml', 'Train it, with a progress bar and a table of results'],
    ['mtl run census.mtl.yaml --set training.epochs=5 --seed 2', 'With other values than the file has'],
    ['mtl run census.mtl.yaml --json > result.json', 'One JSON object at the end'],
  ],
  positionals: { file: { type: 'string', demandOption: true, describe: 'An experiment file' } },
  options: {
    out: {
      type: 'string',
      requiresArg: true,
      describe: 'The folder to put run folders into. Without it: .mtl/runs of the nearest folder that has a .mtl',
    },
    engine: {
      type: 'string',
      requiresArg: true,
      describe: `What computes: ${engineList}, instead of what the file says`,
    },
    threads: {
      type: 'string',
      requiresArg: true,
      describe: 'Threads of the native engine: a number, or auto',
    },
    seed: { type: 'string', requiresArg: true, describe: 'One run with this seed, instead of the seeds of the file' },
    set: {
      type: 'string',
      array: true,
      nargs: 1,
      default: [],
      describe: 'A value of the file to change: path=value. May be given more than once',
    },
    json: { type: 'boolean', default: false, describe: 'Print one JSON object at the end' },
    quiet: { type: 'boolean', default: false, describe: 'Print nothing but errors (and the JSON object)' },
  },
  async run(options) {
    const chosenEngine = parseEngine(options.engine);
    const chosenThreads = parseThreads(options.threads);
    const chosenSeed = parseSeed(options.seed);
    const file = resolve(options.file);
    const root = await runsRoot(options.out);
    const checked = await checkExperimentFile(options.file, { overrides: options.set, data: true });
    printProblems(checked, options);
    if (checked.experiment === undefined) return exitCodes.badInput;
    const { experiment } = checked;
    const engine = chosenEngine ?? experiment.engine;
    const threads = chosenThreads ?? experiment.threads;
    const seeds = chosenSeed === undefined ? experiment.training.seeds : [chosenSeed];
    const group = newGroup();
    const startOf = (seed: number, of: Experiment, part: Pick<RunRecord, 'role' | 'network'> = {}) => ({
      root,
      group,
      experiment: experiment.name,
      file,
      folder: dirname(file),
      seed,
      ...part,
      engine,
      overrides: options.set,
      experimentText: renderExperiment(experimentOfRun(of, { seed, engine, threads })),
      trainScript,
    });
    // A run finds its baseline finished, so that it can say what sharing brought.
    const starts = seeds.flatMap((seed) => [
      ...(experiment.baseline === 'none'
        ? []
        : [startOf(seed, singleTaskBaseline(withoutGroups(experiment)), { role: 'baseline' })]),
      ...networkRuns(experiment).map(({ experiment: own, network }) => startOf(seed, own, network && { network })),
    ]);
    const { ended, interrupted } = await runReplicates(starts, options.quiet);
    reportRuns(ended, options);
    return replicatesExitCode(ended, interrupted);
  },
};

/** Errors are always told; the rest, too, unless quiet is asked for. */
function printProblems({ file, problems, experiment }: CheckedExperiment, { json, quiet }: RunOptions): void {
  for (const problem of problems) {
    if (problem.severity === 'error' || !quiet) note(problemLine(file, problem));
  }
  if (experiment === undefined && json) {
    printJson({ state: 'refused', problems: problems.map((problem) => problemRecord(file, problem)) });
  }
}

function parseThreads(word: string | undefined): Threads | undefined {
  if (word === undefined || word === 'auto') return word;
  const threads = Number(word);
  if (/^\d+$/.test(word) && threads >= 1 && threads <= mostThreads) return threads;
  throw new UsageError(`"${word}" is no number of threads. Use auto or a whole number from 1 to ${mostThreads}.`);
}
