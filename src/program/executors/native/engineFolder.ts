import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package that holds TensorFlow for Node. */
export const enginePackage = '@tensorflow/tfjs-node';

/** The environment variable that names the folder to look into first. */
export const engineFolderVariable = 'MTL_ENGINE_FOLDER';

/**
 * Folders in which the native engine may be installed, the first one first: what MTL_ENGINE_FOLDER names, `.cache/engine`
 * of the clone that the running file belongs to, the user's data folder, and wherever Node finds the package from here.
 * Each holds `node_modules/@tensorflow/tfjs-node`. Nothing has to be in them.
 */
export function engineFolders(environment: Readonly<Record<string, string | undefined>> = process.env): string[] {
  const named = environment[engineFolderVariable];
  const here = fileURLToPath(import.meta.url);
  const folders = [
    ...(named ? [path.resolve(named)] : []),
    ...cloneFolders(here),
    userEngineFolder(environment),
    ...installedFolders(here),
  ];
  return [...new Set(folders)];
}

/** Of the nearest folder above that is a package: the clone, be it from its dist or from its sources. */
function cloneFolders(file: string): string[] {
  for (let folder = path.dirname(file); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return [path.join(folder, '.cache', 'engine')];
  }
  return [];
}

/** The engine folder of this user, for whatever runs outside a clone. */
export function userEngineFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  return path.join(userDataFolder(environment), 'mtl-workbench', 'engine');
}

function userDataFolder(environment: Readonly<Record<string, string | undefined>>): string {
  switch (process.platform) {
    case 'darwin':
      return path.join(os.homedir(), 'Library', 'Application Support');
    case 'win32':
      return environment.LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local');
    default:
      return environment.XDG_DATA_HOME ?? path.join(os.homedir(), '.local', 'share');
  }
}

function installedFolders(file: string): string[] {
  try {
    const manifest = createRequire(file).resolve(`${enginePackage}/package.json`);
    return [path.resolve(path.dirname(manifest), '../../..')];
  } catch {
    return [];
  }
}
