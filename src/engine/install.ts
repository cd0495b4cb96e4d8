import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { enginePackage } from '../program/executors/native/engineFolder';
import { buildAddon, headersPackage } from './addon';
import { cancelled, diskFull, EngineError, saysDiskFull } from './errors';
import { inspectEngineFolder, type FolderState } from './inspect';
import { findTensorflow } from './tensorflow';
import { lastLines, runTool } from './tools';

/** The version of tfjs-node that is installed; its C interface is the one that the addon is built for. */
const engineVersion = '4.22.0';

export interface InstallOptions {
  /** The engine folder to be. */
  readonly folder: string;
  /** Pythons that TensorFlow is looked for in, the first one first. */
  readonly pythons: readonly string[];
  /** Install again though an engine is there that works. */
  readonly force: boolean;
  /** Takes a line for each step that begins. */
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal;
}

export type ReadyFolder = Extract<FolderState, { readonly state: 'ready' }>;

export interface Installed extends ReadyFolder {
  readonly folder: string;
  /** False where it was there already. */
  readonly changed: boolean;
  /** Where TensorFlow comes from; absent where nothing was changed. */
  readonly origin?: string;
}

/**
 * Installs the native engine. It is made aside and takes its place once it has computed something, so an engine that
 * works is never replaced by one that does not.
 * @throws EngineError
 */
export async function installEngine(options: InstallOptions): Promise<Installed> {
  const folder = path.resolve(options.folder);
  const { force, signal } = options;
  if (!force) {
    const found = await inspectEngineFolder(folder, signal);
    if (found.state === 'ready') return { ...found, folder, changed: false };
  }
  const aside = `${folder}.new-${process.pid}`;
  try {
    await mkdir(path.dirname(folder), { recursive: true });
    await removeLeftovers(folder);
    const { origin, ...state } = await makeEngine(aside, options);
    options.say(`Putting it into ${folder}`);
    await putInPlace(aside, folder);
    return { ...state, folder, changed: true, origin };
  } catch (error) {
    throw signal?.aborted ? cancelled() : readable(error, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Makes an engine in an empty folder: the package's own way, or else by building the addon here. */
async function makeEngine(aside: string, options: InstallOptions): Promise<ReadyFolder & { readonly origin: string }> {
  options.say(`Installing ${enginePackage} ${engineVersion} by its own installer`);
  await startFolder(aside);
  const complaint = await npmInstall(aside, [], options);
  if (complaint === undefined) {
    const state = await inspectEngineFolder(aside, options.signal);
    if (state.state === 'ready') return { ...state, origin: 'the download of tfjs-node' };
  }
  options.say('That did not succeed (its download is often blocked): building the addon here instead');
  await startFolder(aside);
  const refused = await npmInstall(
    aside,
    ['--ignore-scripts', `${headersPackage.name}@${headersPackage.version}`],
    options,
  );
  if (refused !== undefined) {
    throw new EngineError(
      'engine/npm-failed',
      `npm could not install ${enginePackage}:\n${refused}`,
      'The npm registry must be reachable. See that `npm ping` succeeds and try again.',
    );
  }
  return buildHere(aside, options);
}

async function buildHere(aside: string, options: InstallOptions): Promise<ReadyFolder & { readonly origin: string }> {
  const { pythons, say, signal } = options;
  const workFolder = path.join(aside, 'work');
  const cancel = signal ? { signal } : {};
  const tensorflow = await findTensorflow({ pythons, workFolder, say, ...cancel });
  say(`Building the addon against ${tensorflow.origin}`);
  await buildAddon({ engineFolder: aside, tensorflow, ...cancel });
  await rm(workFolder, { recursive: true, force: true });
  say('Trying it');
  const state = await inspectEngineFolder(aside, signal);
  if (state.state === 'ready') return { ...state, origin: tensorflow.origin };
  throw new EngineError(
    'engine/does-not-load',
    `The addon was built against ${tensorflow.origin}, but does not load: ${state.state === 'broken' ? state.reason : 'it is gone.'}`,
    'Name a Python with another TensorFlow by --python, or use the engine wasm.',
  );
}

async function startFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
}

/** The package's own download is given up after this time, in milliseconds: a network may swallow it silently. */
const downloadLimit = 600_000;

/** @returns What npm complains of; undefined where it succeeded. */
async function npmInstall(
  folder: string,
  parameters: readonly string[],
  { signal }: InstallOptions,
): Promise<string | undefined> {
  const [command, ...first] = npmCommand();
  const wanted = `${enginePackage}@${engineVersion}`;
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--no-package-lock'];
  const end = await runTool(command, [...first, 'install', '--save-exact', ...quiet, ...parameters, wanted], {
    folder,
    limit: downloadLimit,
    ...(signal && { signal }),
  });
  if (end.kind === 'missing') {
    throw new EngineError(
      'engine/no-npm',
      'npm was not found on PATH.',
      'Install Node.js with npm from https://nodejs.org. VS Code sees a changed PATH after it is started again.',
    );
  }
  if (end.code === 0) return undefined;
  if (saysDiskFull(end.output)) throw diskFull(folder);
  return lastLines(end.output);
}

/** The npm that has started this process, or the one on PATH. */
function npmCommand(): readonly [string, ...string[]] {
  const script = process.env.npm_execpath;
  return script?.endsWith('npm-cli.js') ? [process.execPath, script] : ['npm'];
}

async function putInPlace(aside: string, folder: string): Promise<void> {
  const old = `${folder}.old-${process.pid}`;
  const replaced = await rename(folder, old).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  try {
    await rename(aside, folder);
  } catch (error) {
    if (replaced) await rename(old, folder);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

/** Removes what installations have left behind that were ended by force. */
async function removeLeftovers(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  for (const name of await readdir(parent)) {
    const [, kind, id] = /^(.*)\.(?:new|old)-(\d+)$/.exec(name) ?? [];
    if (kind !== path.basename(folder) || isAlive(Number(id))) continue;
    await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readable(error: unknown, folder: string): unknown {
  if (error instanceof EngineError || !(error instanceof Error) || !('code' in error)) return error;
  if (saysDiskFull(error.message)) return diskFull(folder);
  return new EngineError(
    'engine/not-writable',
    `The engine cannot be put into ${folder}: ${error.message}`,
    'Make the folder writable, end the runs that use the engine, or name another folder with --folder.',
    { cause: error },
  );
}
