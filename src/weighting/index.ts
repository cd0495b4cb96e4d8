import type { z } from 'zod';
import { equal } from './equal';
import { fixed } from './fixed';
import type { WeightingMethod } from './method';

export type { WeightingContext, WeightingMethod } from './method';

/** Every weighting method. A new one is a file beside its neighbours and a word here. */
export const weightings = [equal, fixed] as const;

/**
 * The weights of a step by the method that an experiment names.
 * @param weighting The method's name with its options.
 */
export function taskWeights(weighting: { readonly name: string }, tasks: readonly string[]): readonly number[] {
  const methods: readonly WeightingMethod<string, z.ZodObject>[] = weightings;
  const method = methods.find(({ name }) => name === weighting.name);
  if (!method) throw new RangeError(`There is no weighting "${weighting.name}".`);
  return method.weigh({ tasks, options: { ...weighting } });
}
