import type { StepNeed } from '../relatedness';
import { alignmentStepName } from './alignmentStep';
import { gradientStepNames } from './gradientSteps';
import { relatesApart } from './relating';
import { representationStepName } from './representationStep';
import { stepNames } from './steps';
import type { Look } from './weigher';

/**
 * Names of the programs that a training step calls, in their order: what `TrainingStep.take` does, told beforehand.
 * @param look Of the weighting; undefined where its weights never change.
 * @param needs What measures of relatedness need of the step; empty where it is not measured.
 */
export function callsOfStep(look: Look | undefined, needs: readonly StepNeed[]): readonly string[] {
  const train = needs.length > 0 ? stepNames.trainAndMeasure : stepNames.train;
  if (!look) return [train];
  if (look.observes === 'alignments') return [alignmentStepName, train];
  if (look.needs === 'losses') return [stepNames.losses, train, ...(look.observes ? [stepNames.losses] : [])];
  if (look.at === 'representation') return [representationStepName, train];
  const apart = relatesApart(look, needs) ? [stepNames.relate] : [];
  return [...apart, gradientStepNames.measure, gradientStepNames.apply];
}
