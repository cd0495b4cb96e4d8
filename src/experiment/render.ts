import { Document, isScalar, visit } from 'yaml';
import type { Experiment, Task } from './schema';
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
  const document = new Document({ ...experiment, tasks: plain }, { aliasDuplicateObjects: false });
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

/** Defaults of settings that mean nothing for this kind of task are not written: they would be warned about. */
function withoutIdle<Fields extends Pick<Task, 'kind' | 'loss' | 'scale'>>(task: Fields): Partial<Fields> {
  if (task.kind === 'regression') return task;
  const idle = [task.loss === 'squared-error' && 'loss', task.scale === 'standard' && 'scale'];
  return Object.fromEntries(Object.entries(task).filter(([key]) => !idle.includes(key))) as Partial<Fields>;
}
