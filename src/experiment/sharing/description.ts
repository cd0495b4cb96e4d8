import { z } from 'zod';
import type { MethodDescription } from '../../common/method';

/** A sharing architecture as the experiment file knows it; `src/model/sharing` builds it. */
export interface SharingDescription<Name extends string, Options extends z.ZodObject> extends MethodDescription {
  readonly name: Name;
  readonly options: Options;
  /** Set where every parameter belongs to one task, so that gradients of tasks have nothing to be compared at. */
  readonly apart?: true;
  /** Set where all heads read the same representation of a row. */
  readonly common?: true;
  /** Set where it works on the encoder's layers, and is nothing without any. */
  readonly onLayers?: true;
  /** Set where tasks share parameters of their heads, so that they do without an encoder's layers, too. */
  readonly inHeads?: true;
}

export const noOptions = z.strictObject({});

/** How many of something there are. */
export function count(standard: number, description: string, most = 64) {
  return z.int().min(1).max(most).default(standard).meta({ description });
}

/** A strength, 0 or more. */
export function strength(standard: number, description: string) {
  return z.number().nonnegative().default(standard).meta({ description });
}
