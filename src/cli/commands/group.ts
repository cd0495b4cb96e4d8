import { dirname } from 'node:path';
import {
  jsonOption,
  measuredRunPositional,
  runsOption,
  type Command,
  type RunPositional,
  type RunsOption,
} from '../command';
import { exitCodes } from '../errors';
import { checkMethod, findGroups, groupable, methodsText, recordOf, renderGroups } from '../foundGroups';
import { runTrial } from '../groupCheck';
import { checkRecord, renderOutcome, writeReport } from '../groupCheckOutcome';
import { trialParts, writeTrial, type WrittenTrial } from '../groupTrial';
import { openMeasuredRun } from '../measuredRun';
import { parseAtOnce, parseSeeds, usualSeeds } from '../numbers';
import { renderTable } from '../tables';
import { clean, print, printJson } from '../terminal';

interface GroupOptions extends RunPositional, RunsOption {
  readonly measure: string | undefined;
  readonly groups: string | undefined;
  readonly budget: string | undefined;
  readonly method: string | undefined;
  readonly disjoint: boolean;
  readonly write: string | undefined;
  readonly overwrite: boolean;
  readonly seeds: string | undefined;
  readonly check: boolean;
  readonly 'at-once': string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

export const groupCommand: Command<GroupOptions> = {
  name: 'group',
  takes: '<run>',
  summary: 'Group the tasks of a run by how related it has measured them to be',
  examples: [
    ['mtl group latest --groups 3', 'Which tasks to train together in three networks'],
    ['mtl group latest --groups 3 --disjoint', 'Every task in one network only'],
    ['mtl group latest --groups 4 --method linkage --measure conflict-rate', 'Clusters by another measure'],
    ['mtl group latest --budget 3', 'The best three of the networks that were trained for pair-gain'],
    ['mtl group latest --groups 3 --write .', 'Experiment files of the groups, of all together and of each alone'],
    ['mtl group latest --groups 3 --check', 'Trains all three over five seeds: are the groups better?'],
  ],
  positionals: measuredRunPositional,
  options: {
    groups: { type: 'string', requiresArg: true, describe: 'How many groups: at most so many for tag' },
    budget: {
      type: 'string',
      requiresArg: true,
      describe:
        'Instead of groups: at most so many of the networks that the run has trained for pair-gain or leave-one-out-gain, by their measured losses',
    },
    measure: {
      type: 'string',
      requiresArg: true,
      describe: 'By which measure; the first that the run has, if not given',
    },
    method: {
      type: 'string',
      requiresArg: true,
      describe: `${methodsText}; tag if not given`,
    },
    disjoint: {
      type: 'boolean',
      default: false,
      describe: 'For tag: no task in two networks. Else tasks may be trained in one more for the help that they are',
    },
    write: {
      type: 'string',
      requiresArg: true,
      describe: 'Write three experiment files into this folder: the groups, all tasks together, each task alone',
    },
    overwrite: { type: 'boolean', default: false, describe: 'Let files that are there already be replaced' },
    seeds: {
      type: 'string',
      requiresArg: true,
      describe: `The seeds of these experiments; ${usualSeeds.join(',')} if not given`,
    },
    check: {
      type: 'boolean',
      default: false,
      describe:
        'Write them (beside the experiment of the run, if not told where), train them and say whether the groups are better',
    },
    'at-once': {
      type: 'string',
      requiresArg: true,
      describe: 'How many runs of the check at a time; as many as there are cores if not given',
    },
    ...runsOption,
    ...jsonOption,
    quiet: { type: 'boolean', default: false, describe: 'Print nothing but errors (and the JSON object)' },
  },
  async run(options) {
    const { json, quiet, write, overwrite } = options;
    const asked = {
      method: options.method === undefined ? undefined : checkMethod(options.method),
      seeds: parseSeeds(options.seeds) ?? usualSeeds,
      atOnce: parseAtOnce(options['at-once']),
    };
    const run = await openMeasuredRun(options, groupable(options), quiet);
    const found = await findGroups(run, { ...options, method: asked.method });
    if (!json && !quiet) print(renderGroups(found));
    const folder = write ?? (options.check ? run.record.folder : undefined);
    if (folder === undefined) {
      if (json) printJson(recordOf(found));
      return exitCodes.success;
    }
    const { by, networks } = found;
    const written = await writeTrial(run, { networks, by, folder, seeds: asked.seeds, overwrite });
    if (!json && !quiet) print(`\n${renderFiles(written)}`);
    if (!options.check) {
      if (json) printJson({ ...recordOf(found), files: written.files, report: written.report });
      return exitCodes.success;
    }
    const outcome = await runTrial(written, { root: dirname(run.folder), atOnce: asked.atOnce, quiet });
    const { stopped, runs } = outcome;
    const checked = { written, outcome, foretelling: found };
    const text = renderOutcome(checked);
    if (!stopped) await writeReport(checked, text);
    if (json) printJson({ ...recordOf(found), ...checkRecord(checked) });
    else if (!quiet) print(`\n${text}${stopped ? '' : `\n\nReport: ${clean(written.report)}`}`);
    if (stopped) return exitCodes.stopped;
    return runs.every(({ phase }) => phase === 'finished') ? exitCodes.success : exitCodes.failed;
  },
};

const partTitles = { grouped: 'the groups', together: 'all together', alone: 'each alone' } as const;
const writtenWords = { new: 'written', overwritten: 'overwritten', 'the same': 'there already' } as const;

function renderFiles({ files }: WrittenTrial): string {
  const rows = trialParts.map((part) => [partTitles[part], writtenWords[files[part].written], files[part].file]);
  return renderTable(['experiment', '', 'file'], rows, 3);
}
