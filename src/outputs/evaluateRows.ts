import { fillInputs } from '../data/batches';
import type { SplitRows } from '../data/taskSet';
import { predictInput } from '../model/inference';
import { pooledMetrics, taskMetrics, type MetricValues, type Predictions } from '../model/metrics';
import { startInference } from './inferenceEngine';
import type { TrainedModel } from './modelFolder';

/** Metrics of rows, without the training loss. */
export interface RowMetrics {
  /** In the order of the model's tasks. */
  readonly tasks: readonly MetricValues[];
  readonly pooled?: MetricValues;
}

export interface RowEvaluator {
  /** @param rows Encoded as the model's training rows were, for each of its streams. */
  evaluate(rows: readonly SplitRows[]): RowMetrics;
  dispose(): void;
}

/** Rows of a batch. */
const batchRows = 1024;

/**
 * Measures how good a trained model is on rows that it is given, as training measures it.
 * @throws OutputError where no engine starts.
 */
export async function createRowEvaluator(trained: TrainedModel): Promise<RowEvaluator> {
  const { tasks, streams, pooled } = trained.model.taskSet;
  const batches = streams.map((_, stream) => ({ stream, rows: batchRows }));
  const { executor } = await startInference(trained, batches);
  return {
    evaluate(rows) {
      const predictions = streams.flatMap((_, stream) => predictionsOf(trained, stream, rows[stream], executor));
      const ordered = tasks.map((_, task) => predictions.find((entry) => entry.task === task)!);
      return {
        tasks: ordered.map((entry, task) => taskMetrics(tasks[task], entry)),
        ...(pooled && { pooled: pooledMetrics(tasks, ordered) }),
      };
    },
    dispose: () => executor.dispose(),
  };
}

interface TaskPredictions extends Predictions {
  readonly task: number;
}

/** What the heads of a stream say of its rows that have a label. */
function predictionsOf(
  { model }: TrainedModel,
  stream: number,
  split: SplitRows,
  executor: Awaited<ReturnType<typeof startInference>>['executor'],
): readonly TaskPredictions[] {
  const layout = model.taskSet.streams[stream];
  const inputs = new Float32Array(batchRows * layout.inputWidth);
  const found = model.groups
    .filter((group) => group.stream === stream)
    .flatMap((group) =>
      group.tasks.map((task, head) => ({
        task,
        group,
        head,
        column: layout.tasks.indexOf(task),
        outputs: [] as number[],
        targets: [] as number[],
      })),
    );
  for (let first = 0; first < split.rows; first += batchRows) {
    const positions = Array.from({ length: Math.min(batchRows, split.rows - first) }, (_, row) => first + row);
    fillInputs(layout, split, positions, inputs);
    const results = executor.run(`predict/${stream}`, { [predictInput]: inputs });
    for (const { group, head, column, outputs, targets } of found) {
      positions.forEach((position, row) => {
        const cell = position * layout.tasks.length + column;
        if (split.mask[cell] === 0) return;
        targets.push(split.targets[cell]);
        const start = (row * group.tasks.length + head) * group.outputs;
        for (let output = 0; output < group.outputs; output++) outputs.push(results[group.name][start + output]);
      });
    }
  }
  return found.map(({ task, outputs, targets }) => ({
    task,
    outputs: Float32Array.from(outputs),
    targets: Float32Array.from(targets),
  }));
}
