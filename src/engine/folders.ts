import path from 'node:path';
import { engineFolderVariable, userEngineFolder } from '../program/executors/native/engineFolder';

export { engineFolderVariable };

/** Where an engine is put unless a folder is named: what MTL_ENGINE_FOLDER says, or the user's data folder. */
export function installFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = environment[engineFolderVariable];
  return named ? path.resolve(named) : userEngineFolder(environment);
}
