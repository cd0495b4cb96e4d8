import { gradientMeasuresOf } from '../../relatedness';
import type { Finding } from '../problem';
import type { Experiment } from '../schema';
import { sharesHeads, sharings, worksOnLayers } from '../sharing';
import { code, enumerate } from '../wording';
import { error, warning } from './findings';

const layers = ['model', 'encoder', 'layers'];

/** Models that lack the layers that they share by. */
export function checkModel(experiment: Experiment): Finding[] {
  const missing = missingLayers(experiment.model);
  return missing ? [missing] : nothingShared(experiment);
}

/** An architecture that works on layers of the encoder, where there are none. */
export function missingLayers({ encoder, sharing }: Experiment['model']): Finding | undefined {
  if (encoder.layers.length > 0 || !worksOnLayers(sharing.name)) return undefined;
  const message = `Sharing ${code(sharing.name)} works on the encoder's layers, and there are none. Give \`encoder\` a layer, or choose ${enumerate(
    sharings.filter(({ name }) => sharesHeads(name)).map(({ name }) => name),
    'or',
  )}, with which tasks share what is in their heads.`;
  return error('encoder-without-layers', layers, message);
}

/** Measures that look at the shared parameters, where there are none. */
function nothingShared({ model, relatedness }: Experiment): Finding[] {
  // `single-task` shares nothing, whatever the encoder has.
  if (model.encoder.layers.length > 0 || sharesHeads(model.sharing.name) || model.sharing.name === 'single-task')
    return [];
  const lost = gradientMeasuresOf(relatedness.measures).map(({ name }) => name);
  if (lost.length === 0) return [];
  const message = `The encoder has no layers, so the tasks share no parameters at which ${enumerate(lost)} could be measured. Give it at least one layer, or take ${lost.length === 1 ? 'the measure' : 'these measures'} out.`;
  return [warning('nothing-shared', layers, message)];
}
