import { gradientCosine } from './measures/gradientCosine';

export type { RelatednessMeasure, RelatednessValues } from './measure';

/** Every relatedness measure. A new one is a file in `measures` and a word here. */
export const measures = [gradientCosine] as const;
