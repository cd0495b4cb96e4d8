import { trainingsMeasuresOf, type TrainingsMeasure } from '../../relatedness';
import type { Finding, Path } from '../problem';
import type { Experiment } from '../schema';
import { sharesHeads, worksOnLayers } from '../sharing';
import { code } from '../wording';
import { error } from './findings';
import type { TableUse } from './tables';
import { hasHeldOut } from './weighting';

/** Measures by more training, where none of the networks that they need could answer. */
export function checkMoreTraining(experiment: Experiment, tables: readonly TableUse[]): Finding[] {
  const { measures } = experiment.relatedness;
  const asked = trainingsMeasuresOf(measures);
  if (tables.length > 0 && !tables.some(({ data }) => hasHeldOut(data.split))) {
    return asked.map(({ name }) => {
      const message = `${code(name)} compares what networks reach on validation or test rows, and there are none. Give \`split\` some validation rows, or take the measure out.`;
      return error('measure-needs-rows', placeOf(name, measures), message);
    });
  }
  return asked.flatMap((measure) => {
    const missing = trainsTogether(measure) ? nothingShared(experiment.model) : nothingToStartFrom(experiment.model);
    if (missing === undefined) return [];
    return [error('measure-needs-sharing', placeOf(measure.name, measures), `${code(measure.name)} ${missing}`)];
  });
}

export function placeOf(name: string, measures: readonly string[]): Path {
  return ['relatedness', 'measures', measures.indexOf(name)];
}

/** Of three tasks: of two, those that the run itself trains are all. */
function trainsTogether(measure: TrainingsMeasure): boolean {
  return measure.networks(3).some(({ tasks }) => tasks.length > 1);
}

function nothingShared(model: Experiment['model']): string | undefined {
  const compares = 'compares tasks that are trained together with each alone, and';
  if (model.sharing.name === 'single-task') {
    return `${compares} with \`sharing: single-task\` they share nothing. Choose another sharing, such as \`hard\`, or take the measure out.`;
  }
  if (model.start?.freeze) {
    return `${compares} \`freeze\` keeps all that they share as it is. Take \`freeze\` or the measure out.`;
  }
  return lacksLayers(model)
    ? `${compares} without a layer of the encoder they share nothing. Give \`model.encoder\` a layer, or take the measure out.`
    : undefined;
}

/** A start needs no sharing, but something that is taken and trained. */
function nothingToStartFrom(model: Experiment['model']): string | undefined {
  const compares = "compares how tasks do that start from each other's networks, and";
  if (model.start?.freeze) {
    return `${compares} \`freeze\` keeps all that these could differ in as it is. Take \`freeze\` or the measure out.`;
  }
  return lacksLayers(model)
    ? `${compares} without a layer of the encoder there is nothing to take from these. Give \`model.encoder\` a layer, or take the measure out.`
    : undefined;
}

/** Of architectures that refuse to do without, more is said elsewhere. */
function lacksLayers({ encoder, sharing }: Experiment['model']): boolean {
  return encoder.layers.length === 0 && !sharesHeads(sharing.name) && !worksOnLayers(sharing.name);
}
