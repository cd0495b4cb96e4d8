import type { TaskInfo } from '../../data/taskSet';
import type { MetricName } from '../../experiment/schema';
import { binaryMetrics, multiclassMetrics } from './classification';
import { regressionMetrics } from './regression';

export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;

/** What a task's head said on the rows that have a label. */
export interface Predictions {
  /** rows x task.outputs, row-major: scaled predictions or logits. */
  readonly outputs: Float32Array;
  /** Scaled number, 0 or 1, or class index. */
  readonly targets: Float32Array;
}

/** All metrics of a task that are defined on these rows, besides `loss`. */
export function taskMetrics(task: TaskInfo, predictions: Predictions): MetricValues {
  return pooledMetrics([task], [predictions]);
}

/**
 * Metrics over the rows of several tasks of one kind and width, taken together. Regressions are measured in the units
 * of the data, each task by its own scale.
 */
export function pooledMetrics(tasks: readonly TaskInfo[], predictions: readonly Predictions[]): MetricValues {
  const outputs = joined(predictions.map((part, position) => unscale(tasks[position], part.outputs)));
  const targets = joined(predictions.map((part, position) => unscale(tasks[position], part.targets)));
  const { kind, outputs: width } = tasks[0];
  switch (kind) {
    case 'regression':
      return regressionMetrics({ predicted: outputs, actual: targets }) ?? {};
    case 'binary':
      return binaryMetrics({ logits: outputs, actual: targets }) ?? {};
    case 'multiclass':
      return multiclassMetrics({ logits: outputs, actual: targets }, width) ?? {};
  }
}

/** Logits and labels stay as they are. */
function unscale({ kind, mean, deviation }: TaskInfo, values: Float32Array): Float64Array {
  if (kind !== 'regression') return Float64Array.from(values);
  return Float64Array.from(values, (value) => value * deviation + mean);
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const result = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}
