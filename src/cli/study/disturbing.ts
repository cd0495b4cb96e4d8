import { setImmediate as turn } from 'node:timers/promises';
import { disturb, type Disturbance } from '../../data/disturb';
import { prepareTasks } from '../../data/prepare';
import type { SplitRows, TaskSet } from '../../data/taskSet';
import { createRandom } from '../../common/random';
import { createRowEvaluator, type RowEvaluator } from '../../outputs/evaluateRows';
import { readModelFolder } from '../../outputs/modelFolder';
import type { SplitMetrics, SplitName } from '../../runs/events';
import type { FinishedRun } from '../../runs/gain';
import type { ArmResult } from '../../studies/summary';
import type { StudyResult } from './training';

/** How strong each kind of disturbance is to be. */
export type Strengths = Readonly<Record<Disturbance['kind'], readonly number[]>>;

/**
 * Measures the kept models of runs on test rows whose inputs are disturbed; on validation rows of a table without test
 * rows. All runs of a seed see the same disturbances.
 * @param folder Relative data paths start from here.
 * @param stop Aborted to have what is there by then.
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
    if (own.length === 0) continue;
    if (stop.aborted) return found;
    const taskSet = await prepareTasks(own[0].experiment, folder);
    for (const result of own) {
      const evaluator = await createRowEvaluator(await readModelFolder(result.folder!));
      try {
        for (const kind of ['noise', 'missing'] as const) {
          for (const strength of strengths[kind]) {
            // Ctrl-C is heard of between two turns of the event loop alone.
            await turn();
            if (stop.aborted) return found;
            const run = runOn(disturbedRows(taskSet, { kind, strength }, seed), evaluator, result);
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

/** The rows of a stream that a model is measured on. */
interface MeasuredRows {
  readonly split: SplitName;
  readonly rows: SplitRows;
  /** Positions of the tasks that have them. */
  readonly tasks: readonly number[];
}

/** A run as if it had ended with these rows. */
function runOn(
  streams: readonly MeasuredRows[],
  evaluator: RowEvaluator,
  { seed, finished }: StudyResult,
): FinishedRun {
  const { tasks, pooled } = evaluator.evaluate(streams.map(({ rows }) => rows));
  const splitOf = (task: number) => streams.find((stream) => stream.tasks.includes(task))!.split;
  return {
    seed,
    tasks: finished!.tasks,
    metrics: tasks.map((values, task): SplitMetrics => ({ [splitOf(task)]: values })),
    // Tasks whose rows are measured together are those of one table.
    ...(pooled && { pooled: { [streams[0].split]: pooled } }),
  };
}

function disturbedRows({ streams }: TaskSet, disturbance: Disturbance, seed: number): readonly MeasuredRows[] {
  return streams.map(({ splits, preprocessing, tasks }, stream) => {
    const split: SplitName = splits.test.rows > 0 ? 'test' : 'validation';
    const random = createRandom(seed, `${disturbance.kind} ${stream}`);
    return { split, tasks, rows: disturb(splits[split], preprocessing, disturbance, random) };
  });
}
