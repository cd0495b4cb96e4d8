import type { Experiment } from './schema';

/**
 * The experiment that trains each task alone, for comparison: no shared parameter, equal weights and fresh parameters, and all else as it
 * is written, so that rows, budget and stopping are the same.
 */
export function singleTaskBaseline(experiment: Experiment): Experiment {
  const { encoder, head } = experiment.model;
  return {
    ...experiment,
    model: { encoder, head, sharing: { name: 'single-task' } },
    training: { ...experiment.training, weighting: { name: 'equal' } },
    relatedness: { ...experiment.relatedness, measures: [] },
    baseline: 'none',
  };
}
