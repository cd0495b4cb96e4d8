import { dirname } from 'node:path';
import { readGroup } from '../../runs/group';
import { findRun } from '../../runs/store';
import {
  jsonOption,
  runPositional,
  runsOption,
  runsRoot,
  type Command,
  type RunPositional,
  type RunsOption,
} from '../command';
import { renderComparison } from '../comparison';
import { exitCodes } from '../errors';
import { gainOfRuns } from '../runReport';
import { note, print, printJson } from '../terminal';

interface GainOptions extends RunPositional, RunsOption {
  readonly json: boolean;
}

export const gainCommand: Command<GainOptions> = {
  name: 'gain',
  takes: '<run>',
  summary: 'Show whether sharing helped: the runs that were started with a run, against their baselines',
  examples: [
    ['mtl gain latest', 'Over all seeds of the newest start'],
    ['mtl gain 20250401-1305 --json', 'One JSON object: every metric, alone and shared, seed by seed'],
  ],
  positionals: runPositional,
  options: { ...runsOption, ...jsonOption },
  async run({ run: name, runs, json }) {
    const { folder, record } = await findRun(name, await runsRoot(runs));
    const members = await readGroup(dirname(folder), record);
    const gain = gainOfRuns(members);
    if (json) {
      const listed = members.map((run) => ({
        id: run.record.id,
        seed: run.record.seed,
        role: run.record.role ?? null,
        ...(run.record.network && { network: run.record.network }),
        state: run.phase,
      }));
      printJson({ group: record.group, experiment: record.experiment, runs: listed, gain: gain ?? null });
      return exitCodes.success;
    }
    const own = members.filter((run) => run.record.role === undefined);
    print(renderComparison(own, gain) || 'There is nothing to compare with yet.');
    if (gain === undefined)
      note('No seed has both a finished run and a finished baseline. Add `baseline: single-task`, or see: mtl list');
    return exitCodes.success;
  },
};
