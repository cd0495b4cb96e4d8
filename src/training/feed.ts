import { createRandom, type Random } from '../common/random';
import { createBuffers, fillBatch } from '../data/batches';
import { modelMasks, type Model } from '../model/model';
import { sizeOf } from '../model/parameters';
import type { TypedArray } from '../program';
import { validationNames, validationRows } from './alignmentStep';
import { inputNames } from './steps';

/** The inputs of training steps: the same arrays at every step, so that no step allocates. */
export interface Feed {
  readonly inputs: Readonly<Record<string, TypedArray>>;
  /**
   * Writes the batches, dropout masks and what else a step draws.
   * @param rows Per stream, positions within its training split.
   * @param step Counted over the whole run; the masks are a function of seed and step alone.
   */
  readonly fill: (rows: readonly Uint32Array[], step: number) => void;
}

export interface FeedOptions {
  readonly batchSize: number;
  readonly seed: number;
  readonly learningRate: number;
  /** One per task, in the order of the task set. */
  readonly weights: readonly number[];
}

export function createFeed(model: Model, { batchSize, seed, learningRate, weights }: FeedOptions): Feed {
  const { streams } = model.taskSet;
  const buffers = streams.map((stream) => createBuffers(stream, batchSize));
  const masks = modelMasks(
    model,
    streams.map(() => batchSize),
  ).map((mask) => ({ ...mask, values: new Float32Array(sizeOf(mask.shape)) }));
  const drawn = (model.shared.drawn ?? []).map((spec) => ({ ...spec, values: new Float32Array(sizeOf(spec.shape)) }));
  const inputs = Object.fromEntries<TypedArray>([
    ...buffers.flatMap((buffer, stream): [string, TypedArray][] => [
      [inputNames.x(stream), buffer.inputs],
      [inputNames.y(stream), buffer.targets],
      [inputNames.mask(stream), buffer.mask],
    ]),
    ...[...masks, ...drawn].map(({ name, values }): [string, TypedArray] => [name, values]),
    [inputNames.weights, Float32Array.from(model.order, (task) => weights[task])],
    [inputNames.learningRate, Float32Array.of(learningRate)],
  ]);
  return {
    inputs,
    fill(rows, step) {
      streams.forEach((stream, position) => fillBatch(stream, 'train', rows[position], buffers[position]));
      if (drawn.length > 0) {
        const random = createRandom(seed, `sharing ${step}`);
        for (const { values, draw } of drawn) values.forEach((_, cell) => (values[cell] = draw(random, step)));
      }
      if (masks.length === 0) return;
      const random = createRandom(seed, `dropout ${step}`);
      for (const { values, rate } of masks) {
        const kept = 1 / (1 - rate);
        for (let cell = 0; cell < values.length; cell++) values[cell] = random.uniform() < rate ? 0 : kept;
      }
    },
  };
}

/** The inputs that hold a batch of the validation split, for steps that look at one. */
export interface ValidationFeed {
  readonly inputs: Readonly<Record<string, TypedArray>>;
  /** Draws rows, none twice, as a function of the seed and the step alone. */
  readonly fill: (step: number) => void;
}

export function createValidationFeed(model: Model, batchSize: number, seed: number): ValidationFeed {
  const { streams } = model.taskSet;
  const counts = validationRows(model, batchSize);
  const buffers = streams.map((stream, position) => createBuffers(stream, counts[position]));
  return {
    inputs: Object.fromEntries(
      buffers.flatMap((buffer, stream): [string, TypedArray][] => [
        [validationNames.x(stream), buffer.inputs],
        [validationNames.y(stream), buffer.targets],
        [validationNames.mask(stream), buffer.mask],
      ]),
    ),
    fill(step) {
      const random = createRandom(seed, `validation ${step}`);
      streams.forEach((stream, position) => {
        const rows = drawRows(stream.splits.validation.rows, counts[position], random);
        fillBatch(stream, 'validation', rows, buffers[position]);
      });
    },
  };
}

/** So many of the rows, or all of them (Floyd's way: Bentley, Programming Pearls: A Sample of Brilliance, 1987). */
function drawRows(rows: number, count: number, random: Random): number[] {
  const drawn = new Set<number>();
  for (let last = Math.max(0, rows - count); last < rows; last++) {
    const row = random.integer(last + 1);
    drawn.add(drawn.has(row) ? last : row);
  }
  return [...drawn];
}
