import type { Options as YargsOption } from 'yargs';
import { studyNames, type StudyName } from '../../studies/study';
import { UsageError } from '../errors';
import { engineList } from '../engineOption';
import { nearest } from '../nearest';
import { usualSeeds } from '../numbers';

/** What `mtl study` is given, as it is written. */
export interface WrittenOptions {
  readonly task: string | undefined;
  readonly fractions: string;
  readonly noise: string;
  readonly missing: string;
  readonly rows: string;
  readonly seeds: string | undefined;
  readonly 'at-once': string | undefined;
  readonly engine: string | undefined;
  readonly set: readonly string[];
  readonly out: string | undefined;
  readonly resume: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

export const studyOptions = {
  task: { type: 'string', requiresArg: true, describe: 'transfer: the new task' },
  fractions: {
    type: 'string',
    requiresArg: true,
    default: '0.05,0.1,0.25,0.5,1',
    describe: 'less-data: shares of the training rows',
  },
  noise: {
    type: 'string',
    requiresArg: true,
    default: '0,0.25,0.5,1,2',
    describe: "robustness: noise on numbers, in deviations of each column's training rows",
  },
  missing: {
    type: 'string',
    requiresArg: true,
    default: '0,0.1,0.25,0.5,0.75',
    describe: 'robustness: shares of the values that are taken out',
  },
  rows: {
    type: 'string',
    requiresArg: true,
    default: '10,20,50,100,all',
    describe: 'transfer: training rows of the new task',
  },
  seeds: {
    type: 'string',
    requiresArg: true,
    describe: `Replicates; those of the file if not given, and ${usualSeeds.join(',')} where it has one`,
  },
  'at-once': {
    type: 'string',
    requiresArg: true,
    describe: 'How many runs at one time; as many as there are cores if not given',
  },
  engine: {
    type: 'string',
    requiresArg: true,
    describe: `What computes: ${engineList}, instead of what the file says`,
  },
  set: {
    type: 'string',
    array: true,
    nargs: 1,
    default: [],
    describe: 'A value of the file to change: path=value. May be given more than once',
  },
  out: {
    type: 'string',
    requiresArg: true,
    describe: 'The folder to put study folders into. Without it: .mtl/studies of the nearest folder that has a .mtl',
  },
  resume: {
    type: 'string',
    requiresArg: true,
    describe: 'A study folder to go on in: runs in it that fit are not trained again',
  },
  json: { type: 'boolean', default: false, describe: 'Print one JSON object at the end' },
  quiet: { type: 'boolean', default: false, describe: 'Print nothing but errors (and the JSON object)' },
} as const satisfies Record<string, YargsOption>;

export function parseStudy(word: string): StudyName {
  const known = studyNames.find((name) => name === word);
  if (known) return known;
  const meant = nearest(word, studyNames);
  const remedy = meant === undefined ? `Studies: ${studyNames.join(', ')}.` : `Did you mean "${meant}"?`;
  throw new UsageError(`Unknown study "${word}". ${remedy}`);
}

/** Different numbers with commas between, ascending. */
export function parseNumbers(option: string, text: string, least: number, most: number): readonly number[] {
  const numbers = text.split(',').map((word) => (word.trim() === '' ? NaN : Number(word)));
  const fit = numbers.every((number) => number >= least && number <= most);
  if (fit && new Set(numbers).size === numbers.length) return [...numbers].sort((one, other) => one - other);
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new UsageError(
    `--${option} "${text}" is no list of numbers. Write different numbers ${range}, such as 0.1,0.5.`,
  );
}

/** Numbers of rows; `all` for as many as there are. */
export function parseRows(text: string, all: number): readonly number[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.every((word) => word === 'all' || (/^\d+$/.test(word) && Number(word) > 0))) {
    const rows = words.map((word) => (word === 'all' ? all : Number(word))).filter((count) => count <= all);
    if (rows.length > 0) return [...new Set(rows)].sort((one, other) => one - other);
    throw new UsageError(`--rows "${text}": the task has ${all} training rows. Write fewer, or all.`);
  }
  throw new UsageError(`--rows "${text}" is no list of numbers of rows. Write whole numbers or all: 10,50,all.`);
}
