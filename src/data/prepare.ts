import { ExperimentError } from '../experiment/problem';
import type { Experiment } from '../experiment/schema';
import { prepare } from './preparation';
import { createLoader } from './read/loader';
import type { TaskSet } from './taskSet';

/**
 * Reads the tables of an experiment, splits their rows, fits preprocessing on the training split and encodes
 * everything for training. Relative file names start from `folder`.
 * @throws ExperimentError with findings for everything about the data that a person must mend.
 */
export async function prepareTasks(experiment: Experiment, folder: string): Promise<TaskSet> {
  const { taskSet, findings } = await prepare(experiment, createLoader(folder, new Map()));
  if (!taskSet) throw new ExperimentError(findings.filter(({ severity }) => severity === 'error'));
  return taskSet;
}
