import { missingLayers } from '../../experiment/meaning/model';
import { ExperimentError } from '../../experiment/problem';
import type { Experiment } from '../../experiment/schema';
import { additive } from './additive';
import type { SharedNetwork, SharingArchitecture, SharingInput, SharingName } from './architecture';
import { cgc } from './cgc';
import { crossStitch } from './crossStitch';
import { dselectK } from './dselectK';
import { factorised } from './factorised';
import { hard } from './hard';
import { lowRank } from './lowRank';
import { ltb } from './ltb';
import { mmoe } from './mmoe';
import { mtan } from './mtan';
import { oneGate } from './oneGate';
import { ple } from './ple';
import { singleTask } from './singleTask';
import { soft } from './soft';
import { taskEmbedding } from './taskEmbedding';

export type { SharedNetwork, SharingBatch } from './architecture';

/** Every sharing architecture by name: one that is described but missing here does not compile. */
const architectures: { readonly [Name in SharingName]: SharingArchitecture<Name> } = {
  hard,
  'single-task': singleTask,
  soft,
  additive,
  'cross-stitch': crossStitch,
  mtan,
  mmoe,
  'one-gate': oneGate,
  cgc,
  ple,
  'dselect-k': dselectK,
  ltb,
  'task-embedding': taskEmbedding,
  factorised,
  'low-rank': lowRank,
};

/**
 * The shared part of an experiment's model.
 * @throws ExperimentError where the inputs or the encoder do not suit the architecture.
 */
export function buildSharing(model: Experiment['model'], inputs: readonly SharingInput[]): SharedNetwork {
  const missing = missingLayers(model);
  if (missing) throw new ExperimentError([missing]);
  // The name says which options the union holds, which the compiler cannot follow through the table.
  const architecture = architectures[model.sharing.name] as SharingArchitecture<SharingName>;
  return architecture.build(model.sharing, model, inputs);
}
