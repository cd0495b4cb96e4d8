import type { StepMeasure } from '../relatedness';
import { emptyLosses, emptyPairs, type LossMeans, type PairMeans } from './means';
import { initialWatch, type Watch } from './stopping';

/**
 * Where training stands: with the executor's state, all that the rest of it depends on. The order of rows and dropout
 * masks are functions of the seed and of these counters, so there is no other random state.
 */
export interface TrainingProgress {
  /** Finished epochs, finished steps of the present one, and finished steps of all. */
  epoch: number;
  stepInEpoch: number;
  step: number;
  watch: Watch;
  /** How each task went by itself, where no parameter is shared; absent before the first epoch. */
  taskWatches?: readonly Watch[];
  /** What the weighting method remembers; null for one that remembers nothing. */
  weighting: unknown;
  /** Gradients that it remembers, one row per task, in all their bits. */
  memory?: readonly Float64Array[];
  /** The step of the last `step` event. */
  journalledStep: number;
  /** Parameters of the best epoch; where no parameter is shared, of each task's best epoch. */
  kept?: Readonly<Record<string, Float32Array>>;
  /** Over the present epoch, each row counting once. */
  readonly epochLosses: LossMeans;
  /** Since the last `step` event, each step counting once. */
  readonly recentLosses: LossMeans;
  /** Over the present epoch, one per measure. */
  pairs: readonly PairMeans[];
  /** What the epochs before showed of each pair. */
  readonly allPairs: readonly PairMeans[];
}

export function initialProgress(tasks: number, measures: readonly StepMeasure[]): TrainingProgress {
  const noPairs = () => measures.map((measure) => emptyPairs(measure, tasks));
  return {
    epoch: 0,
    stepInEpoch: 0,
    step: 0,
    watch: initialWatch,
    weighting: null,
    journalledStep: 0,
    epochLosses: emptyLosses(tasks),
    recentLosses: emptyLosses(tasks),
    pairs: noPairs(),
    allPairs: noPairs(),
  };
}
