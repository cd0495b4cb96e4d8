import { UsageError } from './errors';
import { nearest } from './nearest';

/** What is known of a command where its words are checked. */
export interface CommandWords {
  readonly name: string;
  readonly takes: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Refuses a command that does not exist, with the nearest that does. */
export function checkCommandName(word: string | undefined, commands: readonly CommandWords[]): void {
  if (word === undefined || word.startsWith('-')) return;
  const names = commands.map(({ name }) => name);
  if (names.includes(word)) return;
  const meant = nearest(word, names);
  throw new UsageError(
    `Unknown command "${word}". ${meant === undefined ? `Commands: ${names.join(', ')}.` : `Did you mean "${meant}"?`}`,
  );
}

/** The parser's complaint, as a person should read it. */
export function usageError(complaint: string, words: readonly string[], command: CommandWords | undefined): UsageError {
  const help = `See: mtl ${command === undefined ? '' : `${command.name} `}--help`;
  const unknown = /^Unknown arguments?: (.+)$/s.exec(complaint)?.[1].split(', ')[0];
  if (unknown !== undefined) return unknownWord(unknown, words, command, help);
  const lacking = /^Not enough arguments following: (.+)$/s.exec(complaint)?.[1];
  if (lacking !== undefined) return new UsageError(`Option --${lacking} needs a value. ${help}`);
  if (complaint.startsWith('Not enough non-option arguments') && command !== undefined) {
    return new UsageError(`Write what it is for: mtl ${command.name} ${command.takes}. ${help}`);
  }
  return new UsageError(`${complaint.replace(/\s+/g, ' ')} ${help}`);
}

/** Refuses an option that is given twice though it has one value. */
export function refuseRepeated(given: object, options: Readonly<Record<string, { readonly array?: boolean }>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (Array.isArray(value) && Object.hasOwn(options, name) && options[name].array !== true) {
      throw new UsageError(`Option --${name} is given more than once.`);
    }
  }
}

function unknownWord(
  word: string,
  words: readonly string[],
  command: CommandWords | undefined,
  help: string,
): UsageError {
  const option = words.find((given) => new Set([`--${word}`, `-${word}`]).has(given.split('=')[0]));
  if (option === undefined) return new UsageError(`"${word}" is too much here. ${help}`);
  const meant = nearest(word, [...Object.keys(command?.options ?? {}), 'help', 'version']);
  const advice = meant === undefined ? help : `Did you mean --${meant}?`;
  return new UsageError(`Unknown option ${option.split('=')[0]}. ${advice}`);
}
