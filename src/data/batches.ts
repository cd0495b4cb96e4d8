import { createRandom, shuffle } from '../common/random';
import type { EncodedRows, InputLayout } from './encodeInputs';
import type { Stream, SplitName, TaskSet } from './taskSet';

/** Reused by every batch of a stream, so that no step allocates. */
export interface BatchBuffers {
  readonly batchSize: number;
  /** batchSize x stream.inputWidth, row-major. */
  readonly inputs: Float32Array;
  /** batchSize x tasks of the stream, row-major. */
  readonly targets: Float32Array;
  /** batchSize x tasks of the stream, row-major. */
  readonly mask: Float32Array;
}

export function createBuffers(stream: Stream, batchSize: number): BatchBuffers {
  return {
    batchSize,
    inputs: new Float32Array(batchSize * stream.inputWidth),
    targets: new Float32Array(batchSize * stream.tasks.length),
    mask: new Float32Array(batchSize * stream.tasks.length),
  };
}

/**
 * Writes rows of one split into the buffers, one-hot blocks expanded. `rows` holds at most `batchSize` positions
 * within the split; what is left of the buffers is padding: inputs and targets 0, mask 0.
 */
export function fillBatch(stream: Stream, split: SplitName, rows: ArrayLike<number>, buffers: BatchBuffers): void {
  const { targets, mask } = stream.splits[split];
  const tasks = stream.tasks.length;
  fillInputs(stream, stream.splits[split], rows, buffers.inputs);
  for (let row = 0; row < rows.length; row++) {
    const from = rows[row];
    copyRow(targets, from, buffers.targets, row * tasks, tasks);
    copyRow(mask, from, buffers.mask, row * tasks, tasks);
  }
  buffers.targets.fill(0, rows.length * tasks);
  buffers.mask.fill(0, rows.length * tasks);
}

/** Writes the inputs of encoded rows, one-hot blocks expanded; what is left of `inputs` becomes 0. */
export function fillInputs(
  { inputWidth, numericWidth, categorical }: InputLayout,
  { numeric, codes }: EncodedRows,
  rows: ArrayLike<number>,
  inputs: Float32Array,
): void {
  const blocks = categorical.length;
  if (blocks > 0) inputs.fill(0);
  for (let row = 0; row < rows.length; row++) {
    const from = rows[row];
    const start = row * inputWidth;
    copyRow(numeric, from, inputs, start, numericWidth);
    for (let block = 0, source = from * blocks; block < blocks; block++) {
      inputs[start + categorical[block].offset + codes[source + block]] = 1;
    }
  }
  inputs.fill(0, rows.length * inputWidth);
}

/** Row `from` of `source`, put at `place`. Short rows go faster by a loop than by a view, long ones the other way. */
function copyRow(source: Float32Array, from: number, target: Float32Array, place: number, width: number): void {
  const start = from * width;
  if (width > 16) target.set(source.subarray(start, start + width), place);
  else for (let cell = 0; cell < width; cell++) target[place + cell] = source[start + cell];
}

/** Cuts an order of rows into batches; the last may be shorter. */
function createBatches(order: Uint32Array, batchSize: number): Uint32Array[] {
  const batches: Uint32Array[] = [];
  for (let start = 0; start < order.length; start += batchSize) batches.push(order.subarray(start, start + batchSize));
  return batches;
}

/** The rows of a split in their own order: what evaluation goes through. */
export function sequentialBatches(stream: Stream, split: SplitName, batchSize: number): Uint32Array[] {
  return createBatches(
    Uint32Array.from({ length: stream.splits[split].rows }, (_, row) => row),
    batchSize,
  );
}

/** Which training rows each step of an epoch sees. */
export interface EpochSchedule {
  readonly steps: number;
  /** Per stream, in the order of `TaskSet.streams`, the positions within its training split: at most `batchSize`. */
  rowsAt(step: number): readonly Uint32Array[];
}

/** Training steps of every epoch: those of the stream with the most rows. */
export function stepsPerEpoch(taskSet: TaskSet, batchSize: number): number {
  return Math.max(...taskSet.streams.map(({ splits }) => Math.ceil(splits.train.rows / batchSize)));
}

/**
 * The order of rows in one epoch: a function of seed and epoch alone, so that a resumed run needs only counters. An
 * epoch is one pass over the stream that takes the most steps. A stream with as many steps of its own sees each row
 * once, its last batch perhaps shorter; a shorter one goes on in fresh shuffles of its own, with full batches.
 */
export function epochSchedule(taskSet: TaskSet, batchSize: number, seed: number, epoch: number): EpochSchedule {
  const steps = stepsPerEpoch(taskSet, batchSize);
  const batches = taskSet.streams.map(({ splits }, stream) => {
    const { rows } = splits.train;
    const length = Math.ceil(rows / batchSize) === steps ? rows : steps * batchSize;
    return createBatches(epochOrder(rows, length, seed, epoch, stream), batchSize);
  });
  return { steps, rowsAt: (step) => batches.map((ofStream) => ofStream[step]) };
}

function epochOrder(rows: number, length: number, seed: number, epoch: number, stream: number): Uint32Array {
  const order = new Uint32Array(length);
  const round = new Uint32Array(rows);
  for (let start = 0, turn = 0; start < length && rows > 0; start += rows, turn++) {
    for (let row = 0; row < rows; row++) round[row] = row;
    shuffle(round, createRandom(seed, `epoch ${epoch} stream ${stream} round ${turn}`));
    order.set(start + rows <= length ? round : round.subarray(0, length - start), start);
  }
  return order;
}
