import { weightingByName } from '../../weighting';
import type { Split } from '../dataSchema';
import { sharesParameters } from '../sharing';
import { metricsOf } from '../metric';
import { nearest } from '../nearest';
import type { Finding } from '../problem';
import type { Experiment } from '../schema';
import { isEach, namedTasks } from '../tasks';
import { code, enumerate } from '../wording';
import { error } from './findings';
import type { TableUse } from './tables';

/** Weights of unknown tasks, early stopping that has nothing to watch, and seeds that repeat. */
export function checkTraining(experiment: Experiment, tables: readonly TableUse[]): Finding[] {
  return [
    ...gradientWeighting(experiment),
    ...fixedWeights(experiment),
    ...stopEarly(experiment, tables),
    ...seeds(experiment),
  ];
}

/** Methods that look at the gradients of the tasks need parameters that the tasks share. */
function gradientWeighting({ training, model }: Experiment): Finding[] {
  const { name } = training.weighting;
  if (weightingByName(name)?.needs === 'losses') return [];
  const path = ['training', 'weighting'];
  if (!sharesParameters(model.sharing.name)) {
    const message = `${code(name)} weighs by the gradients at the parameters that tasks share, and with ${code(`sharing: ${model.sharing.name}`)} they share none. Choose a weighting by losses, such as \`uncertainty\`, or another sharing.`;
    return [error('weighting-needs-sharing', path, message)];
  }
  if (model.sharing.name !== 'hard' || model.encoder.layers.length > 0) return [];
  const message = `${code(name)} weighs by the gradients at the shared encoder, which has no layers. Give \`model.encoder\` a layer.`;
  return [error('weighting-needs-encoder', path, message)];
}

function fixedWeights(experiment: Experiment): Finding[] {
  const { weighting } = experiment.training;
  if (weighting.name !== 'fixed' || isEach(experiment.tasks)) return [];
  const tasks = namedTasks(experiment).map(({ name }) => name);
  const path = ['training', 'weighting', 'weights'];
  const weights = new Map(Object.entries(weighting.weights));
  const unknown = [...weights.keys()]
    .filter((name) => !tasks.includes(name))
    .map((name) => {
      const free = tasks.filter((task) => !weights.has(task));
      const suggestion = nearest(name, free);
      const remedy =
        suggestion === undefined ? `The tasks are ${enumerate(tasks)}.` : `Did you mean ${code(suggestion)}?`;
      const extra = { atKey: true, ...(suggestion !== undefined && { suggestion }) };
      return error('unknown-task', [...path, name], `There is no task ${code(name)}. ${remedy}`, extra);
    });
  if (tasks.length === 0 || !tasks.every((task) => weights.get(task) === 0)) return unknown;
  const message = 'All weights are 0, so nothing is trained. Give one task a weight above 0.';
  return [...unknown, error('no-weight', path, message, { atKey: true })];
}

function stopEarly(experiment: Experiment, tables: readonly TableUse[]): Finding[] {
  const { stopEarly: rule } = experiment.training;
  if (!rule) return [];
  const findings: Finding[] = [];
  const { tasks } = experiment;
  const kinds = isEach(tasks) ? [tasks.kind] : namedTasks(experiment).map(({ task }) => task.kind);
  const available = metricsOf(kinds);
  if (kinds.length > 0 && !available.includes(rule.metric)) {
    const message = `No task has the metric ${code(rule.metric)}. Metrics of these tasks: ${enumerate(available)}.`;
    findings.push(error('metric-without-task', ['training', 'stopEarly', 'metric'], message));
  }
  if (tables.length > 0 && !tables.some(({ data }) => hasValidation(data.split))) {
    const message = 'Early stopping watches the validation split, which is empty. Give `split` some validation rows.';
    findings.push(error('stop-early-without-validation', ['training', 'stopEarly'], message, { atKey: true }));
  }
  return findings;
}

function hasValidation({ validation }: Split): boolean {
  return typeof validation === 'number' ? validation > 0 : validation.length > 0;
}

function seeds({ training }: Experiment): Finding[] {
  const seen = new Set<number>();
  return training.seeds.flatMap((seed, index) => {
    if (!seen.has(seed)) {
      seen.add(seed);
      return [];
    }
    const message = `Seed ${seed} is written twice; both runs would be the same. Take one of them out.`;
    return [error('seed-twice', ['training', 'seeds', index], message)];
  });
}
