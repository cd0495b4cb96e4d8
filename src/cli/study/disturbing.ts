import { disturb, type Disturbance } from '../../data/disturb';
import { prepareTasks } from '../../data/prepare';
import type { TaskSet } from '../../data/taskSet';
import { createRandom } from '../../common/random';
import { createRowEvaluator } from '../../outputs/evaluateRows';
import { readModelFolder } from '../../outputs/modelFolder';
import type { SplitMetrics, SplitName } from '../../runs/events';
import type { FinishedRun } from '../../runs/gain';
import type { ArmResult } from '../../studies/summary';
import type { StudyResult } from './training';

/** How strong each kind of disturbance is to be. */
export type Strengths = Readonly<Record<Disturbance['kind'], readonly number[]>>;

/**
 * Measures the kept models of runs on test rows whose inputs are disturbed; on validation rows where there is no test
 * row. All runs of a seed see the same disturbances.
 * @param folder Relative data paths start from here.
 */
export async function evaluateDisturbed(
  results: readonly StudyResult[],
  strengths: Strengths,
  folder: string,
  stop: AbortSignal,
): Promise<Readonly<Record<Disturbance['kind'], readonly ArmResult[]>>> {
  const found: Record<Disturbance['kind'], ArmResult[]> = { noise: [], missing: [] };
  const seeds = [...new Set(results.map(({ seed }) => seed))];
  for (const seed of seeds) {
    const own = results.filter((result) => result.seed === seed && result.finished !== undefined);
    if (own.length === 0 || stop.aborted) continue;
    const taskSet = await prepareTasks(own[0].experiment, folder);
    for (const result of own) {
      const evaluator = await createRowEvaluator(await readModelFolder(result.folder!));
      try {
        for (const kind of ['noise', 'missing'] as const) {
          for (const strength of strengths[kind]) {
            const { split, rows } = disturbedRows(taskSet, { kind, strength }, seed);
            const { tasks, pooled } = evaluator.evaluate(rows);
            const run: FinishedRun = {
              seed,
              tasks: result.finished!.tasks,
              metrics: tasks.map((values): SplitMetrics => ({ [split]: values })),
              ...(pooled && { pooled: { [split]: pooled } }),
            };
            found[kind].push({ arm: result.arm, at: strength, runs: [run] });
          }
        }
      } finally {
        evaluator.dispose();
      }
    }
  }
  return found;
}

function disturbedRows({ streams }: TaskSet, disturbance: Disturbance, seed: number) {
  const split: SplitName = streams.some(({ splits }) => splits.test.rows > 0) ? 'test' : 'validation';
  const rows = streams.map(({ splits, preprocessing }, stream) =>
    disturb(splits[split], preprocessing, disturbance, createRandom(seed, `${disturbance.kind} ${stream}`)),
  );
  return { split, rows };
}
