import { existsSync } from 'node:fs';
import { copyFile, link, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { diskFull, EngineError, saysDiskFull } from './errors';
import { packageFolder } from './inspect';
import { platformNames, type PlatformNames, type TensorflowSource } from './tensorflow';
import { lastLines, runTool } from './tools';

/** Node-API is stable, so headers of this package serve for every Node; Node's own are not there in VS Code. */
export const headersPackage = { name: 'node-api-headers', version: '1.9.0' } as const;

export interface AddonPaths {
  /** The engine folder, with tfjs-node and the headers of Node-API. */
  readonly engineFolder: string;
  /** The folder with TensorFlow's `include`. */
  readonly tensorflowFolder: string;
}

/** The compiler's parameters; it is to be run in the folder of tfjs-node, whose `deps/lib` has the libraries. */
export function compilerParameters(
  { engineFolder, tensorflowFolder }: AddonPaths,
  { libraries, origin }: PlatformNames,
  platform: NodeJS.Platform = process.platform,
): string[] {
  const headers = path.join(engineFolder, 'node_modules', headersPackage.name, 'include');
  return [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
    ...['-Iinclude', `-I${path.join(tensorflowFolder, 'include')}`, `-I${headers}`],
    ...['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc', '-o', addonFile],
    ...libraries.map((library) => path.join('deps', 'lib', library)),
    `-Wl,-rpath,${origin}/../../deps/lib`,
    // Functions of Node are found when the addon is loaded; elsewhere than on macOS that goes without saying.
    ...(platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []),
  ];
}

/** Where tfjs-node looks for its addon. */
const addonFile = path.join('lib', 'napi-v8', 'tfjs_binding.node');

export interface AddonOptions {
  readonly engineFolder: string;
  readonly tensorflow: TensorflowSource;
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/**
 * Builds the addon of tfjs-node against a TensorFlow, whose libraries come into the engine folder.
 * @throws EngineError where there is no compiler, or where it refuses.
 */
export async function buildAddon(options: AddonOptions): Promise<void> {
  const { engineFolder, tensorflow, environment = process.env, signal } = options;
  const names = platformNames();
  const folder = packageFolder(engineFolder);
  await mkdir(path.join(folder, 'deps', 'lib'), { recursive: true });
  await mkdir(path.join(folder, path.dirname(addonFile)), { recursive: true });
  for (const library of names.libraries) {
    await takeFile(path.join(tensorflow.folder, library), path.join(folder, 'deps', 'lib', library));
  }
  const parameters = compilerParameters({ engineFolder, tensorflowFolder: tensorflow.folder }, names);
  const compilers = environment.CXX ? [environment.CXX] : ['g++', 'clang++', 'c++'];
  for (const compiler of compilers) {
    const end = await runTool(compiler, parameters, { folder, environment, ...(signal && { signal }) });
    if (end.kind === 'missing') continue;
    if (end.code === 0 && existsSync(path.join(folder, addonFile))) return;
    if (saysDiskFull(end.output)) throw diskFull(engineFolder);
    throw new EngineError(
      'engine/compile-failed',
      `${compiler} could not build the addon against ${tensorflow.origin}:\n${lastLines(end.output)}`,
      'A compiler with C++17 is needed, and TensorFlow 2.9 or later. Another Python can be named with --python.',
    );
  }
  throw new EngineError(
    'engine/no-compiler',
    `There is no C++ compiler (${compilers.join(', ')}) to build the addon with.`,
    'Install one (Debian and Ubuntu: apt install g++; macOS: xcode-select --install), or name one in CXX.',
  );
}

/** A second name of the file where the disk allows it: it stays when the first one goes, and needs no space. */
async function takeFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    await copyFile(from, to);
  }
}
