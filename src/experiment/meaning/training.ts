import { metricsOf } from '../metric';
import type { Finding } from '../problem';
import type { Experiment } from '../schema';
import { isEach, namedTasks } from '../tasks';
import { code, enumerate } from '../wording';
import { error } from './findings';
import type { TableUse } from './tables';
import { checkWeighting, hasValidation } from './weighting';

/** Weightings that cannot work, early stopping that has nothing to watch, and seeds that repeat. */
export function checkTraining(experiment: Experiment, tables: readonly TableUse[]): Finding[] {
  return [...checkWeighting(experiment, tables), ...stopEarly(experiment, tables), ...seeds(experiment)];
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
