import type { Finding } from '../problem';
import type { Experiment } from '../schema';
import { isEach, namedTasks } from '../tasks';
import { error } from './findings';

/** A baseline that would be no other run than the experiment itself. */
export function checkBaseline(experiment: Experiment): Finding[] {
  if (experiment.baseline === 'none') return [];
  const path = ['baseline'];
  if (!isEach(experiment.tasks) && namedTasks(experiment).length === 1) {
    const message =
      'There is one task, so training it alone is the experiment itself. Take `baseline` out, or add a task.';
    return [error('baseline-of-one-task', path, message)];
  }
  if (experiment.model.sharing.name !== 'single-task') return [];
  const message =
    '`sharing: single-task` trains each task alone already, so there is nothing to compare. Take `baseline` out, or choose another `sharing`.';
  return [error('baseline-is-the-experiment', path, message)];
}
