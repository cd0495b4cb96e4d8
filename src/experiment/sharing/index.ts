import type { z } from 'zod';
import { additive } from './additive';
import { cgc } from './cgc';
import { crossStitch } from './crossStitch';
import type { SharingDescription } from './description';
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

/** Every sharing architecture. A new one is a file beside its neighbours, a word here, and a file in `src/model/sharing`. */
export const sharings = [
  hard,
  singleTask,
  soft,
  additive,
  crossStitch,
  mtan,
  mmoe,
  oneGate,
  cgc,
  ple,
  dselectK,
  ltb,
  taskEmbedding,
  factorised,
  lowRank,
] as const;

/** What of a model's settings says how tasks share. */
interface SharedPart {
  readonly sharing: { readonly name: string };
  readonly encoder: { readonly layers: readonly number[] };
}

const descriptions: readonly SharingDescription<string, z.ZodObject>[] = sharings;

/** Whether all tasks of a row read the same representation of it. */
export function readsCommonly(name: string): boolean {
  return descriptions.some((sharing) => sharing.name === name && sharing.common);
}

/** Whether all tasks of a row read the same of it, be it because no layer is there that could tell them apart. */
export function readsAlike({ sharing, encoder }: SharedPart): boolean {
  return readsCommonly(sharing.name) || encoder.layers.length === 0;
}

/** Whether an architecture works on the encoder's layers, and is nothing without any. */
export function worksOnLayers(name: string): boolean {
  return descriptions.some((sharing) => sharing.name === name && sharing.onLayers);
}

/** Whether tasks have parameters of their heads in common. */
export function sharesHeads(name: string): boolean {
  return descriptions.some((sharing) => sharing.name === name && sharing.inHeads);
}

/** Whether tasks have parameters in common. */
export function sharesParameters(name: string): boolean {
  return !descriptions.find((sharing) => sharing.name === name)?.apart;
}
