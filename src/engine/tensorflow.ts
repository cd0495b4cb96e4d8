import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { diskFull, EngineError, saysDiskFull } from './errors';
import { lastLines, runTool, type ToolEnd } from './tools';

/** How TensorFlow's libraries are called, and where an addon looks for them beside itself. */
export interface PlatformNames {
  /** The whole library, then the framework that it needs. */
  readonly libraries: readonly [string, string];
  /** What the linker calls the folder of the addon. */
  readonly origin: string;
  /** The package of pip that holds TensorFlow. */
  readonly wheel: string;
}

const platforms: Partial<Record<NodeJS.Platform, PlatformNames>> = {
  linux: {
    libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
    origin: '$ORIGIN',
    wheel: 'tensorflow-cpu',
  },
  darwin: {
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
    origin: '@loader_path',
    wheel: 'tensorflow',
  },
};

/** @throws EngineError on a platform where the addon is not built. */
export function platformNames(platform: NodeJS.Platform = process.platform): PlatformNames {
  const names = platforms[platform];
  if (names) return names;
  throw new EngineError(
    'engine/unsupported-platform',
    `On ${platform} the native engine comes from the download of tfjs-node only, and that did not succeed.`,
    'Allow storage.googleapis.com in your network, or use the engine wasm, which needs nothing.',
  );
}

/** A TensorFlow to build against: a folder that holds the libraries and `include`. */
export interface TensorflowSource {
  readonly folder: string;
  /** Where it comes from, for a person. */
  readonly origin: string;
}

export interface SearchOptions {
  /** Pythons to ask, the first one first. */
  readonly pythons: readonly string[];
  /** A folder to download and unpack in. */
  readonly workFolder: string;
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Finds TensorFlow: in a Python of this machine, or else in the wheel that pip finds.
 * @throws EngineError where there is no Python, or no TensorFlow.
 */
export async function findTensorflow(options: SearchOptions): Promise<TensorflowSource> {
  const names = platformNames();
  const pythons: string[] = [];
  for (const python of options.pythons) {
    const end = await runTool(python, ['-c', askFolder], signalOf(options));
    if (end.kind === 'missing') continue;
    pythons.push(python);
    const folder = end.stdout.trim();
    if (end.code === 0 && folder !== '' && isComplete(folder, names))
      return { folder, origin: `the TensorFlow of ${python}` };
  }
  if (pythons.length === 0) {
    throw new EngineError(
      'engine/no-python',
      `The download of tfjs-node did not succeed, and there is no Python to take TensorFlow from (${options.pythons.join(', ')}).`,
      'Install Python 3 with pip, or name one with --python.',
    );
  }
  return fromWheel(pythons, names, options);
}

/** Prints the folder of the TensorFlow that Python would import, without importing it. */
const askFolder =
  'import importlib.util as u; s = u.find_spec("tensorflow"); print(list(s.submodule_search_locations)[0] if s else "")';

/** Whether a folder has all that the addon is built from. */
export function isComplete(folder: string, { libraries }: PlatformNames): boolean {
  const header = path.join('include', 'tensorflow', 'c', 'c_api.h');
  return [...libraries, header].every((file) => existsSync(path.join(folder, file)));
}

/** pip offers wheels of this Python only; of another one they serve as well, since no Python code is taken from them. */
const otherPythons = [[], ['--python-version', '3.12'], ['--python-version', '3.11']] as const;

async function fromWheel(
  pythons: readonly string[],
  names: PlatformNames,
  options: SearchOptions,
): Promise<TensorflowSource> {
  const downloads = path.join(options.workFolder, 'download');
  await mkdir(downloads, { recursive: true });
  options.say(`Downloading the Python package ${names.wheel} (about 260 MB)`);
  let complaint = '';
  for (const python of pythons) {
    for (const other of otherPythons) {
      const parameters = ['--no-deps', '--only-binary=:all:', '--retries', '1', '--dest', downloads, ...other];
      const end = await runTool(python, ['-m', 'pip', 'download', ...parameters, names.wheel], signalOf(options));
      const wheel = (await readdir(downloads)).find((file) => file.endsWith('.whl'));
      if (succeeded(end) && wheel !== undefined) return unpack(python, path.join(downloads, wheel), names, options);
      if (end.kind === 'ended') complaint = lastLines(end.output, 3);
      if (saysDiskFull(complaint)) throw diskFull(downloads);
      if (/No module named pip/.test(complaint)) break;
    }
  }
  throw new EngineError(
    'engine/no-tensorflow',
    `The download of tfjs-node did not succeed, no Python here has TensorFlow, and pip finds no ${names.wheel}:\n${complaint}`,
    `Install TensorFlow into a Python (python3 -m pip install ${names.wheel}) and name that with --python.`,
  );
}

/** Unpacks the libraries and the headers that the addon includes. A wheel is a zip. */
const unpackWheel = `
import sys, zipfile
wheel, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(folder, [name for name in archive.namelist() if name.startswith(tuple(prefixes))])
`;

async function unpack(
  python: string,
  wheel: string,
  names: PlatformNames,
  options: SearchOptions,
): Promise<TensorflowSource> {
  options.say(`Unpacking ${path.basename(wheel)}`);
  const headers = ['tensorflow/c/', 'tensorflow/core/platform/', 'tsl/', 'xla/tsl/'].map((name) => `include/${name}`);
  const wanted = [...names.libraries, ...headers].map((name) => `tensorflow/${name}`);
  const end = await runTool(python, ['-c', unpackWheel, wheel, options.workFolder, ...wanted], signalOf(options));
  const folder = path.join(options.workFolder, 'tensorflow');
  if (succeeded(end) && isComplete(folder, names)) {
    await rm(wheel, { force: true });
    return { folder, origin: `the wheel ${path.basename(wheel)}` };
  }
  const output = end.kind === 'ended' ? end.output : '';
  if (saysDiskFull(output)) throw diskFull(options.workFolder);
  throw new EngineError(
    'engine/no-tensorflow',
    `${path.basename(wheel)} does not hold what is needed: ${lastLines(output, 2) || names.libraries.join(', ')}`,
    'Install TensorFlow into a Python and name that with --python.',
  );
}

function succeeded(end: ToolEnd): boolean {
  return end.kind === 'ended' && end.code === 0;
}

function signalOf({ signal }: SearchOptions): { readonly signal?: AbortSignal } {
  return signal ? { signal } : {};
}
