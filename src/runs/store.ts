import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { engineChoices } from '../experiment/engine';
import { RunFolderError, systemCode, systemReason } from './errors';
import { newShortId, runFolderName, shortIdOf } from './folderName';
import { runFiles, runsFolder, type RunRecord } from './record';

/** A run folder with what its run.json says. */
export interface StoredRun {
  /** Absolute path. */
  readonly folder: string;
  readonly record: RunRecord;
}

/** A folder among the runs that is no whole run folder. */
export interface BrokenRun {
  readonly folder: string;
  readonly message: string;
}

export interface RunListResult {
  /** Newest first. */
  readonly runs: readonly StoredRun[];
  readonly broken: readonly BrokenRun[];
}

/** Where run folders lie below a workspace folder or the current folder. */
export function runsFolderOf(folder: string): string {
  return join(folder, ...runsFolder);
}

/**
 * The runs folder of the nearest folder, from `folder` upwards, that has a `.mtl`; that of `folder` itself where none has.
 */
export async function nearestRunsFolder(folder: string): Promise<string> {
  for (let place = resolve(folder); ; place = dirname(place)) {
    if (await isFolder(join(place, runsFolder[0]))) return runsFolderOf(place);
    if (place === dirname(place)) return runsFolderOf(resolve(folder));
  }
}

/**
 * Makes a new run folder with its run.json and experiment.yaml. It appears at once and whole.
 * @param root The folder that run folders are put into; made where it does not exist.
 * @param experimentText The resolved experiment of this run.
 * @param name Of the folder; one of the time and the experiment if not given.
 * @throws RunFolderError where it cannot be written, or a folder of that name is there.
 */
export async function createRunFolder(
  root: string,
  body: Omit<RunRecord, 'id' | 'created'>,
  experimentText: string,
  name?: string,
): Promise<StoredRun> {
  const created = Date.now();
  const id = name ?? runFolderName(created, body.experiment, newShortId());
  const record: RunRecord = { id, ...body, created };
  // A process that was killed here is not in the way of the next one.
  const aside = join(root, `.new-${id}.${process.pid}`);
  const folder = join(root, id);
  try {
    await ensureFolder(resolve(root));
    await ignoreInGit(root);
    await mkdir(aside);
    await writeFile(join(aside, runFiles.experiment), experimentText);
    await writeFile(join(aside, runFiles.record), `${JSON.stringify(record, undefined, 2)}\n`);
    await mkdir(join(aside, runFiles.requests));
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
    throw new RunFolderError(
      'not-writable',
      `No run folder can be made in ${root}: ${systemReason(error)}.`,
      root,
      'Choose another folder for runs, or make this one writable.',
      { cause: error },
    );
  }
  return { folder, record };
}

/** All runs in a folder of run folders; none where it does not exist. Broken folders are reported and do no harm. */
export async function listRuns(root: string): Promise<RunListResult> {
  const names = await folderNames(root);
  const runs: StoredRun[] = [];
  const broken: BrokenRun[] = [];
  for (const name of names) {
    const folder = join(resolve(root), name);
    const found = await readRecord(folder);
    if ('record' in found) runs.push(found);
    else broken.push(found);
  }
  runs.sort((a, b) => b.record.created - a.record.created || (a.record.id < b.record.id ? 1 : -1));
  return { runs, broken };
}

/**
 * Finds a run by `latest`, its id, the beginning of its id or of the short id at its end, or the path of its folder.
 * @throws RunFolderError where there is none, or more than one.
 */
export async function findRun(name: string, root: string): Promise<StoredRun> {
  const matches = await runsNamed(name, root);
  if (matches.length === 1 || (name === 'latest' && matches.length > 0)) return matches[0];
  if (name === 'latest') {
    throw new RunFolderError('run-not-found', `There is no run in ${root}.`, root, 'Start one with: mtl run FILE');
  }
  if (matches.length > 1) throw ambiguous(name, matches, root);
  return atPath(name, root);
}

/** The runs of a folder of run folders that a name stands for, newest first: all of them for `latest`, none for a path. */
export async function runsNamed(name: string, root: string): Promise<readonly StoredRun[]> {
  const { runs } = await listRuns(root);
  if (name === 'latest') return runs;
  const exact = runs.find(({ record }) => record.id === name);
  if (exact !== undefined) return [exact];
  return name === '' ? [] : runs.filter(({ record: { id } }) => startsWith(id, name));
}

/** Reads run.json of a folder. */
export async function readRecord(folder: string): Promise<StoredRun | BrokenRun> {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(await readFile(join(folder, runFiles.record), 'utf8')));
    if (!parsed.success) return { folder, message: `${runFiles.record} is not that of a run.` };
    return { folder, record: { ...parsed.data, id: basename(folder) } };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { folder, message: `${runFiles.record} is missing.` };
    if (error instanceof SyntaxError) return { folder, message: `${runFiles.record} is not JSON.` };
    return { folder, message: `${runFiles.record} cannot be read: ${systemReason(error)}.` };
  }
}

/**
 * Deletes a run folder and all in it. Whether the run still goes on is for the caller to ask first.
 * @throws RunFolderError where it is no run folder, or cannot be deleted.
 */
export async function deleteRun(folder: string): Promise<void> {
  const found = await readRecord(folder);
  if (!('record' in found)) {
    throw new RunFolderError('run-not-found', `This is no run folder: ${folder}`, folder, 'Nothing was deleted.');
  }
  try {
    await rm(folder, { recursive: true, maxRetries: 3 });
  } catch (error) {
    throw new RunFolderError(
      'not-writable',
      `The run folder cannot be deleted (${systemReason(error)}): ${folder}`,
      folder,
      'Make it writable and close the programs that use it.',
      { cause: error },
    );
  }
}

const recordSchema = z.object({
  id: z.string(),
  group: z.string(),
  experiment: z.string(),
  file: z.string(),
  folder: z.string(),
  seed: z.number(),
  role: z.enum(['baseline', 'measure']).optional(),
  purpose: z.string().optional(),
  leaves: z.array(z.enum(['row losses', 'model'])).optional(),
  network: z.object({ number: z.int(), of: z.int(), serves: z.array(z.string()) }).optional(),
  against: z.string().optional(),
  engine: z.enum(engineChoices),
  overrides: z.array(z.string()),
  created: z.number(),
  version: z.string(),
  git: z.object({ commit: z.string(), dirty: z.boolean() }).optional(),
}) satisfies z.ZodType<RunRecord>;

function startsWith(id: string, name: string): boolean {
  return id.startsWith(name) || shortIdOf(id).startsWith(name);
}

function ambiguous(name: string, matches: readonly StoredRun[], root: string): RunFolderError {
  const shown = matches.slice(0, 5).map(({ record }) => record.id);
  const rest = matches.length - shown.length;
  return new RunFolderError(
    'run-ambiguous',
    `${matches.length} runs begin with "${name}": ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`,
    root,
    'Write more of the id.',
  );
}

async function atPath(name: string, root: string): Promise<StoredRun> {
  const folder = resolve(name);
  const found = name === '' ? undefined : await readRecord(folder);
  if (found !== undefined && 'record' in found) return found;
  if (found !== undefined && (isAbsolute(name) || /[\\/]/.test(name)) && (await isFolder(folder))) {
    throw new RunFolderError('run-not-found', `${folder} is no run folder: ${found.message}`, folder, listRemedy);
  }
  throw new RunFolderError('run-not-found', `There is no run "${name}" in ${root}.`, root, listRemedy);
}

const listRemedy = 'See the runs there are with: mtl list';

async function folderNames(root: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink()))
      .map(({ name }) => name);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw new RunFolderError(
      'not-readable',
      `The folder of runs cannot be read (${systemReason(error)}): ${root}`,
      root,
      'Name a folder that you may read.',
      { cause: error },
    );
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Makes a folder and those above it. Node's own recursive mkdir never comes back where a file system that takes no new
 * folders, such as /proc, says that they do not exist.
 */
export async function ensureFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await ensureFolder(parent);
  await mkdir(folder).catch(async (error: unknown) => {
    if (systemCode(error) !== 'EEXIST' || !(await isFolder(folder))) throw error;
  });
}

/** Runs below `.mtl` are not committed by accident. An existing file of that name is left as it is. */
export async function ignoreInGit(root: string): Promise<void> {
  const parent = dirname(resolve(root));
  if (basename(parent) !== runsFolder[0]) return;
  await writeFile(join(parent, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: unknown) => {
    if (systemCode(error) !== 'EEXIST') throw error;
  });
}
