import { dirname, join, resolve } from 'node:path';
import { version } from '../../../package.json';
import type { Experiment } from '../../experiment/schema';
import type { Command } from '../command';
import { parseEngine } from '../engineOption';
import { exitCodes } from '../errors';
import { checkExperimentFile } from '../experimentFile';
import { count } from '../format';
import { interruptible } from '../interrupts';
import { parseAtOnce, parseSeeds, usualSeeds } from '../numbers';
import { problemLine, problemRecord } from '../problems';
import { studyFiles } from '../../studies/study';
import { openStudyFolder, writeStudy } from '../study/files';
import { parseStudy, studyOptions, type WrittenOptions } from '../study/options';
import { renderStudy } from '../study/report';
import { planStudy, type StudyOutcome } from '../study/studies';
import { clean, note, print, printJson } from '../terminal';

interface StudyOptions extends WrittenOptions {
  readonly study: string;
  readonly file: string;
}

export const studyCommand: Command<StudyOptions> = {
  name: 'study',
  takes: '<study> <file>',
  summary: 'Find out whether sharing keeps its promises: with less data, on disturbed inputs, for a new task',
  examples: [
    ['mtl study less-data flats.mtl.yaml', 'Each task alone and all together, with 5 to 100 % of the training rows'],
    ['mtl study robustness flats.mtl.yaml', 'Both, tested on rows with noise and with missing inputs'],
    ['mtl study transfer flats.mtl.yaml --task north', 'A new task on the network of the others, with few rows'],
  ],
  positionals: {
    study: { type: 'string', demandOption: true, describe: 'less-data, robustness or transfer' },
    file: { type: 'string', demandOption: true, describe: 'An experiment file' },
  },
  options: studyOptions,
  async run(options) {
    const study = parseStudy(options.study);
    const atOnce = parseAtOnce(options['at-once']);
    const askedSeeds = parseSeeds(options.seeds);
    const engine = parseEngine(options.engine);
    const checked = await checkExperimentFile(options.file, { overrides: options.set, data: true });
    for (const problem of checked.problems) {
      if (problem.severity === 'error' || !options.quiet) note(problemLine(checked.file, problem));
    }
    if (checked.experiment === undefined) {
      const problems = checked.problems.map((problem) => problemRecord(checked.file, problem));
      if (options.json) printJson({ state: 'refused', problems });
      return exitCodes.badInput;
    }
    const experiment = { ...checked.experiment, ...(engine && { engine }) };
    const file = resolve(options.file);
    const { prepareTasks } = await import('../../data/prepare');
    const taskSet = await prepareTasks(experiment, dirname(file));
    const seeds = askedSeeds ?? replicatesOf(experiment);
    const carryOut = planStudy(study, { experiment, seeds, taskSet, options });
    const folder = await openStudyFolder(`${experiment.name} ${study}`, options);
    if (!options.quiet) note(`Study folder: ${clean(folder)}`);
    if (experiment.groups && !options.quiet) note('`groups` is left out: the study trains one network for all tasks.');
    const stopping = () => note('Stopping. Press Ctrl-C again to end it at once.');
    return interruptible(stopping, async ({ stop, kill }) => {
      const start = {
        root: join(folder, studyFiles.runs),
        experiment: experiment.name,
        file,
        folder: dirname(file),
        overrides: options.set,
      };
      const outcome = await carryOut({ start, atOnce, stop, kill, quiet: options.quiet });
      const state = stop.aborted ? 'stopped' : stateOf(outcome);
      const report = {
        format: 'mtl-study',
        version: 1,
        study,
        state,
        experiment: experiment.name,
        file,
        folder,
        workbench: version,
        overrides: options.set,
        seeds,
        ...outcome.varied,
        runs: outcome.results.map(({ experiment: _experiment, finished: _finished, folder: _folder, ...run }) => run),
        panels: outcome.panels,
      };
      const { arms, panels, subtitle } = outcome;
      const interval = seeds.length > 1 ? `, with 95 % intervals over ${count(seeds.length, 'seed')}` : '';
      const chart = { title: experiment.name, subtitle: [...subtitle, `Means${interval}.`], arms, panels };
      await writeStudy(folder, report, chart);
      if (options.json) printJson(report);
      else if (!options.quiet) print(renderStudy(outcome, folder));
      tellUnfinished(outcome, state, `mtl study ${study} ${options.file} --resume ${clean(folder)}`);
      return { finished: exitCodes.success, stopped: exitCodes.stopped, failed: exitCodes.failed }[state];
    });
  },
};

/** The seeds of the file, or enough for an interval where it has one. */
function replicatesOf({ training: { seeds } }: Experiment): readonly number[] {
  return seeds.length > 1 ? seeds : usualSeeds;
}

/** @param again The command that goes on, but for the options. */
function tellUnfinished({ results }: StudyOutcome, state: StudyState, again: string): void {
  const failed = results.filter((run) => run.state === 'failed').length;
  if (failed > 0) note(`${count(failed, 'run')} failed, as said above: the points of these lack a seed.`);
  const left = results.some((run) => run.state !== 'finished' && run.state !== 'failed');
  if (left || state === 'stopped') note(`The study has not come to its end. Go on with the same options: ${again}`);
}

type StudyState = 'finished' | 'stopped' | 'failed';

function stateOf({ results }: StudyOutcome): StudyState {
  if (results.some(({ state }) => state === 'stopped')) return 'stopped';
  return results.every(({ state }) => state === 'finished') ? 'finished' : 'failed';
}
