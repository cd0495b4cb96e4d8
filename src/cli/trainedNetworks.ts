import { join } from 'node:path';
import type { TaskGroup, TaskGrouping } from '../relatedness/grouping';
import { mostBudgetTasks, selectNetworks, type MeasuredNetwork } from '../relatedness/grouping/budget';
import type { TaskPrediction } from '../relatedness/grouping/prediction';
import { decidingLoss } from '../runs/decidingLoss';
import { readReplicates } from '../runs/group';
import { readOutline, type ReadRun } from '../runs/read';
import { runFiles } from '../runs/record';
import { listRuns } from '../runs/store';
import { UsageError } from './errors';

/** Groups that were found among networks that are trained already, and what each task gains in its own. */
export interface GroupingWithin {
  readonly grouping: TaskGrouping;
  readonly predictions: readonly TaskPrediction[];
  /** Those whose networks count, in the order in which they were started. */
  readonly seeds: readonly number[];
}

/**
 * The networks that a run trained for its measures and itself, of which so many as the budget holds serve all tasks with
 * the least sum of losses. A loss counts by its share of that in the network of all tasks, so that tasks of any scale
 * count alike; where other seeds of the run have trained the network, too, by the mean of those shares.
 * @throws UsageError where there are none to choose from.
 */
export async function groupingWithin(run: ReadRun, budget: number): Promise<GroupingWithin> {
  const count = run.state.tasks.length;
  if (count > mostBudgetTasks) {
    throw new UsageError(`--budget is for up to ${mostBudgetTasks} tasks, and the run has ${count}. Use --groups.`);
  }
  const names = run.state.tasks.map(({ name }) => name);
  const seeds = await trainedBySeed(await readReplicates(run), names);
  if (seeds.length === 0) throw new UsageError(whyNoNetworks(run));
  const networks = meanNetworks(seeds.flatMap((each) => each.networks));
  const selection = selectNetworks(networks, count, budget);
  // The run itself serves all tasks at a cost of 1.
  if (selection === undefined) throw new UsageError(`No network can be had for a budget of ${budget}. Use 1 or more.`);
  const { servedBy } = selection;
  const shares = servedBy.map((network, task) => networks[network].losses[networks[network].tasks.indexOf(task)]);
  const groups = selection.networks.flatMap((network): TaskGroup[] => {
    const serves = networks[network].tasks.filter((task) => servedBy[task] === network);
    const helpers = networks[network].tasks.filter((task) => servedBy[task] !== network);
    return serves.length === 0 ? [] : [{ serves, helpers }];
  });
  return {
    grouping: {
      groups: groups.sort((one, other) => one.serves[0] - other.serves[0]),
      score: shares.reduce((sum, share) => sum + share, 0) / count,
      exact: true,
      filled: 0,
    },
    predictions: shares.map((share) => ({ inGroup: 1 - share, amongAll: 0, change: 1 - share })),
    seeds: seeds.map(({ seed }) => seed),
  };
}

function whyNoNetworks({ state, phase }: ReadRun): string {
  if (state.trainings !== undefined && phase !== 'finished') {
    return `The run has not finished (${phase}), and its networks are compared once it has.`;
  }
  return 'The run has trained no networks of some of its tasks to choose from. Start one with `relatedness: { measures: [pair-gain] }`.';
}

/** Whether there is a choice among the networks that a run has trained. */
export async function hasTrainedNetworks(run: ReadRun): Promise<boolean> {
  const names = run.state.tasks.map(({ name }) => name);
  return (await trainedBySeed([run], names)).length > 0;
}

interface SeedNetworks {
  readonly seed: number;
  readonly networks: readonly MeasuredNetwork[];
}

/** The networks of those replicates that have more than the one of all tasks. */
async function trainedBySeed(
  replicates: readonly ReadRun[],
  names: readonly string[],
): Promise<readonly SeedNetworks[]> {
  const seeds: SeedNetworks[] = [];
  for (const run of replicates) {
    const networks = await trainedNetworks(run, names);
    if (networks.length > 1) seeds.push({ seed: run.record.seed, networks });
  }
  return seeds;
}

/** Each network of the same tasks once, with its mean losses. */
function meanNetworks(networks: readonly MeasuredNetwork[]): readonly MeasuredNetwork[] {
  const alike = new Map<string, MeasuredNetwork[]>();
  for (const network of networks) {
    const key = network.tasks.join();
    alike.set(key, [...(alike.get(key) ?? []), network]);
  }
  return [...alike.values()].map((same) => ({
    ...same[0],
    losses: same[0].losses.map((_, place) => same.reduce((sum, { losses }) => sum + losses[place], 0) / same.length),
  }));
}

/**
 * Each costs 1. Its losses are shares of those in the run itself, which is one of them.
 * @param names The tasks that positions are those of: the run's own, maybe in another order.
 */
async function trainedNetworks(run: ReadRun, names: readonly string[]): Promise<readonly MeasuredNetwork[]> {
  const together = names.map((name) => lossOf(run, run, name));
  if (together.some((loss) => loss === undefined || loss === 0)) return [];
  const { runs } = await listRuns(join(run.folder, runFiles.runs));
  const trained = await Promise.all(runs.map(readOutline));
  return [run, ...trained].flatMap((network): MeasuredNetwork[] => {
    // What was tuned from another network is no network that one would train.
    if (network.phase !== 'finished' || network.state.started?.startedFrom !== undefined) return [];
    const own = new Set(network.state.tasks.map(({ name }) => name));
    const tasks = names.flatMap((name, task) => (own.has(name) ? [task] : []));
    const losses = tasks.map((task) => (lossOf(run, network, names[task]) ?? NaN) / together[task]!);
    return tasks.length < own.size || !losses.every(Number.isFinite) ? [] : [{ tasks, cost: 1, losses }];
  });
}

/** Of a task in a network: the loss that decides which is better. */
function lossOf(run: ReadRun, network: ReadRun, name: string): number | undefined {
  const metricsIn = ({ state }: ReadRun) => state.ending?.metrics[state.tasks.findIndex((task) => task.name === name)];
  return decidingLoss(metricsIn(run), metricsIn(network));
}
