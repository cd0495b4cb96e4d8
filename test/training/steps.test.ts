import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import { initialiseParameters, buildModel, taskLosses, type Batch, type Model } from '../../src/model/model';
import type { TypedArray } from '../../src/program';
import { compile } from '../../src/training/compile';
import { referenceGramian } from './gramians';
import { evaluateStep, inputNames, stepNames } from '../../src/training/steps';
import { engines } from '../program/support';
import { draftBatches, draftExperiment, draftParameters, draftTaskSet, type TaskDraft } from '../model/taskSets';

beforeAll(() => tf.setBackend('cpu'));

const number: TaskDraft = { kind: 'regression' };
const yesNo: TaskDraft = { kind: 'binary', classes: ['no', 'yes'] };
const colour: TaskDraft = { kind: 'multiclass', classes: ['red', 'green', 'blue'] };
const private4 = { layers: [4], activation: 'tanh' as const, dropout: 0 };

const shapes = [
  {
    name: 'several targets of a row',
    taskSet: draftTaskSet([{ tasks: [number, yesNo, number, colour], inputs: 3 }]),
    ownTask: false,
  },
  {
    name: 'one task per value',
    taskSet: draftTaskSet([{ tasks: [number, number, number], inputs: 3 }], true),
    ownTask: true,
  },
  {
    name: 'tables of their own',
    taskSet: draftTaskSet([
      { tasks: [colour], inputs: 3, encoder: private4 },
      { tasks: [{ ...number, loss: 'huber' }], inputs: 5, encoder: private4 },
    ]),
    ownTask: false,
  },
];
const settings = { encoder: { layers: [6, 5] }, head: { layers: [4, 3], activation: 'elu' as const } };
const rows = 12;

function inputsOf(
  batches: readonly Batch[],
  weights: readonly number[],
  learningRate: number,
): Record<string, TypedArray> {
  return Object.fromEntries<TypedArray>([
    ...batches.flatMap(({ x, y, mask }, stream): [string, TypedArray][] => [
      [inputNames.x(stream), x.dataSync()],
      [inputNames.y(stream), y.dataSync()],
      [inputNames.mask(stream), mask.dataSync()],
    ]),
    [inputNames.weights, Float32Array.from(weights)],
    [inputNames.learningRate, Float32Array.of(learningRate)],
  ]);
}

/** Gradients of the weighted sum of losses by eager tfjs. */
function eagerGradients(
  model: Model,
  parameters: Record<string, tf.Tensor>,
  batches: readonly Batch[],
  weights: readonly number[],
) {
  const names = model.parameters.map(({ name }) => name);
  const objective = (...values: tf.Tensor[]) => {
    const replaced = Object.fromEntries(names.map((name, position) => [name, values[position]]));
    return tf.sum(tf.mul(taskLosses(model, { parameters: replaced }, batches).losses, tf.tensor1d([...weights])));
  };
  return tf.grads(objective)(names.map((name) => parameters[name]));
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>) {
  expect(found.length).toBe(expected.length);
  Array.from(expected, (value, index) =>
    expect(Math.abs(found[index] - value)).toBeLessThan(2e-5 * (1 + Math.abs(value))),
  );
}

describe.each(engines)('compiled steps on %s agree with eager tfjs', (engine) => {
  test.each(shapes)('$name', async ({ taskSet, ownTask }) => {
    const optimizer = { name: 'sgd' as const, momentum: 0 };
    const experiment = draftExperiment({ model: settings, training: { optimizer, weightDecay: 0.1 } });
    const model = buildModel(experiment, taskSet);
    const { executor } = await compile({
      experiment,
      model,
      engine,
      seed: 1,
      batchSize: rows,
      needs: ['gramian'],
      inspected: [],
    });
    await tf.setBackend('cpu');
    const parameters = draftParameters(model);
    const before = Object.fromEntries(
      Object.entries(parameters).map(([name, tensor]) => [name, tensor.dataSync<'float32'>()]),
    );
    const batches = draftBatches(
      taskSet,
      taskSet.streams.map(() => rows),
      1,
      ownTask,
    );
    const weights = model.order.map((task) => 1 + task / 2);
    const expected = taskLosses(model, { parameters }, batches);
    const gradients = eagerGradients(model, parameters, batches, weights);
    const gramian = referenceGramian(model, { parameters }, batches).flat();

    for (const step of [stepNames.train, stepNames.trainAndMeasure]) {
      executor.writeState(before);
      const results = executor.run(step, inputsOf(batches, weights, 0.5));
      expectClose(results.losses, expected.losses.dataSync());
      expectClose(results.counts, expected.counts.dataSync());
      if (step === stepNames.trainAndMeasure) expectClose(results.gramian, gramian);
      const after = executor.readState();
      model.parameters.forEach(({ name, decays }, position) => {
        const slopes = gradients[position].dataSync();
        const decay = decays ? 0.1 : 0;
        expectClose(
          after[name],
          before[name].map((value, cell) => value - 0.5 * slopes[cell] - 0.5 * decay * value),
        );
      });
    }
    executor.dispose();
  });
});

test('an executor holds no more tensors after many steps, and overfits a batch', async () => {
  const taskSet = draftTaskSet([{ tasks: [number, yesNo], inputs: 3 }]);
  const experiment = draftExperiment({
    model: { encoder: { layers: [32] } },
    training: { optimizer: { name: 'adam', learningRate: 0.01 } },
  });
  const model = buildModel(experiment, taskSet);
  const { executor } = await compile({
    experiment,
    model,
    engine: 'wasm',
    seed: 1,
    batchSize: rows,
    needs: ['gramian'],
    inspected: [],
  });
  await tf.setBackend('cpu');
  const inputs = inputsOf(draftBatches(taskSet, [rows]), [1, 1], 0.01);
  const step = (count: number) => {
    let losses: number[] = [];
    for (let done = 0; done < count; done++)
      losses = [...executor.run(done % 2 ? stepNames.train : stepNames.trainAndMeasure, inputs).losses];
    return losses;
  };
  step(10);
  const tensors = executor.tensorCount();
  const losses = step(2000);
  expect(executor.tensorCount()).toBe(tensors);
  for (const loss of losses) expect(loss).toBeLessThan(0.01);
  executor.dispose();
});

test('evaluation drops nothing and takes no masks', () => {
  const experiment = draftExperiment({ model: { encoder: { layers: [4], dropout: 0.5 } } });
  const model = buildModel(experiment, draftTaskSet([{ tasks: [number], inputs: 3 }]));
  const { inputs, step } = evaluateStep(model, 0, 5);
  expect(Object.keys(inputs)).toEqual(['x/0', 'y/0', 'mask/0']);
  const values = initialiseParameters(model, 1);
  const state = Object.fromEntries(
    model.parameters.map(({ name, shape }) => [name, tf.tensor(values[name], [...shape])]),
  );
  const zeros = Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, tf.ones([...shape])]));
  const { outputs, updates } = step(zeros, state);
  expect(updates).toBeUndefined();
  expect(Object.keys(outputs)).toEqual(['outputs/0', 'sums/0', 'counts/0']);
  expect([...outputs['counts/0'].dataSync()]).toEqual([5]);
});
