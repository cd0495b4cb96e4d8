import { fillInputs } from '../data/batches';
import type { SplitRows, Stream } from '../data/taskSet';
import { predictInput } from '../model/inference';
import { pooledMetrics, taskMetrics, type MetricValues } from '../model/metrics';
import { addAnswers, roomFor, type Answered, type Labels } from '../model/metrics/answered';
import type { Executor } from '../program';
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
      const answered = tasks.map((task) => roomFor(task, labelsOf(streams[task.stream], rows[task.stream])));
      streams.forEach((_, stream) => answer(trained, stream, rows[stream], executor, answered));
      return {
        tasks: answered.map((own, task) => taskMetrics(tasks[task], own)),
        ...(pooled && { pooled: pooledMetrics(tasks, answered) }),
      };
    },
    dispose: () => executor.dispose(),
  };
}

function labelsOf({ tasks }: Stream, { targets, mask }: SplitRows): Labels {
  return { targets, mask, columns: tasks.length };
}

/** Adds what the heads of a stream say of its rows. */
function answer(
  { model }: TrainedModel,
  stream: number,
  split: SplitRows,
  executor: Executor,
  answered: readonly Answered[],
): void {
  const layout = model.taskSet.streams[stream];
  const inputs = new Float32Array(batchRows * layout.inputWidth);
  const groups = model.groups.filter((group) => group.stream === stream);
  for (let first = 0; first < split.rows; first += batchRows) {
    const positions = Array.from({ length: Math.min(batchRows, split.rows - first) }, (_, row) => first + row);
    fillInputs(layout, split, positions, inputs);
    const results = executor.run(`predict/${stream}`, { [predictInput]: inputs });
    const labels = { ...labelsOf(layout, split), first };
    for (const group of groups) addAnswers(group, results[group.name], labels, positions.length, answered);
  }
}
