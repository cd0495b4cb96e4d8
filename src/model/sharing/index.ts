import type { Experiment } from '../../experiment/schema';
import type { SharedNetwork, SharingArchitecture, SharingName } from './architecture';
import { hard } from './hard';

export type { SharedNetwork } from './architecture';

/** Every sharing architecture by name: one that is described but missing here does not compile. */
const architectures: { readonly [Name in SharingName]: SharingArchitecture<Name> } = { hard };

/** The shared part of an experiment's model. */
export function buildSharing(
  model: Experiment['model'],
  inputs: readonly { readonly name: string; readonly width: number }[],
): SharedNetwork {
  return architectures[model.sharing.name].build(model.sharing, model, inputs);
}
