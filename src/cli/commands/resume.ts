import { requestRun } from '../../runs/lifecycle';
import { readRun } from '../../runs/read';
import { ownProcess } from '../../runs/launch';
import { continueRun } from '../../runs/resume';
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
import { engineList, parseEngine } from '../engineOption';
import { exitCodes } from '../errors';
import { followStarts, trainScript } from '../replicates';
import { replicatesExitCode, reportRuns } from '../runReport';
import { note } from '../terminal';

interface ResumeOptions extends RunPositional, RunsOption {
  readonly engine: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

export const resumeCommand: Command<ResumeOptions> = {
  name: 'resume',
  takes: '<run>',
  summary: 'Go on with a run that is paused, was stopped, failed by something outside of it, or whose process is gone',
  examples: [
    ['mtl resume latest', 'The newest run: from where it paused, or from its last checkpoint'],
    ['mtl resume 20250401-1305 --json', 'One JSON object at the end, as mtl run --json prints it'],
    ['mtl resume latest --engine wasm', 'On another engine than before, where that one is gone'],
  ],
  positionals: runPositional,
  options: {
    ...runsOption,
    engine: {
      type: 'string',
      requiresArg: true,
      describe: `What computes from here on: ${engineList}. Without it that of the checkpoint, so that no bit differs`,
    },
    ...jsonOption,
    quiet: { type: 'boolean', default: false, describe: 'Print nothing but errors (and the JSON object)' },
  },
  async run({ run: name, runs, engine: word, json, quiet }) {
    const engine = parseEngine(word);
    const run = await readRun(await findRun(name, await runsRoot(runs)));
    if (run.phase === 'paused') {
      await requestRun(run.folder, 'resume');
      if (!quiet) note(`Asked to resume: ${run.record.id}`);
      return exitCodes.success;
    }
    if (!quiet) note(`Going on with ${run.record.id}, seed ${run.record.seed}`);
    const { ended, interrupted } = await followStarts([() => continueRun(run, ownProcess(trainScript), engine)], quiet);
    reportRuns(ended, { json, quiet });
    return replicatesExitCode(ended, interrupted);
  },
};
