import type { Experiment } from '../experiment/schema';
import type { TrainingProgress } from './progress';

/** When checkpoints are due, and what keeps them. */
export interface CheckpointPlan {
  /** @param epochEnded Whether the step was the last of its epoch, and the epoch's figures are known. */
  isDue(step: number, epochEnded: boolean): boolean;
  keep(progress: TrainingProgress, seconds: number): void;
}

/** Minutes between checkpoints where the experiment does not say. */
const usualMinutes = 5;
/** The end of an epoch is a good moment, unless the last one was just now. */
const epochSeconds = 15;

/**
 * @param save Writes a checkpoint.
 * @param now Milliseconds.
 */
export function planCheckpoints(
  { everySteps, everyMinutes }: Experiment['training']['checkpoints'],
  save: (progress: TrainingProgress, seconds: number) => void,
  now: () => number = () => performance.now(),
): CheckpointPlan {
  const unsaid = everySteps === undefined && everyMinutes === undefined;
  const minutes = everyMinutes ?? (unsaid ? usualMinutes : Infinity);
  let last = now();
  let lastStep = -1;
  return {
    isDue(step, epochEnded) {
      if (everySteps !== undefined && step % everySteps === 0) return true;
      const seconds = (now() - last) / 1000;
      return seconds >= minutes * 60 || (unsaid && epochEnded && seconds >= epochSeconds);
    },
    keep(progress, seconds) {
      if (progress.step === lastStep) return;
      save(progress, seconds);
      lastStep = progress.step;
      last = now();
    },
  };
}
