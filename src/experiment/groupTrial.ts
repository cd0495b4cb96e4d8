import { singleTaskBaseline } from './baseline';
import { withGroups, withoutGroups, type TaskNetwork } from './groups';
import type { Experiment } from './schema';

/** The three experiments that tell whether groups of tasks are better than what they stand between. */
export interface GroupTrial {
  readonly grouped: Experiment;
  /** All tasks in one network. */
  readonly together: Experiment;
  readonly alone: Experiment;
}

/**
 * The same experiment with its tasks in groups, all together and each alone, over the same seeds. None of them measures
 * relatedness: that was done.
 * @param of What the groups are called after the name of the experiment.
 */
export function groupTrial(
  experiment: Experiment,
  networks: readonly TaskNetwork[],
  { of, seeds }: { readonly of: string; readonly seeds: readonly number[] },
): GroupTrial {
  const { name } = experiment;
  const together: Experiment = {
    ...withoutGroups(experiment),
    name: `${name}, all together`,
    training: { ...experiment.training, seeds: [...seeds] },
    relatedness: { ...experiment.relatedness, measures: [] },
    baseline: 'single-task',
  };
  return {
    grouped: { ...withGroups(together, networks), name: `${name}, ${of}` },
    together,
    alone: { ...singleTaskBaseline(together), name: `${name}, each alone` },
  };
}
