// @ts-check
/**
 * What every script needs: where things lie, printing, running commands. Only Node's own modules are imported here and
 * in setup.mjs, because both run on a fresh clone before anything is installed.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Where everything lies that can be made again; git ignores it. */
export const cacheFolder = path.join(root, '.cache');
export const distFolder = path.join(root, 'dist');

/** A failure that is the person's to mend: printed without a stack trace. */
export class UserError extends Error {
  /**
   * @param {string} message what is wrong
   * @param {string} remedy what to do about it
   */
  constructor(message, remedy) {
    super(`${message}\n  ${remedy}`);
    this.name = 'UserError';
  }
}

/** @param {string} text one step that begins */
export function step(text) {
  console.log(`> ${text}`);
}

/**
 * @param {string} name
 * @returns {string | undefined} the value of a command line option `--name value` or `--name=value`
 */
export function option(name) {
  const words = process.argv.slice(2);
  const joined = words.find((word) => word.startsWith(`--${name}=`));
  if (joined !== undefined) return joined.slice(name.length + 3);
  const at = words.indexOf(`--${name}`);
  if (at < 0) return undefined;
  const value = words[at + 1];
  if (value === undefined || value.startsWith('--')) {
    throw new UserError(`Option --${name} needs a value.`, `Write --${name} VALUE.`);
  }
  return value;
}

/** @param {string} name */
export function hasOption(name) {
  return process.argv.slice(2).includes(`--${name}`);
}

/**
 * Refuses options that are not known, so that a misspelt one is not silently without effect.
 * @param {readonly string[]} known without the leading dashes
 */
export function refuseUnknownOptions(known) {
  for (const word of process.argv.slice(2)) {
    const name = /^--([^=]+)/.exec(word)?.[1];
    if (name !== undefined && !known.includes(name)) {
      throw new UserError(
        `Unknown option --${name}.`,
        `Known options: ${known.map((entry) => `--${entry}`).join(', ')}.`,
      );
    }
  }
}

/**
 * Runs a script's main function: failures end the process with exit code 1, the person's own without a stack trace.
 * @param {() => Promise<number | void>} main returns the exit code, 0 when it returns none
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (error instanceof UserError) console.error(`\nerror: ${error.message}`);
    else console.error(error);
    process.exitCode = 1;
  }
}

/**
 * @param {string} moduleUrl `import.meta.url` of the caller
 * @returns {boolean} whether that module is the program that Node was started with
 */
export function isProgram(moduleUrl) {
  return process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(moduleUrl);
}

/**
 * Runs a command to its end, its output passed through or kept.
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] quiet: output is kept, not shown
 * @returns {Promise<{ code: number, output: string }>} exit code (128 + n after signal n is 1 here) and kept output
 */
export function runCommand(command, parameters, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...parameters], {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      stdio: ['ignore', options.quiet ? 'pipe' : 'inherit', options.quiet ? 'pipe' : 'inherit'],
      shell: process.platform === 'win32' && !path.isAbsolute(command),
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += String(chunk)));
    child.stderr?.on('data', (chunk) => (output += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * @param {string} text
 * @returns {unknown}
 */
export function parseJson(text) {
  return JSON.parse(text);
}

/**
 * @param {string} file
 * @returns {unknown} what it says
 */
export function readJson(file) {
  return parseJson(readFileSync(file, 'utf8'));
}

/** Names that are never part of what is built from. */
const skippedNames = new Set(['node_modules', '.git', '.DS_Store', '.mtl']);

/**
 * @param {string} place a file or a folder, relative to the repository
 * @returns {string[]} the files in it, sorted; none where it does not exist
 */
export function filesUnder(place) {
  const full = path.join(root, place);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [place];
  return readdirSync(full, { withFileTypes: true })
    .filter((entry) => !skippedNames.has(entry.name))
    .flatMap((entry) => filesUnder(path.join(place, entry.name)))
    .sort();
}

/**
 * @param {readonly string[]} places files and folders, relative to the repository
 * @returns {string} a hash of their names and contents
 */
export function hashOf(places) {
  const hash = createHash('sha256');
  for (const file of places.flatMap(filesUnder)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * A stamp says from which inputs something was made last.
 * @param {string} name
 */
export function readStamp(name) {
  const file = path.join(cacheFolder, 'stamps', name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/**
 * @param {string} name
 * @param {string} value
 */
export function writeStamp(name, value) {
  mkdirSync(path.join(cacheFolder, 'stamps'), { recursive: true });
  writeFileSync(path.join(cacheFolder, 'stamps', name), value);
}
