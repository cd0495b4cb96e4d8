import type { MeasureDescription } from './measure';
import { conflictRate } from './measures/conflictRate';
import { embeddingCosine } from './measures/embeddingCosine';
import { fisherDistance, task2vecDistance } from './measures/fisherDistance';
import { gradientCosine } from './measures/gradientCosine';
import { gradientMagnitude } from './measures/gradientMagnitude';
import { gradTae } from './measures/gradTae';
import { hScore } from './measures/hScore';
import { labelCorrelation } from './measures/labelCorrelation';
import { leaveOneOutGain } from './measures/leaveOneOutGain';
import { leep } from './measures/leep';
import { debiasedCka, linearCka } from './measures/linearCka';
import { logMe } from './measures/logMe';
import { mtrlCorrelation } from './measures/mtrlCorrelation';
import { nce } from './measures/nce';
import { orderedTransfer } from './measures/orderedTransfer';
import { pairGain } from './measures/pairGain';
import { lossReliance, predictionShare } from './measures/predictionShare';
import { residualCorrelation } from './measures/residualCorrelation';
import { rsa } from './measures/rsa';
import { signPurity } from './measures/signPurity';
import { tagAffinity } from './measures/tagAffinity';
import { usageSimilarity } from './measures/usageSimilarity';

export type { Measure, MeasureDescription, MeasureSize, RelatednessMeasure, RelatednessValues } from './measure';

/** The measures that a run can record while it trains. */
export const measures = [gradientCosine, gradientMagnitude, conflictRate] as const;

/** Every relatedness measure. A new one is a file in `measures` and a word here. */
export const allMeasures = [
  ...measures,
  signPurity,
  tagAffinity,
  usageSimilarity,
  embeddingCosine,
  predictionShare,
  lossReliance,
  linearCka,
  debiasedCka,
  rsa,
  labelCorrelation,
  residualCorrelation,
  fisherDistance,
  task2vecDistance,
  leep,
  nce,
  logMe,
  hScore,
  mtrlCorrelation,
  pairGain,
  leaveOneOutGain,
  orderedTransfer,
  gradTae,
] as const;

/** The description of a measure by its name; undefined where there is none. */
export function measureByName(name: string): MeasureDescription | undefined {
  return allMeasures.find((measure) => measure.name === name);
}
