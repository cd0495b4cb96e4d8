import { weightingByName } from '../../weighting';
import type { Split } from '../dataSchema';
import type { Finding } from '../problem';
import { chosenTasks } from '../onlyTasks';
import type { Experiment } from '../schema';
import { readsCommonly, sharesHeads, sharesParameters } from '../sharing';
import { isEach, namedTasks } from '../tasks';
import { code } from '../wording';
import { error, unknownTask, warning } from './findings';
import type { TableUse } from './tables';

const place = ['training', 'weighting'] as const;

/** Weightings that the model, the tasks or the data leave nothing to work with. */
export function checkWeighting(experiment: Experiment, tables: readonly TableUse[]): Finding[] {
  return [
    ...gradientWeighting(experiment),
    ...gradientsAt(experiment),
    ...fixedWeights(experiment),
    ...(isEach(experiment.tasks) ? [] : checkPrimary(experiment, chosenTasks(experiment) ?? namesOf(experiment))),
    ...withoutValidation(experiment, tables),
  ];
}

/** Methods that look at the gradients of the tasks need parameters that the tasks share. */
function gradientWeighting({ training, model }: Experiment): Finding[] {
  const { name } = training.weighting;
  if (weightingByName(name)?.needs === 'losses') return [];
  if (!sharesParameters(model.sharing.name)) {
    const message = `${code(name)} weighs by the gradients at the parameters that tasks share, and with ${code(`sharing: ${model.sharing.name}`)} they share none. Choose a weighting by losses, such as \`uncertainty\`, or another sharing.`;
    return [error('weighting-needs-sharing', place, message)];
  }
  if (model.start?.freeze === true) {
    const message = `${code(name)} weighs by the gradients at the shared parameters, and \`freeze\` keeps these as they are. Take \`freeze\` out, or choose a weighting by losses, such as \`uncertainty\`.`;
    return [error('weighting-needs-sharing', place, message)];
  }
  if (sharesHeads(model.sharing.name) || model.encoder.layers.length > 0) return [];
  const message = `${code(name)} weighs by the gradients at the shared encoder, which has no layers. Give \`model.encoder\` a layer.`;
  return [error('weighting-needs-encoder', place, message)];
}

/** Gradients at the representation are compared row by row, where all tasks read the same of the same rows. */
function gradientsAt(experiment: Experiment): Finding[] {
  const { training, model, tasks } = experiment;
  if (training.gradientsAt === 'shared-parameters') return [];
  const path = ['training', 'gradientsAt'];
  const { name } = training.weighting;
  const remedy = 'Take `gradientsAt` out to have them at the shared parameters.';
  const needs = weightingByName(name)?.needs;
  if (needs === 'losses') {
    const message = `\`gradientsAt\` has no effect: ${code(name)} does not look at gradients. Take it out.`;
    return [warning('setting-without-effect', path, message, { atKey: true })];
  }
  if (needs === 'gradients') {
    const message = `${code(name)} does more with the gradients than compare them, so it takes them at the shared parameters. ${remedy}`;
    return [error('weighting-needs-parameters', path, message)];
  }
  const rows = isEach(tasks) || namedTasks(experiment).some(({ task }) => task.data);
  if (rows) {
    const message = `Each task has rows of its own, so the gradients at their representations have nothing in common. ${remedy}`;
    return [error('no-common-representation', path, message)];
  }
  if (readsCommonly(model.sharing.name)) return [];
  const message = `With ${code(`sharing: ${model.sharing.name}`)} each task reads a representation of its own, so there is none at which to compare gradients. ${remedy}`;
  return [error('no-common-representation', path, message)];
}

function fixedWeights(experiment: Experiment): Finding[] {
  const { weighting } = experiment.training;
  if (weighting.name !== 'fixed' || isEach(experiment.tasks)) return [];
  const tasks = namesOf(experiment);
  const path = [...place, 'weights'];
  const weights = new Map(Object.entries(weighting.weights));
  const unknown = [...weights.keys()]
    .filter((name) => !tasks.includes(name))
    .map((name) => {
      const free = tasks.filter((task) => !weights.has(task));
      return unknownTask(name, tasks, free, [...path, name], { atKey: true });
    });
  if (tasks.length === 0 || !tasks.every((task) => weights.get(task) === 0)) return unknown;
  const message = 'All weights are 0, so nothing is trained. Give one task a weight above 0.';
  return [...unknown, error('no-weight', path, message, { atKey: true })];
}

/**
 * Primary tasks of `auto-lambda` that do not exist.
 * @param tasks The names of those that are trained; where they are the values of a column, as the data has them.
 */
export function checkPrimary(experiment: Experiment, tasks: readonly string[]): Finding[] {
  const { weighting } = experiment.training;
  if (weighting.name !== 'auto-lambda') return [];
  const primary = weighting.primary ?? [];
  const free = tasks.filter((task) => !primary.includes(task));
  return primary.flatMap((name, at) =>
    tasks.includes(name) ? [] : [unknownTask(name, tasks, free, [...place, 'primary', at])],
  );
}

/** `auto-lambda` learns its weights on the validation rows of the primary tasks. */
function withoutValidation(experiment: Experiment, tables: readonly TableUse[]): Finding[] {
  const { weighting } = experiment.training;
  if (weighting.name !== 'auto-lambda' || tables.some(({ data }) => hasValidation(data.split))) return [];
  if (tables.length === 0) return [];
  const message =
    '`auto-lambda` learns its weights on the validation split, which is empty. Give `split` some validation rows.';
  return [error('weighting-without-validation', place, message)];
}

export function hasValidation({ validation }: Split): boolean {
  return typeof validation === 'number' ? validation > 0 : validation.length > 0;
}

/** Whether there are rows that a network is not trained on. */
export function hasHeldOut(split: Split): boolean {
  return hasValidation(split) || typeof split.test !== 'number' || split.test > 0;
}

function namesOf(experiment: Experiment): string[] {
  return namedTasks(experiment).map(({ name }) => name);
}
