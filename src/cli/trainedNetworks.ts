import { join } from 'node:path';
import type { TaskGroup, TaskGrouping } from '../relatedness/grouping';
import { mostBudgetTasks, selectNetworks, type MeasuredNetwork } from '../relatedness/grouping/budget';
import type { TaskPrediction } from '../relatedness/grouping/prediction';
import { decidingLoss } from '../runs/decidingLoss';
import { readOutline, type ReadRun } from '../runs/read';
import { runFiles } from '../runs/record';
import { listRuns } from '../runs/store';
import { UsageError } from './errors';

/** Groups that were found among networks that are trained already, and what each task gains in its own. */
export interface GroupingWithin {
  readonly grouping: TaskGrouping;
  readonly predictions: readonly TaskPrediction[];
}

/**
 * The networks that a run trained for its measures and itself, of which so many as the budget holds serve all tasks with
 * the least sum of losses. A loss counts by its share of that in the network of all tasks, so that tasks of any scale
 * count alike.
 * @throws UsageError where there are none to choose from.
 */
export async function groupingWithin(run: ReadRun, budget: number): Promise<GroupingWithin> {
  const count = run.state.tasks.length;
  if (count > mostBudgetTasks) {
    throw new UsageError(`--budget is for up to ${mostBudgetTasks} tasks, and the run has ${count}. Use --groups.`);
  }
  const networks = await trainedNetworks(run);
  if (networks.length < 2) {
    throw new UsageError(
      'The run has trained no networks of some of its tasks to choose from. Start one with `relatedness: { measures: [pair-gain] }`.',
    );
  }
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
  };
}

/** Whether there is a choice among the networks that a run has trained. */
export async function hasTrainedNetworks(run: ReadRun): Promise<boolean> {
  return (await trainedNetworks(run)).length > 1;
}

/** Each costs 1. Its losses are shares of those in the run itself, which is one of them. */
async function trainedNetworks(run: ReadRun): Promise<readonly MeasuredNetwork[]> {
  const names = run.state.tasks.map(({ name }) => name);
  const together = names.map((_, task) => lossOf(run, run, task));
  if (together.some((loss) => loss === undefined || loss === 0)) return [];
  const { runs } = await listRuns(join(run.folder, runFiles.runs));
  const trained = await Promise.all(runs.map(readOutline));
  return [run, ...trained].flatMap((network): MeasuredNetwork[] => {
    // What was tuned from another network is no network that one would train.
    if (network.phase !== 'finished' || network.state.started?.startedFrom !== undefined) return [];
    const tasks = network.state.tasks.map(({ name }) => names.indexOf(name));
    const losses = tasks.map((task) => (lossOf(run, network, task) ?? NaN) / together[task]!);
    return tasks.includes(-1) || !losses.every(Number.isFinite) ? [] : [{ tasks, cost: 1, losses }];
  });
}

function lossOf(run: ReadRun, network: ReadRun, task: number): number | undefined {
  const place = network.state.tasks.findIndex(({ name }) => name === run.state.tasks[task].name);
  return decidingLoss(run.state.ending?.metrics[task], network.state.ending?.metrics[place]);
}
