import { ExperimentError } from '../experiment/problem';
import type { Experiment } from '../experiment/schema';
import { prepare } from './preparation';
import type { FittedTable } from './fitted';
import { createLoader } from './read/loader';
import type { TaskSet } from './taskSet';

/**
 * Reads the tables of an experiment, splits their rows, fits preprocessing on the training split and encodes
 * everything for training. Relative file names start from `folder`.
 * @param fitted Preprocessing to use instead of fitting it anew, for tables with the same columns.
 * @throws ExperimentError with findings for everything about the data that a person must mend.
 */
export async function prepareTasks(
  experiment: Experiment,
  folder: string,
  fitted: readonly FittedTable[] = [],
): Promise<TaskSet> {
  const { taskSet, findings } = await prepare(experiment, createLoader(folder, new Map()), fitted);
  if (!taskSet) throw new ExperimentError(findings.filter(({ severity }) => severity === 'error'));
  return taskSet;
}
