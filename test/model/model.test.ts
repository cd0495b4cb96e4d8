import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import { ExperimentError } from '../../src/experiment/problem';
import { groupColumns } from '../../src/model/heads';
import {
  buildModel,
  enterGroups,
  finishGroup,
  initialiseParameters,
  inTaskOrder,
  modelMasks,
  represent,
  taskSums,
} from '../../src/model/model';
import { draftBatches, draftExperiment, draftParameters, draftTaskSet, type TaskDraft } from './taskSets';

beforeAll(() => tf.setBackend('cpu'));

const number: TaskDraft = { kind: 'regression' };
const yesNo: TaskDraft = { kind: 'binary', classes: ['no', 'yes'] };
const colour: TaskDraft = { kind: 'multiclass', classes: ['red', 'green', 'blue'] };

/** rows x columns by plain loops. */
function product(input: readonly number[][], weights: ArrayLike<number>, bias: ArrayLike<number>): number[][] {
  return input.map((row) =>
    Array.from(bias, (start, unit) =>
      row.reduce((sum, value, i) => sum + value * weights[i * bias.length + unit], start),
    ),
  );
}

describe('hard sharing', () => {
  test('is private encoder, shared encoder and heads, one after the other, as plain loops say', () => {
    const taskSet = draftTaskSet([
      { tasks: [number], inputs: 3, encoder: { layers: [4], activation: 'tanh', dropout: 0 } },
      { tasks: [colour], inputs: 4 },
    ]);
    const experiment = draftExperiment({
      model: { encoder: { layers: [5, 2] }, head: { layers: [3], activation: 'sigmoid' } },
    });
    const model = buildModel(experiment, taskSet);
    const parameters = draftParameters(model);
    const value = (name: string) => parameters[name].dataSync();
    const [first, second] = draftBatches(taskSet, [6, 7]);

    const dense = (name: string, rows: number[][], activation: (x: number) => number) =>
      product(rows, value(`${name}/weights`), value(`${name}/bias`)).map((row) => row.map(activation));
    const relu = (x: number) => Math.max(0, x);
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    const shared = (rows: number[][]) => dense('shared/1', dense('shared/0', rows, relu), relu);
    const head = (group: number, rows: number[][]) =>
      dense(`heads/${group}/1`, dense(`heads/${group}/0`, rows, sigmoid), (x) => x).flat();
    const expected = [
      head(0, shared(dense('private/0/0', first.x.arraySync(), Math.tanh))),
      head(1, shared(second.x.arraySync())),
    ];

    const entered = enterGroups(model, { parameters }, [first, second]);
    model.groups.forEach((group, position) => {
      const { outputs } = finishGroup(group, { parameters }, entered[position], [first, second][group.stream]);
      expect(outputs.shape).toEqual(
        [
          [6, 1, 1],
          [7, 1, 3],
        ][position],
      );
      [...outputs.dataSync()].forEach((output, cell) => expect(output).toBeCloseTo(expected[position][cell], 5));
    });
  });

  test('wants inputs of one width, and says which tasks differ', () => {
    const taskSet = draftTaskSet([
      { tasks: [{ ...number, name: 'speech' }], inputs: 3 },
      { tasks: [{ ...number, name: 'image' }], inputs: 4 },
    ]);
    expect(() => buildModel(draftExperiment(), taskSet)).toThrow(ExperimentError);
    expect(() => buildModel(draftExperiment(), taskSet)).toThrow(/"speech" feeds 3 .* "image" 4.* private `encoder`/);
  });

  test('shares the encoder and nothing else; only matrices decay', () => {
    const taskSet = draftTaskSet([
      { tasks: [number], inputs: 3, encoder: { layers: [4], activation: 'relu', dropout: 0 } },
      { tasks: [number], inputs: 4 },
    ]);
    const model = buildModel(draftExperiment({ model: { encoder: { layers: [5] } } }), taskSet);
    const names = (flag: 'shared' | 'decays') => model.parameters.filter((spec) => spec[flag]).map(({ name }) => name);
    expect(names('shared')).toEqual(['shared/0/weights', 'shared/0/bias']);
    expect(names('decays')).toEqual([
      'private/0/0/weights',
      'shared/0/weights',
      'heads/0/0/weights',
      'heads/1/0/weights',
    ]);
    expect(model.parameterCount).toBe(3 * 4 + 4 + 4 * 5 + 5 + 2 * (5 + 1));
  });
});

describe('heads', () => {
  test('are grouped by stream, kind, loss and width, in the order of their first task', () => {
    const taskSet = draftTaskSet([
      { tasks: [number, yesNo, number, colour, { ...number, loss: 'huber' }], inputs: 3 },
      { tasks: [number], inputs: 3 },
    ]);
    const model = buildModel(draftExperiment(), taskSet);
    expect(model.groups.map(({ tasks }) => tasks)).toEqual([[0, 2], [1], [3], [4], [5]]);
    expect(model.groups.map(({ columns }) => columns)).toEqual([[0, 2], [1], [3], [4], [0]]);
    expect(model.order).toEqual([0, 2, 1, 3, 4, 5]);
    expect(inTaskOrder(model, [10, 12, 11, 13, 14, 15])).toEqual([10, 11, 12, 13, 14, 15]);
  });

  test.each([[[]], [[4]], [[4, 3]]])('layers %j: stacked heads equal separate heads', (layers) => {
    const stacked = draftTaskSet([{ tasks: [colour, colour, colour], inputs: 3 }]);
    const experiment = draftExperiment({ model: { encoder: { layers: [6] }, head: { layers } } });
    const model = buildModel(experiment, stacked);
    const parameters = draftParameters(model);
    const [batch] = draftBatches(stacked, [8]);
    const all = finishGroup(model.groups[0], { parameters }, enterGroups(model, { parameters }, [batch])[0], batch);
    [0, 1, 2].forEach((task) => {
      const alone = draftTaskSet([{ tasks: [colour], inputs: 3 }]);
      const single = buildModel(experiment, alone);
      const ofTask = Object.fromEntries(
        single.parameters.map(({ name, shape }) => {
          const axis = name.startsWith('heads/0/0') ? shape.length - 1 : 0;
          return [name, name.startsWith('heads') ? tf.split(parameters[name], 3, axis)[task] : parameters[name]];
        }),
      );
      const singlePass = { parameters: ofTask };
      const column = (values: tf.Tensor2D) => tf.slice(values, [0, task], [-1, 1]);
      const own = { x: batch.x, y: column(batch.y), mask: column(batch.mask) };
      const one = finishGroup(single.groups[0], singlePass, enterGroups(single, singlePass, [own])[0], own);
      const expected = one.outputs.dataSync();
      const found = tf.slice(all.outputs, [0, task, 0], [-1, 1, -1]).dataSync();
      found.forEach((value, cell) => expect(value).toBeCloseTo(expected[cell], 5));
      expect(all.sums.dataSync()[task]).toBeCloseTo(one.sums.dataSync()[0], 4);
      expect(all.counts.dataSync()[task]).toBe(one.counts.dataSync()[0]);
    });
  });

  test('take their own columns of targets and masks', () => {
    const model = buildModel(draftExperiment(), draftTaskSet([{ tasks: [number, yesNo, number, number], inputs: 3 }]));
    const values = tf.tensor2d([[1, 2, 3, 4]]);
    expect(model.groups.map((group) => groupColumns(group, values).arraySync())).toEqual([[[1, 3, 4]], [[2]]]);
  });
});

describe('masks', () => {
  test('a batch without a label for a task leaves its loss 0 and the others as they are', () => {
    const taskSet = draftTaskSet([{ tasks: [number, yesNo, number], inputs: 3 }]);
    const model = buildModel(draftExperiment(), taskSet);
    const parameters = draftParameters(model);
    const [batch] = draftBatches(taskSet, [8]);
    const without = { ...batch, mask: tf.mul<tf.Tensor2D>(batch.mask, tf.tensor1d([1, 1, 0])) };
    const measured = (of: typeof batch) => {
      const { sums, counts } = taskSums(model, { parameters }, enterGroups(model, { parameters }, [of]), [of]);
      return { sums: inTaskOrder(model, sums.dataSync()), counts: inTaskOrder(model, counts.dataSync()) };
    };
    const full = measured(batch);
    expect(full.sums.every((sum) => sum > 0)).toBe(true);
    expect(measured(without)).toEqual({
      sums: [full.sums[0], full.sums[1], 0],
      counts: [full.counts[0], full.counts[1], 0],
    });
  });

  test('rows that only fill the batch change no loss', () => {
    const taskSet = draftTaskSet([{ tasks: [number, colour], inputs: 3 }]);
    const model = buildModel(draftExperiment(), taskSet);
    const parameters = draftParameters(model);
    const [batch] = draftBatches(taskSet, [8]);
    const fill = (values: tf.Tensor2D) => tf.concat2d([values, tf.zeros([3, values.shape[1]])], 0);
    const filled = { x: fill(batch.x), y: fill(batch.y), mask: fill(batch.mask) };
    const sums = [batch, filled].map((of) => [
      ...taskSums(model, { parameters }, enterGroups(model, { parameters }, [of]), [of]).sums.dataSync(),
    ]);
    sums[0].forEach((sum, task) => expect(sums[1][task]).toBeCloseTo(sum, 5));
  });
});

describe('dropout', () => {
  test('has a mask for every layer of every use, and multiplies with it', () => {
    const encoder = { layers: [4], activation: 'linear' as const, dropout: 0.25 };
    const taskSet = draftTaskSet([
      { tasks: [number, number], inputs: 3, encoder },
      { tasks: [number], inputs: 4 },
    ]);
    const experiment = draftExperiment({
      model: { encoder: { layers: [5, 6], dropout: 0.5 }, head: { layers: [2, 3], dropout: 0.1 } },
    });
    const model = buildModel(experiment, taskSet);
    expect(modelMasks(model, [7, 9]).map(({ shape, rate }) => [rate, ...shape])).toEqual([
      [0.25, 7, 4],
      ...[7, 9].flatMap((rows) => [
        [0.5, rows, 5],
        [0.5, rows, 6],
      ]),
      [0.1, 7, 4],
      [0.1, 2, 7, 3],
      [0.1, 9, 2],
      [0.1, 1, 9, 3],
    ]);
    const parameters = draftParameters(model);
    const batches = draftBatches(taskSet, [7, 9]);
    const pass = (value: number) => ({
      parameters,
      masks: Object.fromEntries(modelMasks(model, [7, 9]).map(({ name, shape }) => [name, tf.fill([...shape], value)])),
    });
    const plain = enterGroups(model, { parameters }, batches).map((tensor) => tensor.arraySync());
    expect(enterGroups(model, pass(1), batches).map((tensor) => tensor.arraySync())).toEqual(plain);
    expect(
      represent(model, pass(0), 1, batches[1].x)
        .arraySync()
        .flat()
        .every((value) => value === 0),
    ).toBe(true);
  });

  test('asks for no mask where nothing is dropped', () => {
    const model = buildModel(draftExperiment(), draftTaskSet([{ tasks: [number], inputs: 3 }]));
    expect(modelMasks(model, [5])).toEqual([]);
  });
});

describe('initial parameters', () => {
  const build = (count: number) =>
    buildModel(
      draftExperiment({ model: { encoder: { layers: [300] }, head: { layers: [40] } } }),
      draftTaskSet([{ tasks: Array.from({ length: count }, () => number), inputs: 200 }]),
    );

  test('come from the seed alone', () => {
    expect(initialiseParameters(build(2), 3)).toEqual(initialiseParameters(build(2), 3));
    expect(initialiseParameters(build(2), 3)).not.toEqual(initialiseParameters(build(2), 4));
  });

  test.each([
    ['relu', 2 / 200],
    ['elu', 2 / 200],
    ['tanh', 2 / 500],
    ['sigmoid', 2 / 500],
    ['linear', 2 / 500],
  ] as const)('have the variance that suits %s', (activation, variance) => {
    const experiment = draftExperiment({ model: { encoder: { layers: [300], activation } } });
    const model = buildModel(experiment, draftTaskSet([{ tasks: [number], inputs: 200 }]));
    const weights = initialiseParameters(model, 1)['shared/0/weights'];
    const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
    expect(squares / weights.length / variance).toBeCloseTo(1, 1);
  });

  test('are 0 for biases and single outputs, but not for the outputs of several classes', () => {
    const values = initialiseParameters(build(2), 1);
    for (const name of ['shared/0/bias', 'heads/0/0/bias', 'heads/0/1/weights', 'heads/0/1/bias']) {
      expect(values[name].every((value) => value === 0)).toBe(true);
    }
    const classes = buildModel(draftExperiment(), draftTaskSet([{ tasks: [colour], inputs: 3 }]));
    expect(initialiseParameters(classes, 1)['heads/0/0/weights'].every((value) => value !== 0)).toBe(true);
  });

  test('of a head do not depend on how many others there are', () => {
    const layers = { encoder: { layers: [5] }, head: { layers: [4, 3] } };
    const build = (count: number) =>
      buildModel(
        draftExperiment({ model: layers }),
        draftTaskSet([{ tasks: Array.from({ length: count }, () => number), inputs: 2 }]),
      );
    const two = initialiseParameters(build(2), 1)['heads/0/1/weights'];
    expect(two.every((value) => value !== 0)).toBe(true);
    expect([...initialiseParameters(build(5), 1)['heads/0/1/weights'].subarray(0, two.length)]).toEqual([...two]);
  });
});
