#!/usr/bin/env node
import yargs, { type Argv, type CommandModule } from 'yargs';
import { version } from '../../package.json';
import { EngineError } from '../engine/errors';
import { ExperimentError } from '../experiment/problem';
import { OutputError } from '../outputs/errors';
import { RunFolderError } from '../runs/errors';
import type { Command } from './command';
import { agreeCommand } from './commands/agree';
import { engineCommand } from './commands/engine';
import { exportCommand } from './commands/export';
import { gainCommand } from './commands/gain';
import { groupCommand } from './commands/group';
import { listCommand } from './commands/list';
import { matrixCommand } from './commands/matrix';
import { predictCommand } from './commands/predict';
import { pauseCommand, stopCommand } from './commands/request';
import { resumeCommand } from './commands/resume';
import { runCommand } from './commands/run';
import { schemaCommand } from './commands/schema';
import { showCommand } from './commands/show';
import { studyCommand } from './commands/study';
import { validateCommand } from './commands/validate';
import { exitCodes, UsageError } from './errors';
import { clean, endQuietlyWithReader, exitWhenPrinted, note } from './terminal';
import { checkCommandName, refuseRepeated, usageError } from './usage';

type Finish = (code: number) => void;

const commands = [
  runCommand,
  validateCommand,
  listCommand,
  showCommand,
  gainCommand,
  groupCommand,
  agreeCommand,
  matrixCommand,
  studyCommand,
  stopCommand,
  pauseCommand,
  resumeCommand,
  predictCommand,
  exportCommand,
  engineCommand,
  schemaCommand,
] as const;

async function main(words: readonly string[]): Promise<number> {
  checkCommandName(words[0], commands);
  const command = commands.find(({ name }) => name === words[0]);
  let code: number = exitCodes.success;
  const parser = createParser(words, (result) => {
    code = result;
  }).fail((complaint: string | null, error: unknown) => {
    throw complaint ? usageError(complaint, words, command) : error;
  });
  if (words.length === 0) parser.showHelp('log');
  else await parser.parseAsync();
  return code;
}

function createParser(words: readonly string[], finish: Finish): Argv {
  const parser = yargs([...words])
    .scriptName('mtl')
    .locale('en')
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-positional-numbers': false,
    })
    .usage('$0 <command>\n\nTrains multi-task experiments and shows how related their tasks are.')
    .strict()
    .version(version)
    .help()
    .alias('help', 'h')
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .epilogue('`mtl <command> --help` tells more of a command, with examples.')
    .exitProcess(false);
  return parser
    .command(commandModule(runCommand, finish))
    .command(commandModule(validateCommand, finish))
    .command(commandModule(listCommand, finish))
    .command(commandModule(showCommand, finish))
    .command(commandModule(gainCommand, finish))
    .command(commandModule(groupCommand, finish))
    .command(commandModule(agreeCommand, finish))
    .command(commandModule(matrixCommand, finish))
    .command(commandModule(studyCommand, finish))
    .command(commandModule(stopCommand, finish))
    .command(commandModule(pauseCommand, finish))
    .command(commandModule(resumeCommand, finish))
    .command(commandModule(predictCommand, finish))
    .command(commandModule(exportCommand, finish))
    .command(commandModule(engineCommand, finish))
    .command(commandModule(schemaCommand, finish));
}

/** A command as yargs takes it. Its options have the types that the command declares for them. */
function commandModule<Options>(command: Command<Options>, finish: Finish): CommandModule<object, object> {
  return {
    command: `${command.name} ${command.takes}`.trim(),
    describe: command.summary,
    builder(own) {
      for (const [name, positional] of Object.entries(command.positionals)) own.positional(name, positional);
      return own
        .usage(`$0 ${command.name} ${command.takes}\n\n${command.summary}.`)
        .options(command.options)
        .example(command.examples.map(([line, meaning]) => [line, meaning] as const))
        .epilogue('');
    },
    handler: async (options) => {
      refuseRepeated(options, command.options);
      finish(await command.run(options as Options));
    },
  };
}

/** Says what went wrong, without a stack trace; returns the exit code. */
function tell(error: unknown): number {
  if (error instanceof ExperimentError) {
    for (const { message } of error.findings) note(`error: ${clean(message)}`);
    return exitCodes.badInput;
  }
  // What a tool printed keeps its lines.
  const lines =
    error instanceof EngineError ? error.message.split('\n') : [error instanceof Error ? error.message : String(error)];
  note(`error: ${lines.map(clean).join('\n  ')}`);
  if (error instanceof RunFolderError || error instanceof OutputError || error instanceof EngineError) {
    note(`  ${clean(error.remedy)}`);
  }
  return error instanceof UsageError ? exitCodes.badInput : exitCodes.failed;
}

endQuietlyWithReader();
void main(process.argv.slice(2)).catch(tell).then(exitWhenPrinted);
