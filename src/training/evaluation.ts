import { createBuffers, fillBatch, sequentialBatches, type BatchBuffers } from '../data/batches';
import { splitNames, type SplitName } from '../data/taskSet';
import type { Model } from '../model/model';
import { pooledMetrics, taskMetrics, type MetricValues } from '../model/metrics';
import { addAnswers, roomFor, type Answered } from '../model/metrics/answered';
import type { Executor } from '../program';
import type { SplitMetrics, UsageMatrix } from '../runs/events';
import { inputNames, stepNames } from './steps';
import { createUsage } from './usage';

/** Rows of an evaluation batch, at most. */
const largestBatch = 1024;

/** Rows of the batches in which a stream is evaluated. */
export function evaluationRows(model: Model, stream: number): number {
  const { splits } = model.taskSet.streams[stream];
  return Math.max(1, Math.min(largestBatch, Math.max(...splitNames.map((split) => splits[split].rows))));
}

/** Metrics of one split: per task, and over all rows together where the tasks are values of one column. */
export interface Evaluation {
  readonly tasks: readonly MetricValues[];
  readonly pooled?: MetricValues;
  /** How the tasks use what they share, where the architecture shows it. */
  readonly usage?: readonly UsageMatrix[];
}

export interface Evaluator {
  /** Goes through all rows of a split with the present parameters. */
  evaluate(split: SplitName): Promise<Evaluation>;
}

/** What has been seen of one task. */
interface Seen extends Answered {
  /** Sum over its rows. */
  loss: number;
}

/** @param breathe Called after each batch, so that the process hears signals. */
export function createEvaluator(model: Model, executor: Executor, breathe: () => Promise<void>): Evaluator {
  const { tasks, streams, pooled } = model.taskSet;
  const buffers = streams.map((stream, position) => createBuffers(stream, evaluationRows(model, position)));
  return {
    async evaluate(split) {
      const seen = tasks.map((task): Seen => {
        const { splits, tasks: columns } = streams[task.stream];
        return { ...roomFor(task, { mask: splits[split].mask, columns: columns.length }), loss: 0 };
      });
      const usage = createUsage(model);
      for (const [position, stream] of streams.entries()) {
        const buffer = buffers[position];
        for (const rows of sequentialBatches(stream, split, buffer.batchSize)) {
          fillBatch(stream, split, rows, buffer);
          const inputs = {
            [inputNames.x(position)]: buffer.inputs,
            [inputNames.y(position)]: buffer.targets,
            [inputNames.mask(position)]: buffer.mask,
          };
          const results = executor.run(stepNames.evaluate(position), inputs);
          collect(model, position, rows.length, buffer, results, seen);
          usage.add(position, buffer.mask, results);
          await breathe();
        }
      }
      return {
        tasks: seen.map((part, task) => ({ ...lossOf([part]), ...taskMetrics(tasks[task], part) })),
        ...(pooled && { pooled: { ...lossOf(seen), ...pooledMetrics(tasks, seen) } }),
        usage: usage.matrices(),
      };
    },
  };
}

/** One task's metrics of several splits, side by side. */
export function bySplit(
  evaluations: Readonly<Partial<Record<SplitName, Evaluation>>>,
  pick: (evaluation: Evaluation) => MetricValues | undefined,
): SplitMetrics {
  return Object.fromEntries(
    splitNames.flatMap((split) => {
      const evaluation = evaluations[split];
      const values = evaluation && pick(evaluation);
      return values && Object.keys(values).length > 0 ? [[split, values]] : [];
    }),
  );
}

function collect(
  model: Model,
  stream: number,
  rows: number,
  { targets, mask }: Pick<BatchBuffers, 'targets' | 'mask'>,
  results: Readonly<Record<string, ArrayLike<number>>>,
  seen: readonly Seen[],
): void {
  const columns = model.taskSet.streams[stream].tasks.length;
  model.groups.forEach((group, position) => {
    if (group.stream !== stream) return;
    group.tasks.forEach((task, head) => (seen[task].loss += results[`sums/${position}`][head]));
    addAnswers(group, results[`outputs/${position}`], { targets, mask, columns }, rows, seen);
  });
}

/** The mean training loss; nothing where there is no row. */
function lossOf(parts: readonly Seen[]): MetricValues {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return rows === 0 ? {} : { loss: parts.reduce((sum, { loss }) => sum + loss, 0) / rows };
}
