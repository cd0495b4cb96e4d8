import type { Data } from './dataSchema';
import type { Experiment } from './schema';
import { isEach } from './tasks';

/**
 * The experiment with the splits of the replicate of this seed: where a split says `seed: replicate` it is this seed, and
 * so is what draws the training rows that are used, unless it has a number of its own.
 */
export function withSplitsOf(experiment: Experiment, seed: number): Experiment {
  const { data, tasks } = experiment;
  return {
    ...experiment,
    ...(data && { data: withSplitOf(data, seed) }),
    tasks: isEach(tasks)
      ? tasks
      : Object.fromEntries(
          Object.entries(tasks).map(([name, task]) => [
            name,
            task.data === undefined ? task : { ...task, data: withSplitOf(task.data, seed) },
          ]),
        ),
  };
}

/** The experiment of exactly one run: of one seed, its split and what computes it. */
export function experimentOfRun(
  experiment: Experiment,
  { seed, engine, threads }: { readonly seed: number } & Pick<Experiment, 'engine' | 'threads'>,
): Experiment {
  const own = withSplitsOf(experiment, seed);
  return { ...own, engine, threads, training: { ...own.training, seeds: [seed] } };
}

function withSplitOf<Source extends Data>(data: Source, seed: number): Source {
  const { split } = data;
  const drawsRows = split.trainFraction !== undefined && typeof split.trainSeed !== 'number';
  const drawsSplits = !('column' in split) && split.seed === 'replicate';
  if (!drawsRows && !drawsSplits) return data;
  return { ...data, split: { ...split, ...(drawsSplits && { seed }), ...(drawsRows && { trainSeed: seed }) } };
}
