import type { TaskSet } from '../data/taskSet';
import type { MeasureEstimate } from '../experiment/measureEstimate';
import { onlyTasks } from '../experiment/onlyTasks';
import { planTrainings, trainingsMeasuresOf, type MeasureDescription, type PlannedTraining } from '../relatedness';
import { networkOf, outlineOfTasks, stepWork, trainingWork, type Network } from './network';
import { times, total, type Work } from './work';
import { acrossNetworks } from './wording';

/** Networks of one size that are looked at, at most: of more, some at even distances stand for all. */
const mostLookedAt = 12;

/** What a measure costs that needs more networks. @param measuring Those of the networks that measure it. */
export function estimateOfMoreTraining(
  { name, cost }: MeasureDescription,
  measuring: readonly Network[],
  networks: readonly Network[],
  outline: TaskSet,
): MeasureEstimate {
  const planned = measuring.map((network) => planTrainings(trainingsMeasuresOf([name]), network.model.order.length));
  const trainings = planned.reduce((sum, { length }) => sum + length, 0);
  const work = total(measuring.map((network, place) => workOf(network, planned[place], outline)));
  const share = work.nanoseconds / total(networks.map(trainingWork)).nanoseconds;
  return {
    measure: name,
    trainings,
    multiplications: work.multiplications,
    share,
    label: `${trainings} more networks, ≈ ${multipleText(share)}× the time of training if one after the other`,
    short: `${trainings} networks`,
    explanation: [
      `${cost.formula}: ${trainings} networks, each a run of its own with the same budget, as many side by side as the machine has cores.`,
      ...(networks.length === 1 ? [] : [acrossNetworks(measuring.length)]),
      'A network of some of the tasks has smaller steps. To begin a run and to read its data takes a tenth of a second besides, or longer where the data is large. A network that two measures need is trained once.',
    ].join('\n\n'),
  };
}

function workOf(network: Network, planned: readonly PlannedTraining[], outline: TaskSet): Work {
  const sizes = new Set(planned.map(({ tasks }) => tasks.length));
  const known = new Map<string, Work>();
  return total(
    [...sizes].map((size) => {
      const alike = planned.filter(({ tasks }) => tasks.length === size);
      const apart = Math.ceil(alike.length / mostLookedAt);
      const looked = alike.filter((_, place) => place % apart === 0);
      const each = total(looked.map(({ tasks }) => workOfPart(partOf(network, tasks, outline), known)));
      return times(each, alike.length / looked.length);
    }),
  );
}

/** The network of some of a network's tasks. */
function partOf({ experiment, model }: Network, tasks: readonly number[], outline: TaskSet): Network {
  const names = tasks.map((task) => model.taskSet.tasks[task].name);
  const own = onlyTasks(experiment, names);
  const unmeasured = { ...own, relatedness: { ...own.relatedness, measures: [] } };
  return networkOf(unmeasured, outlineOfTasks(outline, names));
}

/** @param known Steps of networks by their shape: those of alike tasks are the same. */
function workOfPart(part: Network, known: Map<string, Work>): Work {
  const { model, batchSize, experiment, stepsPerEpoch } = part;
  const heads = model.groups.map(({ name, kind, loss, columns }) => [name, kind, loss, columns]);
  const shape = JSON.stringify([batchSize, heads, model.parameters.map(({ name, shape: own }) => [name, own])]);
  const step = known.get(shape) ?? stepWork(part, []);
  known.set(shape, step);
  return times(step, experiment.training.epochs * stepsPerEpoch);
}

/** Such as `0.4`, `7.5`, `24`. */
function multipleText(share: number): string {
  return String(Number(share.toPrecision(2)));
}
