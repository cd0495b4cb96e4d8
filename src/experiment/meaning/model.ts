import type { Finding } from '../problem';
import type { Experiment } from '../schema';
import { warning } from './findings';

/** Models that share nothing. */
export function checkModel({ model }: Experiment): Finding[] {
  if (model.encoder.layers.length > 0) return [];
  // These share through the heads; the others refuse, or share nothing and say so.
  if (['additive', 'low-rank', 'single-task'].includes(model.sharing.name)) return [];
  const message =
    'The encoder has no layers, so the tasks share no parameters and have no relatedness. Give it at least one layer.';
  return [warning('nothing-shared', ['model', 'encoder', 'layers'], message)];
}
