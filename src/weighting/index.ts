import { equal } from './equal';
import { fixed } from './fixed';

export type { WeightingContext, WeightingMethod } from './method';

/** Every weighting method. A new one is a file beside its neighbours and a word here. */
export const weightings = [equal, fixed] as const;
