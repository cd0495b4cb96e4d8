import type { SplitName, TaskInfo, TaskSet } from '../data/taskSet';
import { pooledMetrics, type MetricValues, type Predictions } from '../model/metrics';
import type { SplitMetrics, TrivialFigures } from '../runs/events';

const evaluated = ['validation', 'test'] as const satisfies readonly SplitName[];

/**
 * What predictors reach that do not look at the inputs, so that nobody mistakes nothing for something: per task and for
 * the validation and test splits every metric of the task, over the rows that have a label.
 *
 * `majority` gives every class its share of the training rows, `(n_c + 1/2) / (n + K/2)` of `K` classes, and a regression
 * the mean of the training rows. `uniform` stands for one who guesses among the classes: cross-entropy `ln K`, and in
 * expectation accuracy `1/K`, AUC `1/2`, and an F1 of each class of `2 p_c / (K p_c + 1)` with `p_c` its share of the
 * rows, as of many rows.
 */
export function trivialPredictors(taskSet: TaskSet): readonly TrivialFigures[] {
  const { tasks } = taskSet;
  const constants = tasks.map((task) => constantOutput(task, targetsOf(taskSet, task, 'train')));
  const guessed = tasks.some(({ kind }) => kind !== 'regression');
  return [
    figures('majority', taskSet, (those, targets) =>
      constantMetrics(
        those.map((task) => tasks[task]),
        those.map((task) => constants[task]),
        targets,
      ),
    ),
    ...(guessed
      ? [
          figures('uniform', taskSet, (those, targets) =>
            uniformMetrics(
              tasks[those[0]],
              targets.flatMap((part) => [...part]),
            ),
          ),
        ]
      : []),
  ];
}

/** @param measure The metrics of some tasks' rows together; `targets` has those of each. */
function figures(
  name: TrivialFigures['name'],
  taskSet: TaskSet,
  measure: (tasks: readonly number[], targets: readonly Float32Array[]) => MetricValues,
): TrivialFigures {
  const bySplit = (those: readonly number[]): SplitMetrics =>
    Object.fromEntries(
      evaluated.flatMap((split) => {
        const values = measure(
          those,
          those.map((task) => targetsOf(taskSet, taskSet.tasks[task], split)),
        );
        return Object.keys(values).length === 0 ? [] : [[split, values]];
      }),
    );
  const all = taskSet.tasks.map((_, task) => task);
  return { name, metrics: all.map((task) => bySplit([task])), ...(taskSet.pooled && { pooled: bySplit(all) }) };
}

/** The labels of a task in a split: scaled numbers, 0 or 1, or class indices. */
function targetsOf({ streams }: TaskSet, { stream, column }: TaskInfo, split: SplitName): Float32Array {
  const { tasks, splits } = streams[stream];
  const { rows, targets, mask } = splits[split];
  const labels: number[] = [];
  for (let row = 0; row < rows; row++) {
    const cell = row * tasks.length + column;
    if (mask[cell] === 1) labels.push(targets[cell]);
  }
  return Float32Array.from(labels);
}

/** What a head would have to give for every row: the scaled mean, or logits of the class shares. */
function constantOutput({ kind, outputs }: TaskInfo, targets: Float32Array): readonly number[] {
  if (kind === 'regression') {
    return [targets.length === 0 ? 0 : targets.reduce((sum, value) => sum + value, 0) / targets.length];
  }
  const counts = new Array<number>(Math.max(2, outputs)).fill(0.5);
  for (const label of targets) counts[label]++;
  return kind === 'binary' ? [Math.log(counts[1] / counts[0])] : counts.map(Math.log);
}

function constantMetrics(
  tasks: readonly TaskInfo[],
  constants: readonly (readonly number[])[],
  targets: readonly Float32Array[],
): MetricValues {
  const predictions = targets.map((labels, position): Predictions => {
    const outputs = Float32Array.from({ length: labels.length * tasks[position].outputs }, (_, place) => {
      return constants[position][place % tasks[position].outputs];
    });
    return { outputs, targets: labels };
  });
  const metrics = pooledMetrics(tasks, predictions);
  if (Object.keys(metrics).length === 0) return {};
  if (tasks[0].kind !== 'regression') return { loss: metrics.crossEntropy, ...metrics };
  const losses = targets.flatMap((labels, position) => {
    return Array.from(labels, (label) => regressionLoss(tasks[position].loss, label - constants[position][0]));
  });
  return { loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length, ...metrics };
}

/** As `rowLosses` has it for training. */
function regressionLoss(loss: TaskInfo['loss'], error: number): number {
  const size = Math.abs(error);
  switch (loss) {
    case 'absolute-error':
      return size;
    case 'huber':
      return size <= 1 ? size ** 2 / 2 : size - 0.5;
    case 'squared-error':
    case 'cross-entropy':
      return size ** 2;
  }
}

function uniformMetrics({ kind, outputs }: TaskInfo, targets: readonly number[]): MetricValues {
  if (kind === 'regression' || targets.length === 0) return {};
  const classes = Math.max(2, outputs);
  const shares = Array.from({ length: classes }, (_, label) => {
    return targets.filter((target) => target === label).length / targets.length;
  });
  const scores = shares.map((share) => (2 * share) / (classes * share + 1));
  return {
    loss: Math.log(classes),
    crossEntropy: Math.log(classes),
    accuracy: 1 / classes,
    macroF1: scores.reduce((sum, score) => sum + score, 0) / classes,
    // With one class alone there is nothing to rank.
    ...(shares.filter((share) => share > 0).length > 1 && { auc: 0.5 }),
  };
}
