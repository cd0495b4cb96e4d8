import { Document, isScalar, visit } from 'yaml';
import { experimentSchema, type Experiment, type Task } from './schema';
import { isEach, namedTasks } from './tasks';

/**
 * The experiment as YAML, with every default written out: reading it gives the same experiment again.
 */
export function renderExperiment(experiment: Experiment): string {
  const { tasks } = experiment;
  const plain = isEach(tasks)
    ? withoutIdle(tasks)
    : Object.fromEntries(namedTasks(experiment).map(({ name, task }) => [name, withoutIdle(task)]));
  // Equal values that are one object would otherwise become anchors and aliases.
  const whole = Object.entries({ ...experiment, tasks: plain }).sort(([one], [other]) => place(one) - place(other));
  const document = new Document(Object.fromEntries(whole), { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, scalar) {
      // Without quotes it would be YAML's key for merging.
      if (scalar.value === '<<') scalar.type = 'QUOTE_DOUBLE';
    },
    Seq(_, list) {
      if (list.items.every(isScalar)) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Where a key stands in an experiment file. */
function place(key: string): number {
  return Object.keys(experimentSchema.shape).indexOf(key);
}

/** Defaults of settings that mean nothing for this kind of task are not written: they would be warned about. */
function withoutIdle<Fields extends Pick<Task, 'kind' | 'loss' | 'scale'>>(task: Fields): Partial<Fields> {
  if (task.kind === 'regression') return task;
  const idle = [task.loss === 'squared-error' && 'loss', task.scale === 'standard' && 'scale'];
  return Object.fromEntries(Object.entries(task).filter(([key]) => !idle.includes(key))) as Partial<Fields>;
}
