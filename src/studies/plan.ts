import { singleTaskBaseline } from '../experiment/baseline';
import type { Data } from '../experiment/dataSchema';
import { withoutGroups } from '../experiment/groups';
import { onlyTasks } from '../experiment/onlyTasks';
import { withSplitsOf } from '../experiment/replicate';
import type { Experiment } from '../experiment/schema';
import { isEach } from '../experiment/tasks';
import type { StudyBase, StudyRun } from './study';

/** For every share of the training rows and every seed each task alone, and all together; the largest share first. */
export function planLessData(base: StudyBase, fractions: readonly number[]): readonly StudyRun[] {
  return [...fractions]
    .sort((one, other) => other - one)
    .flatMap((fraction) => pairs({ ...base, experiment: withFraction(base, fraction) }, fraction));
}

/** For every seed each task alone, and all together. */
export function planRobustness(base: StudyBase): readonly StudyRun[] {
  return pairs(base, null);
}

/** For every seed a run of all other tasks, from whose parameters the new task starts. */
export function planTrunks({ experiment, seeds }: StudyBase, others: readonly string[]): readonly StudyRun[] {
  const own = onlyTasks(plain(experiment), others);
  return seeds.map((seed) => ({ arm: 'trunk', at: null, seed, experiment: ofSeed(own, seed) }));
}

/** The ways to learn a new task; the first is what the others are compared with. */
export const transferArms = ['from scratch', 'frozen', 'fine-tuned'] as const;

/**
 * For every number of rows and every seed the new task from scratch, on the frozen shared parameters of the others, and
 * on these as a start.
 * @param base With the training rows of the new task.
 * @param trunks Run folders by seed; seeds that have none are left out.
 */
export function planTransfer(
  base: StudyBase,
  task: string,
  rows: readonly number[],
  trunks: ReadonlyMap<number, string>,
): readonly StudyRun[] {
  return [...rows]
    .sort((one, other) => other - one)
    .flatMap((count) => {
      const fewer = withFraction(base, Math.min(1, count / base.trainingRows));
      const own = onlyTasks(plain(fewer), [task]);
      const alone = { ...own, training: { ...own.training, weighting: { name: 'equal' as const } } };
      return base.seeds.flatMap((seed) => {
        const from = trunks.get(seed);
        if (from === undefined) return [];
        return transferArms.map((arm): StudyRun => ({
          arm,
          at: count,
          seed,
          experiment: ofSeed(arm === 'from scratch' ? alone : startedFrom(alone, from, arm === 'frozen'), seed),
        }));
      });
    });
}

function pairs({ experiment, seeds }: StudyBase, at: number | null): readonly StudyRun[] {
  const shared = plain(experiment);
  return seeds.flatMap((seed): StudyRun[] => [
    { arm: 'single', at, seed, experiment: ofSeed(singleTaskBaseline(shared), seed) },
    { arm: 'shared', at, seed, experiment: ofSeed(shared, seed) },
  ]);
}

/** One network without anything that takes time and is not asked for here. */
function plain(experiment: Experiment): Experiment {
  return {
    ...withoutGroups(experiment),
    relatedness: { ...experiment.relatedness, measures: [] },
    baseline: 'none',
  };
}

function startedFrom(experiment: Experiment, from: string, freeze: boolean): Experiment {
  return { ...experiment, model: { ...experiment.model, start: { from, freeze } } };
}

function ofSeed(experiment: Experiment, seed: number): Experiment {
  return withSplitsOf({ ...experiment, training: { ...experiment.training, seeds: [seed] } }, seed);
}

/**
 * The experiment with a share of its training rows and as many steps as with all of them: so many more epochs, and as
 * much more patience.
 */
function withFraction({ experiment, trainingRows }: StudyBase, fraction: number): Experiment {
  if (fraction === 1) return experiment;
  const { data, tasks, training } = experiment;
  const { batchSize, epochs, stopEarly } = training;
  const stepsOf = (rows: number) => Math.ceil(Math.max(1, Math.round(rows)) / batchSize);
  const longer = stepsOf(trainingRows) / stepsOf(fraction * trainingRows);
  const fewer = <Source extends Data>(source: Source): Source => ({
    ...source,
    split: { ...source.split, trainFraction: fraction * (source.split.trainFraction ?? 1) },
  });
  return {
    ...experiment,
    ...(data && { data: fewer(data) }),
    tasks: isEach(tasks)
      ? tasks
      : Object.fromEntries(
          Object.entries(tasks).map(([name, task]) => [name, task.data ? { ...task, data: fewer(task.data) } : task]),
        ),
    training: {
      ...training,
      epochs: Math.min(100_000, Math.round(epochs * longer)),
      ...(stopEarly && { stopEarly: { ...stopEarly, patience: Math.round(stopEarly.patience * longer) } }),
    },
  };
}
