import type { Finding } from '../problem';
import type { Experiment } from '../schema';
import { sharesHeads } from '../sharing';
import { warning } from './findings';

/** Models that share nothing. */
export function checkModel({ model }: Experiment): Finding[] {
  if (model.encoder.layers.length > 0) return [];
  // The others refuse, or share nothing and say so.
  if (sharesHeads(model.sharing.name) || model.sharing.name === 'single-task') return [];
  const message =
    'The encoder has no layers, so the tasks share no parameters and have no relatedness. Give it at least one layer.';
  return [warning('nothing-shared', ['model', 'encoder', 'layers'], message)];
}
