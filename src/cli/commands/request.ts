import { requestRun } from '../../runs/lifecycle';
import type { RequestName } from '../../runs/record';
import { findRun } from '../../runs/store';
import { runPositional, runsOption, runsRoot, type Command, type RunPositional, type RunsOption } from '../command';
import { exitCodes } from '../errors';
import { note } from '../terminal';

export const stopCommand = requestCommand(
  'stop',
  'Stop a run after its present step, and keep its results',
  'Asked to stop',
);
export const pauseCommand = requestCommand('pause', 'Pause a run after its present step', 'Asked to pause');

function requestCommand(request: RequestName, summary: string, said: string): Command<RunPositional & RunsOption> {
  return {
    name: request,
    takes: '<run>',
    summary,
    examples: [[`mtl ${request} latest`, 'The newest run']],
    positionals: runPositional,
    options: runsOption,
    async run({ run: name, runs }) {
      const { folder, record } = await findRun(name, await runsRoot(runs));
      await requestRun(folder, request);
      note(`${said}: ${record.id}`);
      return exitCodes.success;
    },
  };
}
