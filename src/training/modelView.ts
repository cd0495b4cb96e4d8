import type { BatchBuffers } from '../data/batches';
import { headNames, type HeadGroup } from '../model/heads';
import type { Model } from '../model/model';
import type { ModelView } from '../relatedness';

type Labels = ModelView['labels'][number];
type Representation = ModelView['representations'][number];
type Values = Readonly<Record<string, ArrayLike<number>>>;

/** Where a task's head is. */
export interface HeadPlace {
  readonly task: number;
  readonly group: HeadGroup;
  /** Position in `model.groups`, and within the group. */
  readonly position: number;
  readonly head: number;
}

/**
 * What a model shows of the tasks of a stream.
 * @param buffers The rows that the program of `inspectStep` has seen.
 * @param rows How many of them are no padding.
 * @param results What it gave.
 * @param parameters Of the model, by name.
 */
export function modelView(
  model: Model,
  stream: number,
  buffers: BatchBuffers,
  rows: number,
  results: Values,
  parameters: Values,
): ModelView {
  const places = headPlaces(model, stream);
  const outputs = places.map(({ group, position, head }) =>
    ofHead(results[`outputs/${position}`], { batch: buffers.batchSize, heads: group.tasks.length, head, rows }),
  );
  return {
    labels: places.map((place) => labelsOf(model, place, buffers, rows)),
    representations: places.map(({ group, position, head }) => {
      const heads = readsAlone(group, results, position, buffers) ? group.tasks.length : 1;
      return ofHead(results[`read/${position}`], { batch: buffers.batchSize, heads, head: heads > 1 ? head : 0, rows });
    }),
    answers: places.map(({ group: { kind } }, index) => answersOf(kind, outputs[index])),
    headWeights: linearHeads(
      places.map((place) => (readsAlone(place.group, results, place.position, buffers) ? undefined : place)),
      parameters,
    ),
  };
}

/** Where the heads of a stream's tasks are, in the order of its columns. */
export function headPlaces(model: Model, stream: number): HeadPlace[] {
  return model.taskSet.streams[stream].tasks.map((task) => {
    const position = model.groups.findIndex((group) => group.tasks.includes(task));
    return { task, group: model.groups[position], position, head: model.groups[position].tasks.indexOf(task) };
  });
}

/** Whether each head of a group reads something of its own. */
function readsAlone(group: HeadGroup, results: Values, position: number, { batchSize }: BatchBuffers): boolean {
  const width = group.units.at(-2) ?? group.inputs;
  return results[`read/${position}`].length > batchSize * width;
}

/** One head's part of batch x heads x width, without the padding. */
export function ofHead(
  values: ArrayLike<number>,
  { batch, heads, head, rows }: { batch: number; heads: number; head: number; rows: number },
): Representation {
  const columns = values.length / (batch * heads);
  const own = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const from = (row * heads + head) * columns;
    for (let column = 0; column < columns; column++) own[row * columns + column] = values[from + column];
  }
  return { values: own, rows, columns };
}

function labelsOf(model: Model, { task, group }: HeadPlace, { targets, mask }: BatchBuffers, rows: number): Labels {
  const { stream, column } = model.taskSet.tasks[task];
  const columns = model.taskSet.streams[stream].tasks.length;
  const values = Float64Array.from({ length: rows }, (_, row) => {
    const cell = row * columns + column;
    return mask[cell] === 0 ? NaN : targets[cell];
  });
  return { kind: group.kind, values };
}

/** Probabilities from logits; numbers as they are. */
export function answersOf(kind: HeadGroup['kind'], outputs: Representation): Representation {
  if (kind === 'regression') return outputs;
  const { values, rows, columns } = outputs;
  const classes = kind === 'binary' ? 2 : columns;
  const result = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const logits =
      kind === 'binary' ? [0, values[row]] : Array.from({ length: columns }, (_, z) => values[row * columns + z]);
    const highest = Math.max(...logits);
    const powers = logits.map((logit) => Math.exp(logit - highest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    powers.forEach((power, z) => (result[row * classes + z] = power / total));
  }
  return { values: result, rows, columns: classes };
}

/** Weights of heads of one layer and one output on what all read; for other heads no number. */
function linearHeads(places: readonly (HeadPlace | undefined)[], parameters: Values): Float64Array[] {
  const found = places.map((place) => {
    if (place?.group.units.length !== 1 || place.group.outputs !== 1) return undefined;
    const { inputs, tasks, common } = place.group;
    const weights = parameters[headNames(place.group, 0).weights];
    const beside = common === undefined ? undefined : parameters[`${common}/weights`];
    return Float64Array.from(
      { length: inputs },
      (_, input) => weights[input * tasks.length + place.head] + (beside?.[input] ?? 0),
    );
  });
  const width = Math.max(1, ...found.map((weights) => weights?.length ?? 0));
  return found.map((weights) => weights ?? new Float64Array(width).fill(NaN));
}
