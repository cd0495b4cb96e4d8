import type { TrainedMeasure } from './fromModel';
import type { StepNeed, ViewMeasure } from './measure';

/** What a measure looks at. */
type Need = StepNeed | ViewMeasure['needs'] | TrainedMeasure['needs'];

const nothingThere: { readonly [Look in Need]: string } = {
  gramian: 'at no measured step two tasks had a gradient at the shared parameters',
  gradients: 'at no measured step two tasks had a gradient at the shared parameters',
  lookahead: 'at no measured step two tasks had a loss above 0',
  use: 'no two tasks use anything that could be compared, on rows of the validation split',
  vectors: 'no two tasks have a vector that is finite and not zero',
  labels: 'the labels of two tasks are too few in the same rows, or the same in all of them',
  residuals: 'the errors of two tasks are too few in the same rows, or the same in all of them',
  representations: 'what the tasks make of the rows is the same for all rows, or not finite',
  'representations and labels':
    'labels are too few or all the same, or what the tasks make of the rows is the same for all rows or not finite',
  'probabilities and labels': 'the labels in the rows that are looked at are too few, or all the same',
  'head weights': 'the weights of the heads are zero',
  fisher: 'no two tasks depend on the shared parameters, or their gradients are not finite',
  contributions: 'no answer depends on what a task contributes',
  'linearised tasks': 'no two tasks have training rows and validation rows with gradients that are finite',
};

/** Why a measure that looked at something has no value of any two tasks. */
export function whyEmpty({ needs }: { readonly needs: Need }): string {
  return nothingThere[needs];
}
