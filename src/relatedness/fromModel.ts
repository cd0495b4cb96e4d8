import type { RelatednessValues, TrainedMeasureOf } from './measure';
import type { Linearised } from './measures/gradTae';
import type { TaskValues } from './measures/labels';
import type { Losses, Predictions } from './measures/predictionShare';
import type { Representation, Representations } from './measures/representation';
import type { RepresentationsAndLabels } from './measures/representationLabels';

/** What a trained model shows of tasks on the same rows. T is the number of tasks. */
export interface ModelView {
  /** T */
  readonly labels: readonly TaskValues[];
  /** T: what the last layer of each task's head reads. */
  readonly representations: readonly Representation[];
  /** T: the probabilities of the classes (two for a binary task), or one number. */
  readonly answers: readonly Representation[];
  /** T rows of d: weights of heads that are linear on one representation; of others no number. */
  readonly headWeights: readonly ArrayLike<number>[];
}

/** A measure of what a trained model shows of tasks on the same rows, or of the labels alone. */
export type ViewedMeasure =
  | TrainedMeasureOf<string, { readonly labels: readonly TaskValues[] }, 'labels'>
  | TrainedMeasureOf<string, Representations, 'representations'>
  | TrainedMeasureOf<string, RepresentationsAndLabels, 'representations and labels'>
  | TrainedMeasureOf<string, { readonly residuals: readonly ArrayLike<number>[] }, 'residuals'>
  | TrainedMeasureOf<
      string,
      { readonly probabilities: readonly (Representation | null)[]; readonly labels: readonly TaskValues[] },
      'probabilities and labels'
    >
  | TrainedMeasureOf<string, { readonly weights: readonly ArrayLike<number>[] }, 'head weights'>;

/** What becomes of all tasks where the contribution of one is taken out of the network. */
export interface Contributions extends Predictions, Losses {}

/** A measure of trained models, or of the labels alone; tasks that it compares need no rows in common where it looks at the whole model. */
export type TrainedMeasure =
  | ViewedMeasure
  | TrainedMeasureOf<string, { readonly fisher: readonly ArrayLike<number>[] }, 'fisher'>
  | TrainedMeasureOf<string, Contributions, 'contributions'>
  | TrainedMeasureOf<string, Linearised, 'linearised tasks'>;

/** The matrix of a measure of what a trained model shows. */
export function valuesOfModel(measure: ViewedMeasure, view: ModelView): RelatednessValues {
  const { labels, representations, answers, headWeights } = view;
  switch (measure.needs) {
    case 'labels':
      return measure.measure({ labels });
    case 'representations':
      return measure.measure({ representations });
    case 'representations and labels':
      return measure.measure({ representations, labels });
    case 'residuals':
      return measure.measure({ residuals: labels.map((task, position) => residualsOf(task, answers[position])) });
    case 'probabilities and labels': {
      const probabilities = answers.map((answer, position) => (labels[position].kind === 'regression' ? null : answer));
      return measure.measure({ probabilities, labels });
    }
    case 'head weights':
      return measure.measure({ weights: headWeights });
  }
}

/** Answer less label; of classes the probability of all wrong ones; NaN where there is no label. */
function residualsOf({ kind, values }: TaskValues, { values: answers, columns }: Representation): Float64Array {
  return Float64Array.from(values, (label, row) => {
    if (Number.isNaN(label)) return NaN;
    switch (kind) {
      case 'regression':
        return answers[row] - label;
      case 'binary':
        return answers[row * columns + 1] - label;
      case 'multiclass':
        return 1 - answers[row * columns + label];
    }
  });
}
