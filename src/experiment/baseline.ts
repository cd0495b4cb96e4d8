import type { Experiment } from './schema';

/**
 * The experiment that trains each task alone, for comparison: no shared parameter and equal weights, and all else as it
 * is written, so that rows, budget and stopping are the same.
 */
export function singleTaskBaseline(experiment: Experiment): Experiment {
  return {
    ...experiment,
    model: { ...experiment.model, sharing: { name: 'single-task' } },
    training: { ...experiment.training, weighting: { name: 'equal' } },
    relatedness: { ...experiment.relatedness, measures: [] },
    baseline: 'none',
  };
}
