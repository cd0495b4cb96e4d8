import { trainedMeasuresOf, trainingsMeasuresOf, type TrainedMeasure } from '../../relatedness';
import type { Finding } from '../problem';
import type { Experiment } from '../schema';
import { readsCommonly } from '../sharing';
import { isEach, namedTasks } from '../tasks';
import { code } from '../wording';
import { error, warning } from './findings';

/** Measures that the model or the data leave nothing to find. */
export function checkRelatedness(experiment: Experiment): Finding[] {
  return [...withoutSharing(experiment), ...ofOneRepresentation(experiment), ...withoutCommonRows(experiment)];
}

/** Measures of what training tasks together brings, where they would not be trained together. A start needs no sharing. */
function withoutSharing({ relatedness: { measures }, model }: Experiment): Finding[] {
  if (model.sharing.name !== 'single-task') return [];
  // Three tasks: of two, those that the run itself trains are all.
  const together = trainingsMeasuresOf(measures).filter((measure) =>
    measure.networks(3).some(({ tasks }) => tasks.length > 1),
  );
  return together.map((measure) => {
    const message = `${code(measure.name)} compares tasks that are trained together with each alone, and with \`sharing: single-task\` they share nothing. Choose another sharing, such as \`hard\`, or take the measure out.`;
    return error('measure-needs-sharing', placeOf(measure, measures), message);
  });
}

const whatIsFound: Partial<Record<TrainedMeasure['needs'], string>> = {
  representations: 'it finds every two tasks the same',
  'representations and labels': 'it finds no difference between the tasks that a task could learn from',
};

/** Measures that compare what the last layers of the tasks read, where that is one for all. */
function ofOneRepresentation({ relatedness: { measures }, model }: Experiment): Finding[] {
  if (!readsCommonly(model.sharing.name) || model.head.layers.length > 0) return [];
  return trainedMeasuresOf(measures).flatMap((measure) => {
    const found = whatIsFound[measure.needs];
    if (found === undefined) return [];
    const message = `${code(measure.name)} compares what the last layers of the tasks read, and with ${code(`sharing: ${model.sharing.name}`)} and heads without layers all read the same: ${found}. Give the heads a layer, such as \`head: { layers: [16] }\`, or take the measure out.`;
    return [warning('measure-finds-nothing', placeOf(measure, measures), message)];
  });
}

/** What is needed of two tasks in the same row. */
const inOneRow: readonly TrainedMeasure['needs'][] = ['labels', 'residuals'];

/** Measures that compare two tasks row by row, where each has rows of its own. */
function withoutCommonRows(experiment: Experiment): Finding[] {
  const { measures } = experiment.relatedness;
  const isApart = isEach(experiment.tasks) || namedTasks(experiment).every(({ task }) => task.data);
  if (!isApart) return [];
  return trainedMeasuresOf(measures)
    .filter(({ needs }) => inOneRow.includes(needs))
    .map((measure) => {
      const message = `${code(measure.name)} compares the labels of two tasks in the same rows, and here each task has rows of its own: there will be no value. Take it out.`;
      return warning('measure-finds-nothing', placeOf(measure, measures), message);
    });
}

function placeOf({ name }: { readonly name: string }, measures: readonly string[]) {
  return ['relatedness', 'measures', measures.indexOf(name)];
}
