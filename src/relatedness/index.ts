import type { TrainedMeasure } from './fromModel';
import type { MeasureDescription, StepMeasure, ViewMeasure } from './measure';
import { conflictRate } from './measures/conflictRate';
import { embeddingCosine } from './measures/embeddingCosine';
import { fisherDistance, task2vecDistance } from './measures/fisherDistance';
import { gradientCosine } from './measures/gradientCosine';
import { gradientMagnitude } from './measures/gradientMagnitude';
import { gradTae } from './measures/gradTae';
import { hScore } from './measures/hScore';
import { labelCorrelation } from './measures/labelCorrelation';
import { leep } from './measures/leep';
import { debiasedCka, linearCka } from './measures/linearCka';
import { logMe } from './measures/logMe';
import { mtrlCorrelation } from './measures/mtrlCorrelation';
import { nce } from './measures/nce';
import { lossReliance, predictionShare } from './measures/predictionShare';
import { residualCorrelation } from './measures/residualCorrelation';
import { rsa } from './measures/rsa';
import { signPurity } from './measures/signPurity';
import { tagAffinity } from './measures/tagAffinity';
import { usageSimilarity } from './measures/usageSimilarity';
import { trainingsMeasures, type TrainingsMeasure } from './trainings';

export type { Linearised } from './measures/gradTae';
export { whyEmpty } from './emptiness';
export { valuesOfModel, type Contributions, type ModelView, type TrainedMeasure } from './fromModel';
export { valuesOfStep, valuesOfViews } from './fromStep';
export { lackOf, type Lack, type TasksAhead } from './lacking';
export { planTrainings, valuesOfTrainings, type PlannedTraining, type TrainingsMeasure } from './trainings';
export type {
  LeftBehind,
  Measure,
  MeasureDescription,
  MeasuredStep,
  MeasureSentence,
  MeasureSize,
  Reached,
  RelatednessMeasure,
  RelatednessValues,
  StepMeasure,
  StepNeed,
  TaskKind,
  UsageView,
  ViewMeasure,
} from './measure';

/** Measures of single training steps, and of what the sharing architecture shows after each epoch. */
const stepMeasures = [gradientCosine, gradientMagnitude, conflictRate, signPurity, tagAffinity] as const;
const viewMeasures = [usageSimilarity, embeddingCosine] as const;

/** Measures of the trained model, on rows that it was not trained on. */
const trainedMeasures = [
  labelCorrelation,
  residualCorrelation,
  linearCka,
  debiasedCka,
  rsa,
  leep,
  nce,
  logMe,
  hScore,
  mtrlCorrelation,
  fisherDistance,
  task2vecDistance,
  predictionShare,
  lossReliance,
  gradTae,
] as const;

/** Every relatedness measure, all of which a run can record. A new one is a file in `measures` and a word here. */
export const measures = [...stepMeasures, ...viewMeasures, ...trainedMeasures, ...trainingsMeasures] as const;

/** The description of a measure by its name; undefined where there is none. */
export function measureByName(name: string): MeasureDescription | undefined {
  return measures.find((measure) => measure.name === name);
}

/** Those of the named measures that look at steps. */
export function stepMeasuresOf(names: readonly string[]): readonly StepMeasure[] {
  return stepMeasures.filter(({ name }) => names.includes(name));
}

/** Those of the named measures that look at gradients at the parameters that tasks share. */
export function gradientMeasuresOf(names: readonly string[]): readonly MeasureDescription[] {
  const ofModel = trainedMeasuresOf(names).filter(({ needs }) => needs === 'fisher' || needs === 'linearised tasks');
  return [...stepMeasuresOf(names), ...ofModel];
}

/** Those of the named measures that look at what the sharing architecture shows. */
export function viewMeasuresOf(names: readonly string[]): readonly ViewMeasure[] {
  return viewMeasures.filter(({ name }) => names.includes(name));
}

/** Those of the named measures that look at the trained model. */
export function trainedMeasuresOf(names: readonly string[]): readonly TrainedMeasure[] {
  return trainedMeasures.filter(({ name }) => names.includes(name));
}

/** Those of the named measures that need more networks to be trained. */
export function trainingsMeasuresOf(names: readonly string[]): readonly TrainingsMeasure[] {
  return trainingsMeasures.filter(({ name }) => names.includes(name));
}
