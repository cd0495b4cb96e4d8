import { valuesOfViews, type MeasuredStep, type StepMeasure, type ViewMeasure } from '../relatedness';
import type { RelatednessMatrix, UsageMatrix } from '../runs/events';
import { addPairs, emptyPairs, matrixOf, meanMatrix, mergePairs } from './means';
import type { TrainingProgress } from './progress';

/** What a run measures of how its tasks relate. What it has seen lies in the progress, so that a checkpoint has it. */
export interface RelatednessRecorder {
  /** Whether the step after so many of the epoch is measured. */
  isDue(stepInEpoch: number): boolean;
  add(progress: TrainingProgress, step: MeasuredStep): void;
  /** The matrices of the epoch that has ended: means over its measured steps, and what the architecture shows now. */
  finishEpoch(progress: TrainingProgress, usage: readonly UsageMatrix[]): readonly RelatednessMatrix[];
  /** Those of the whole run: means over all measured steps, and what the architecture shows in the end. */
  ending(progress: TrainingProgress, usage: readonly UsageMatrix[]): readonly RelatednessMatrix[];
}

export interface RecordedMeasures {
  readonly measures: readonly StepMeasure[];
  readonly views: readonly ViewMeasure[];
  /** Steps between two measurements. */
  readonly every: number;
  readonly tasks: readonly string[];
}

export function createRelatednessRecorder(recorded: RecordedMeasures): RelatednessRecorder {
  const { measures, views, every, tasks } = recorded;
  const noPairs = () => measures.map((measure) => emptyPairs(measure, tasks.length));
  const shown = (usage: readonly UsageMatrix[]) =>
    views.flatMap((measure) => {
      const values = valuesOfViews(measure, usage, tasks);
      return values ? [matrixOf(measure, values)] : [];
    });
  const take = (progress: TrainingProgress) => {
    progress.allPairs.forEach((total, index) => mergePairs(total, progress.pairs[index]));
    progress.pairs = noPairs();
  };
  return {
    isDue: (stepInEpoch) => measures.length > 0 && stepInEpoch % every === 0,
    add(progress, step) {
      for (const pairs of progress.pairs) addPairs(pairs, step);
    },
    finishEpoch(progress, usage) {
      const matrices = progress.pairs.map(meanMatrix);
      take(progress);
      return [...matrices, ...shown(usage)];
    },
    ending(progress, usage) {
      take(progress);
      return [...progress.allPairs.map(meanMatrix), ...shown(usage)];
    },
  };
}
