import { measureByName } from '../relatedness';

/** Of what in training a matrix is. */
export type TrainingMoment =
  | { readonly of: 'epoch'; readonly epoch: number }
  /** With the parameters that were kept, which are those of the best epoch and seldom of the last. */
  | { readonly of: 'trained model' }
  /** The mean over all steps that were measured. */
  | { readonly of: 'whole run' }
  /** The mean over replicates. */
  | { readonly of: 'seeds'; readonly seeds: number };

/** The same in words, such as `epoch 20`. */
export function momentWords(moment: TrainingMoment): string {
  switch (moment.of) {
    case 'epoch':
      return `epoch ${moment.epoch}`;
    case 'seeds':
      return `mean over ${moment.seeds} seeds`;
    default:
      return `the ${moment.of}`;
  }
}

/** The same behind what is of that moment, such as `LEEP of 4 tasks`. */
export function atMoment(moment: TrainingMoment): string {
  return `${moment.of === 'epoch' ? ' at' : ','} ${momentWords(moment)}`;
}

/** Undefined for what is of no single epoch. */
export function epochOf(moment: TrainingMoment): number | undefined {
  return moment.of === 'epoch' ? moment.epoch : undefined;
}

/** Of what the matrix of a measure is that a run ends with. */
export function momentAtEnd(measure: string): TrainingMoment {
  return { of: measureByName(measure)?.moment === 'training' ? 'whole run' : 'trained model' };
}
