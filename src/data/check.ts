import type { Experiment } from '../experiment/schema';
import { prepare, type Preparation } from './preparation';
import { createLoader } from './read/loader';
import type { TableCache } from './read/loader';

/** Prepares the data as training would and says what is wrong or odd, as much at once as can be told. */
export async function checkData(experiment: Experiment, folder: string, cache?: TableCache): Promise<Preparation> {
  return prepare(experiment, createLoader(folder, cache));
}
