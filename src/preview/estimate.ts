import type { TaskSet } from '../data/taskSet';
import { networkExperiment, networksOf } from '../experiment/groups';
import type { MeasureEstimate } from '../experiment/measureEstimate';
import { ExperimentError } from '../experiment/problem';
import type { Experiment } from '../experiment/schema';
import { measureByName, type MeasureDescription } from '../relatedness';
import { estimateOfMoreTraining } from './moreTraining';
import { networkOf, outlineOf, outlineOfTasks, type Network } from './network';
import { estimateOfSteps } from './stepMeasures';
import { estimateOfTrained } from './trainedMeasures';
import { shortOf } from './wording';

/**
 * What the measures of an experiment are about to cost, in their order, from the programs that a run of it compiles.
 * Empty where no two tasks can be compared, or the data does not fit the model.
 */
export function estimateCosts(experiment: Experiment, taskSet: TaskSet): readonly MeasureEstimate[] {
  if (taskSet.tasks.length < 2) return [];
  const outline = outlineOf(taskSet);
  try {
    const networks = networksOfExperiment(experiment, outline);
    return [...new Set(experiment.relatedness.measures)].flatMap((name) => {
      const measure = measureByName(name);
      return measure === undefined ? [] : estimateOf(measure, networks, outline);
    });
  } catch (error) {
    if (error instanceof ExperimentError) return [];
    throw error;
  }
}

/** One for all tasks, or those of `groups`. */
function networksOfExperiment(experiment: Experiment, outline: TaskSet): readonly Network[] {
  const groups = networksOf(experiment);
  if (groups === undefined) return [networkOf(experiment, outline)];
  return groups.map((group) => networkOf(networkExperiment(experiment, group), outlineOfTasks(outline, group.tasks)));
}

function estimateOf(measure: MeasureDescription, networks: readonly Network[], outline: TaskSet): MeasureEstimate {
  const { name, cost } = measure;
  const measuring = networks.filter(({ measured }) => asksFor(measured, name));
  if (measuring.length === 0) return notMeasured(name, networks);
  if (measure.moment === 'more training') return estimateOfMoreTraining(measure, measuring, networks, outline);
  if (measuring.some(({ measured }) => measured.views.some((view) => view.name === name))) {
    const label = 'after each epoch, next to nothing';
    return { measure: name, label, short: shortOf(0), explanation: `${cost.formula}.` };
  }
  return measure.moment === 'training'
    ? estimateOfSteps(measure, measuring, networks)
    : estimateOfTrained(measure, measuring, networks);
}

function asksFor({ measures, views, inspected, trainings }: Network['measured'], name: string): boolean {
  return [...measures, ...views, ...inspected, ...trainings].some((measure) => measure.name === name);
}

function notMeasured(measure: string, networks: readonly Network[]): MeasureEstimate {
  const obstacle = networks
    .flatMap(({ measured }) => measured.obstacles)
    .find(({ measures }) => measures.includes(measure));
  const why = obstacle?.why ?? 'every network has one task alone';
  return {
    measure,
    label: `not measured: ${why}`,
    short: 'not measured',
    explanation: obstacle?.message ?? 'Tasks are compared within a network.',
  };
}
