import { fillInputs } from '../data/batches';
import { columnsOf, readNewTable, taskOfRows, textAt } from '../data/newTable';
import type { NewTable } from '../data/newTable';
import { nearest } from '../experiment/nearest';
import { enumerate } from '../experiment/wording';
import type { Model } from '../model/model';
import { predictInput } from '../model/inference';
import type { EngineName, Executor } from '../program';
import type { DescribedTask } from './description';
import { OutputError } from './errors';
import { startInference } from './inferenceEngine';
import type { TrainedModel } from './modelFolder';

/** What is predicted of one row for one task. */
export type Prediction =
  | { readonly kind: 'regression'; /** In the units of the data. */ readonly value: number }
  | { readonly kind: 'binary'; readonly class: string; /** Of the positive class. */ readonly probability: number }
  | { readonly kind: 'multiclass'; readonly class: string; readonly probabilities: readonly number[] };

export interface PredictedRow {
  /** Position in the table, from 1. */
  readonly row: number;
  /** Cells of the columns that are kept; null where missing. */
  readonly kept: readonly (string | null)[];
  /** In the order of `Predictions.tasks`; null where the row belongs to no task. */
  readonly predictions: readonly (Prediction | null)[];
}

export interface Predictions {
  /**
   * What the predictions of a row are for: tasks by name, or the one target of all tasks where a column says which
   * task a row belongs to.
   */
  readonly tasks: readonly (DescribedTask & { readonly title: string })[];
  readonly kept: readonly string[];
  readonly rows: number;
  readonly engine: EngineName;
  /** What a person should know, in plain sentences. */
  readonly notes: readonly string[];
  /** Batch after batch, in the order of the table. To be gone through once. */
  readonly batches: AsyncIterable<readonly PredictedRow[]>;
}

export interface PredictOptions {
  readonly file: string;
  /** Relative names start from here. */
  readonly folder: string;
  /** Names of tasks; all that the table serves where empty. */
  readonly tasks: readonly string[];
  /** Columns of the file to pass on. */
  readonly keep: readonly string[];
}

/** Rows of a batch: memory stays bounded however many inputs one-hot levels make of a row. */
const batchRows = 1024;

/**
 * Predicts from the rows of a file with a trained model.
 * @throws ExperimentError where the file cannot be read or its columns do not suit.
 * @throws OutputError where the tasks are not clear, or no engine starts.
 */
export async function predict(trained: TrainedModel, options: PredictOptions): Promise<Predictions> {
  const { description, model } = trained;
  const chosen = chooseTasks(trained, options.tasks);
  const stream = description.tasks[chosen[0]].table;
  const { preprocessing, reading, taskColumn } = description.tables[stream];
  const byColumn = taskColumn !== undefined && options.tasks.length === 0;
  const kept = [...new Set([...options.keep, ...(byColumn ? [taskColumn] : [])])];
  const known = {
    preprocessing,
    ...(reading && { reading }),
    needed: kept,
    targets: description.tasks.map(({ target }) => target),
    kept: options.keep,
  };
  const table = await readNewTable(options.file, known, options.folder);
  const names = chosen.map((task) => description.tasks[task].name);
  const ofRows = byColumn ? taskOfRows(columnsOf(table.table, [taskColumn])[0], names) : undefined;
  const { executor, engine } = await startInference(trained, [{ stream, rows: Math.min(batchRows, table.table.rows) }]);
  const titled = (byColumn ? chosen.slice(0, 1) : chosen).map((task) => {
    const described = description.tasks[task];
    return { ...described, title: byColumn ? described.target : described.name };
  });
  const score = scorer(model, chosen, description.tasks);
  return {
    tasks: titled,
    kept,
    rows: table.table.rows,
    engine,
    notes: [...table.notes, ...(ofRows?.notes ?? [])],
    batches: batchesOf({
      executor,
      table,
      model,
      stream,
      kept,
      score,
      tasks: titled.length,
      ...(ofRows && { ofRows: ofRows.tasks }),
    }),
  };
}

/** Positions of the tasks to predict: all of one table. */
function chooseTasks({ description: { tables, tasks } }: TrainedModel, wanted: readonly string[]): readonly number[] {
  const names = tasks.map(({ name }) => name);
  const chosen = wanted.map((name) => {
    const position = names.indexOf(name);
    if (position >= 0) return position;
    const near = nearest(name, names);
    const remedy = near === undefined ? `Its tasks are ${enumerate(names)}.` : `Did you mean "${near}"?`;
    throw new OutputError('task-not-chosen', `The run has no task "${name}".`, remedy);
  });
  const candidates = chosen.length > 0 ? [...new Set(chosen)] : [...tasks.keys()];
  if (candidates.every((task) => tasks[task].table === tasks[candidates[0]].table)) return candidates;
  const own = tables.map((_, table) => names.filter((_, task) => tasks[task].table === table));
  const remedy = `Choose tasks of one table with --task: ${own.map((members) => enumerate(members)).join('; or ')}.`;
  throw new OutputError('task-not-chosen', 'The tasks of this run have tables of their own.', remedy);
}

/** From the outputs of a batch to the predictions of one of its rows for one of the chosen tasks. */
type Score = (outputs: Readonly<Record<string, ArrayLike<number>>>, row: number, chosen: number) => Prediction;

function scorer(model: Model, chosen: readonly number[], tasks: readonly DescribedTask[]): Score {
  const places = chosen.map((task) => {
    const group = model.groups.find((candidate) => candidate.tasks.includes(task))!;
    return { task: tasks[task], group, head: group.tasks.indexOf(task), heads: group.tasks.length };
  });
  return (outputs, row, position) => {
    const { task, group, head, heads } = places[position];
    const start = (row * heads + head) * group.outputs;
    return interpret(task, outputs[group.name], start);
  };
}

/** What outputs of a head mean; as the metrics take them, in float64. */
function interpret(
  { kind, mean, deviation, classes }: DescribedTask,
  outputs: ArrayLike<number>,
  start: number,
): Prediction {
  switch (kind) {
    case 'regression':
      return { kind, value: outputs[start] * deviation + mean };
    case 'binary': {
      const logit = outputs[start];
      return { kind, class: classes[logit > 0 ? 1 : 0], probability: 1 / (1 + Math.exp(-logit)) };
    }
    case 'multiclass': {
      const logits = classes.map((_, place) => outputs[start + place]);
      const highest = Math.max(...logits);
      const exponentials = logits.map((logit) => Math.exp(logit - highest));
      const total = exponentials.reduce((sum, value) => sum + value, 0);
      return {
        kind,
        class: classes[logits.indexOf(highest)],
        probabilities: exponentials.map((value) => value / total),
      };
    }
  }
}

interface Scoring {
  readonly executor: Executor;
  readonly table: NewTable;
  readonly model: Model;
  readonly stream: number;
  readonly kept: readonly string[];
  readonly score: Score;
  /** Predictions of a row. */
  readonly tasks: number;
  /** Per row, which of the chosen tasks it belongs to, or -1; absent where every row is for every task. */
  readonly ofRows?: Int32Array;
}

async function* batchesOf({ executor, table, model, stream, kept, score, tasks, ofRows }: Scoring) {
  const layout = model.taskSet.streams[stream];
  const { rows } = table.table;
  const size = Math.min(batchRows, rows);
  const inputs = new Float32Array(size * layout.inputWidth);
  const columns = columnsOf(table.table, kept);
  try {
    for (let first = 0; first < rows; first += size) {
      const positions = Uint32Array.from({ length: Math.min(size, rows - first) }, (_, row) => first + row);
      const order = Uint32Array.from(positions, (_, row) => row);
      fillInputs(layout, table.encode(positions), order, inputs);
      const outputs = executor.run(`predict/${stream}`, { [predictInput]: inputs });
      yield Array.from(positions, (row, place): PredictedRow => ({
        row: row + 1,
        kept: columns.map((column) => textAt(column, row)),
        predictions: Array.from({ length: tasks }, (_, chosen) => {
          const task = ofRows ? ofRows[row] : chosen;
          return task < 0 ? null : score(outputs, place, task);
        }),
      }));
    }
  } finally {
    executor.dispose();
  }
}
