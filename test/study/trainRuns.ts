import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Experiment } from '../../src/experiment/schema';
import { renderExperiment } from '../../src/experiment/render';
import type { Ending } from '../../src/runs/events';
import { startRun } from '../../src/runs/lifecycle';
import { followSideBySide } from '../../src/runs/sideBySide';
import type { RunState } from '../../src/runs/state';

/** What a run has left. */
export interface TrainedRun extends Ending {
  readonly parameters: number;
  /** Of each epoch. */
  readonly epochs: RunState['relatedness'];
}

export interface Training {
  /** The bundled train.js. */
  readonly trainScript: string;
  /** Processes at one time. */
  readonly atOnce: number;
  /** Called after each run. */
  readonly onEnd?: (ended: number) => void;
}

/**
 * Trains each experiment in a process of its own, as `mtl run` does.
 * @returns In their order.
 * @throws Error where a run does not finish.
 */
export async function trainRuns(
  experiments: readonly Experiment[],
  { trainScript, atOnce, onEnd }: Training,
): Promise<readonly TrainedRun[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mtl-study-'));
  let ended = 0;
  const starts = experiments.map((experiment) => () => {
    const [seed] = experiment.training.seeds;
    return startRun({
      ...{ root: path.join(folder, 'runs'), group: 'study', experiment: experiment.name, file: '', folder, seed },
      ...{ engine: experiment.engine, overrides: [], experimentText: renderExperiment(experiment), trainScript },
    });
  });
  try {
    const ends = await followSideBySide(starts, {
      atOnce,
      pollMilliseconds: 50,
      isLast: ({ state }) => state.phase !== 'finished',
      onEnd: () => onEnd?.(++ended),
    });
    return ends.map((end) => {
      const { ending, started, failure, relatedness = [] } = end?.state ?? {};
      if (ending === undefined || started === undefined)
        throw new Error(`A run did not finish. ${failure?.message ?? ''}`);
      return { ...ending, parameters: started.parameters, epochs: relatedness };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
