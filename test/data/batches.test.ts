import { beforeAll, describe, expect, test } from 'vitest';
import { createBuffers, epochSchedule, fillBatch, sequentialBatches, stepsPerEpoch } from '../../src/data/batches';
import type { TaskSet } from '../../src/data/taskSet';
import { csv, folderWith, prepared } from './support';

const rows = Array.from({ length: 50 }, (_, row) => [row, ['red', 'blue'][row % 2], row % 5 ? row : '', row % 3]);
const folder = folderWith({ 'table.csv': csv([['x', 'word', 'y', 'z'], ...rows]) });
const all = { train: 1, validation: 0, test: 0 };
const modality = (name: 'image' | 'speech', size: number) =>
  ({
    data: { generate: 'two-modalities', modality: name, inputs: 3, rows: size, split: all },
    target: 'class',
    kind: 'multiclass',
  }) as const;

let common: TaskSet;
let own: TaskSet;
beforeAll(async () => {
  common = await prepared(
    {
      data: { source: 'table.csv', split: all },
      inputs: { numeric: { scale: 'none' } },
      tasks: { y: { target: 'y', kind: 'regression', scale: 'none' }, z: { target: 'z', kind: 'multiclass' } },
    },
    folder,
  );
  own = await prepared({ tasks: { a: modality('image', 250), b: modality('speech', 100) } });
});

describe('filling a batch', () => {
  test('numbers, one-hot blocks, targets and masks; padding is masked', () => {
    const [stream] = common.streams;
    const buffers = createBuffers(stream, 4);
    buffers.inputs.fill(9);
    buffers.targets.fill(9);
    buffers.mask.fill(9);
    fillBatch(stream, 'train', [5, 3], buffers);
    expect(stream.inputNames).toEqual(['x', 'word = blue', 'word = red', 'word = (other)']);
    expect([...buffers.inputs]).toEqual([5, 1, 0, 0, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...buffers.targets]).toEqual([0, 2, 3, 0, 0, 0, 0, 0]);
    expect([...buffers.mask]).toEqual([0, 1, 1, 1, 0, 0, 0, 0]);
  });

  test('buffers hold nothing of the batch before', () => {
    const [stream] = common.streams;
    const used = createBuffers(stream, 8);
    fillBatch(stream, 'train', [0, 1, 2, 3, 4, 5, 6, 7], used);
    fillBatch(stream, 'train', [9, 8], used);
    const fresh = createBuffers(stream, 8);
    fillBatch(stream, 'train', [9, 8], fresh);
    expect(used).toEqual(fresh);
  });
});

describe('an epoch', () => {
  test('sees each row of one table once, in an order of its own', () => {
    const rowsOf = (seed: number, epoch: number) => {
      const schedule = epochSchedule(common, 16, seed, epoch);
      return Array.from({ length: schedule.steps }, (_, step) => [...schedule.rowsAt(step)[0]]);
    };
    expect(rowsOf(1, 0).map(({ length }) => length)).toEqual([16, 16, 16, 2]);
    expect(
      rowsOf(1, 0)
        .flat()
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 50 }, (_, row) => row));
    expect(rowsOf(1, 7)).toEqual(rowsOf(1, 7));
    expect(rowsOf(1, 7)).not.toEqual(rowsOf(1, 8));
    expect(rowsOf(1, 7)).not.toEqual(rowsOf(2, 7));
  });

  test('is as long as the longest table; shorter ones go on in fresh shuffles', () => {
    expect(stepsPerEpoch(own, 32)).toBe(8);
    const schedule = epochSchedule(own, 32, 1, 3);
    const drawn = [0, 1].map((stream) =>
      Array.from({ length: schedule.steps }, (_, step) => [...schedule.rowsAt(step)[stream]]).flat(),
    );
    expect(drawn.map(({ length }) => length)).toEqual([250, 256]);
    expect(new Set(drawn[0]).size).toBe(250);
    const rounds = [drawn[1].slice(0, 100), drawn[1].slice(100, 200)];
    for (const round of rounds) expect(new Set(round).size).toBe(100);
    expect(rounds[0]).not.toEqual(rounds[1]);
  });
});

test('evaluation goes through the rows in their order', () => {
  expect(sequentialBatches(common.streams[0], 'train', 20).map((batch) => [batch[0], batch.length])).toEqual([
    [0, 20],
    [20, 20],
    [40, 10],
  ]);
  expect(sequentialBatches(common.streams[0], 'test', 20)).toEqual([]);
});
