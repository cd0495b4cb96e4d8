import { trainedMeasuresOf, type TasksAhead, type TrainedMeasure } from '../../relatedness';
import { networksOf } from '../groups';
import { hasLinearHeads, missingValue } from '../measureLack';
import { chosenTasks } from '../onlyTasks';
import type { Finding } from '../problem';
import type { Experiment } from '../schema';
import { readsAlike } from '../sharing';
import { isEach, namedTasks } from '../tasks';
import { code } from '../wording';
import { error, warning } from './findings';
import { checkMoreTraining, placeOf } from './moreTraining';
import type { TableUse } from './tables';

/** Measures that the model or the data leave nothing to find. */
export function checkRelatedness(experiment: Experiment, tables: readonly TableUse[]): Finding[] {
  const none = withoutValue(experiment);
  const told = none.map(({ path }) => path.at(-1));
  const alike = ofOneRepresentation(experiment).filter(({ path }) => !told.includes(path.at(-1)));
  return [...twice(experiment), ...checkMoreTraining(experiment, tables), ...none, ...alike];
}

/** Measures that stand in the list before. */
function twice({ relatedness: { measures } }: Experiment): Finding[] {
  return measures.flatMap((name, place) =>
    measures.indexOf(name) === place
      ? []
      : [error('measure-twice', ['relatedness', 'measures', place], `${code(name)} is named twice. Take it out here.`)],
  );
}

const whatIsFound: Partial<Record<TrainedMeasure['needs'], string>> = {
  representations: 'it finds every two tasks the same',
  'representations and labels': 'it finds no difference between the tasks that a task could learn from',
};

/** Measures that compare what the last layers of the tasks read, where that is one for all. */
function ofOneRepresentation({ relatedness: { measures }, model }: Experiment): Finding[] {
  if (!readsAlike(model) || model.head.layers.length > 0) return [];
  return trainedMeasuresOf(measures).flatMap((measure) => {
    const found = whatIsFound[measure.needs];
    if (found === undefined) return [];
    const message = `${code(measure.name)} compares what the last layers of the tasks read, and with ${code(`sharing: ${model.sharing.name}`)} and heads without layers all read the same: ${found}. Give the heads a layer, such as \`head: { layers: [16] }\`, or take the measure out.`;
    return [warning('measure-finds-nothing', placeOf(measure.name, measures), message)];
  });
}

/** Measures that tell nothing of tasks like these, or of such a model. */
function withoutValue(experiment: Experiment): Finding[] {
  const { measures } = experiment.relatedness;
  const networks = tasksAhead(experiment);
  if (networks.length === 0) return [];
  return trainedMeasuresOf(measures).flatMap((measure) => {
    const missing = networks.map((tasks) => missingValue(measure, tasks, experiment.model));
    const [first] = missing;
    if (first === undefined || missing.includes(undefined)) return [];
    const message = `${code(measure.name)} ${first.why}: there will be no value. ${first.remedy}.`;
    return [warning('measure-finds-nothing', placeOf(measure.name, measures), message)];
  });
}

/** The tasks of each network that has several, as far as they are known without data. */
function tasksAhead(experiment: Experiment): readonly TasksAhead[] {
  const { tasks, model } = experiment;
  const linearHeads = hasLinearHeads(model);
  if (isEach(tasks)) {
    const one = { kind: tasks.kind, table: 0 };
    return [{ tasks: [one, one], labelsApart: true, linearHeads }];
  }
  const named = namedTasks(experiment).map(({ name, task: { kind, data } }, at) => ({
    ...{ name, kind, table: data ? at + 1 : 0 },
  }));
  const only = chosenTasks(experiment) ?? named.map(({ name }) => name);
  const networks = networksOf(experiment)?.map((network) => network.tasks) ?? [only];
  return networks
    .map((own) => ({ tasks: named.filter(({ name }) => own.includes(name)), labelsApart: false, linearHeads }))
    .filter((network) => network.tasks.length > 1);
}
