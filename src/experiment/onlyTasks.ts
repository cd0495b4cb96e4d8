import type { Experiment } from './schema';

/**
 * The experiment that trains some of its tasks. Rows, splits, preprocessing and scales stay those of all its tasks, so
 * that what is trained compares with any other choice of them.
 * @param names Of tasks; of those that the experiment trains already a part.
 */
export function onlyTasks(experiment: Experiment, names: readonly string[]): Experiment {
  return {
    ...experiment,
    only: [...names],
    training: { ...experiment.training, weighting: weightingOf(experiment, names) },
  };
}

/** Primary tasks that are not trained cannot be followed; where none is left all tasks are. */
function weightingOf(
  { training: { weighting } }: Experiment,
  names: readonly string[],
): Experiment['training']['weighting'] {
  if (weighting.name !== 'auto-lambda' || weighting.primary === undefined) return weighting;
  const { primary, ...rest } = weighting;
  const left = primary.filter((name) => names.includes(name));
  return left.length > 0 ? { ...rest, primary: left } : rest;
}

/** The names under `only` as tasks have them: a value of a column may be written as a number. */
export function chosenTasks({ only }: Pick<Experiment, 'only'>): readonly string[] | undefined {
  return only?.map(String);
}
