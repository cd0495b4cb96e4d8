import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Optimizer } from '../../src/experiment/schema';
import { buildModel, taskLosses, type Batch, type Model } from '../../src/model/model';
import { createExecutor, optimize, traceProgram, type EngineName, type TypedArray } from '../../src/program';
import { gradientSteps, gradientStepNames, lastingState, noGradients } from '../../src/training/gradientSteps';
import { referenceGramian } from './gramians';
import { initialState } from '../../src/training/optimizerState';
import { inputNames, stepNames, trainStep } from '../../src/training/steps';
import { draftBatches, draftExperiment, draftParameters, draftTaskSet, type TaskDraft } from '../model/taskSets';
import { engineCases } from '../program/support';

beforeAll(() => tf.setBackend('cpu'));

const number: TaskDraft = { kind: 'regression' };
const colour: TaskDraft = { kind: 'multiclass', classes: ['red', 'green', 'blue'] };
const encoder = { layers: [4], activation: 'tanh' as const, dropout: 0 };
const settings = { encoder: { layers: [6, 5] }, head: { layers: [4, 3], activation: 'elu' as const } };
const rows = 12;
const learningRate = 0.5;

const shapes = [
  {
    name: 'several targets of a row',
    taskSet: draftTaskSet([{ tasks: [number, { kind: 'binary', classes: ['no', 'yes'] }, number, colour], inputs: 3 }]),
  },
  {
    name: 'tables of their own, one of them with two tasks behind its private encoder',
    taskSet: draftTaskSet([
      { tasks: [colour, number], inputs: 3, encoder },
      { tasks: [{ ...number, loss: 'huber' }], inputs: 5, encoder },
    ]),
  },
];

function inputsOf(batches: readonly Batch[]): Record<string, TypedArray> {
  return Object.fromEntries(
    batches.flatMap(({ x, y, mask }, stream): [string, TypedArray][] => [
      [inputNames.x(stream), x.dataSync()],
      [inputNames.y(stream), y.dataSync()],
      [inputNames.mask(stream), mask.dataSync()],
    ]),
  );
}

async function open(engine: EngineName, model: Model, optimizer: Optimizer, before: Record<string, Float32Array>) {
  const { training } = draftExperiment({ model: settings, training: { optimizer, weightDecay: 0.1 } });
  const streamRows = model.taskSet.streams.map(() => rows);
  const inTwoCalls = gradientSteps(model, training, streamRows);
  const steps = [inTwoCalls.measure, inTwoCalls.apply, trainStep(model, training, streamRows, [])];
  const executor = await createExecutor(engine, {
    programs: steps.map((step) => optimize(traceProgram(step), engine)),
    initialState: {
      ...initialState(model, training.optimizer, before),
      ...noGradients(inTwoCalls),
    },
  });
  await tf.setBackend('cpu');
  return executor;
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>) {
  expect(found.length).toBe(expected.length);
  Array.from(expected, (value, index) =>
    expect(Math.abs(found[index] - value)).toBeLessThan(2e-5 * (1 + Math.abs(value))),
  );
}

/** Gradients of a weighted sum of losses by eager tfjs. */
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

function draft(taskSet: Model['taskSet']) {
  const model = buildModel(draftExperiment({ model: settings }), taskSet);
  const parameters = draftParameters(model);
  const before = Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => [name, tensor.dataSync<'float32'>().slice()]),
  );
  const batches = draftBatches(
    taskSet,
    taskSet.streams.map(() => rows),
  );
  return { model, parameters, before, batches };
}

describe.each(engineCases)('a step in two calls on $title', ({ engine, skipped }) => {
  test.skipIf(skipped).each(shapes)('agrees with eager tfjs: $name', async ({ taskSet }) => {
    const { model, parameters, before, batches } = draft(taskSet);
    const executor = await open(engine, model, { name: 'sgd', learningRate, momentum: 0 }, before);
    const weights = model.order.map((task) => 1 + task / 2);
    const own = model.order.map((task) => 2 - task / 4);

    const results = executor.run(gradientStepNames.measure, inputsOf(batches));
    const expected = taskLosses(model, { parameters }, batches);
    expectClose(results.losses, expected.losses.dataSync());
    expectClose(results.counts, expected.counts.dataSync());
    expectClose(results.gramian, referenceGramian(model, { parameters }, batches).flat());

    executor.run(gradientStepNames.apply, {
      [inputNames.weights]: Float32Array.from(weights),
      [inputNames.ownWeights]: Float32Array.from(own),
      [inputNames.learningRate]: Float32Array.of(learningRate),
    });
    const after = executor.readState();
    const ofShared = eagerGradients(model, parameters, batches, weights);
    const ofOwn = eagerGradients(model, parameters, batches, own);
    model.parameters.forEach(({ name, shared, decays }, position) => {
      const slopes = (shared ? ofShared : ofOwn)[position].dataSync();
      const keep = decays ? 1 - learningRate * 0.1 : 1;
      expectClose(
        after[name],
        before[name].map((value, cell) => keep * value - learningRate * slopes[cell]),
      );
    });
    executor.dispose();
  });

  test.skipIf(skipped)('with the same weights it trains just as the step in one call', async () => {
    const { model, before, batches } = draft(shapes[0].taskSet);
    const optimizer = { name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-3 } as const;
    const weights = Float32Array.from(model.order, (task) => 1 + task / 2);
    const rate = { [inputNames.learningRate]: Float32Array.of(0.01) };
    const [two, one] = [await open(engine, model, optimizer, before), await open(engine, model, optimizer, before)];
    for (let step = 0; step < 3; step++) {
      two.run(gradientStepNames.measure, inputsOf(batches));
      two.run(gradientStepNames.apply, { [inputNames.weights]: weights, [inputNames.ownWeights]: weights, ...rate });
      one.run(stepNames.train, { ...inputsOf(batches), [inputNames.weights]: weights, ...rate });
    }
    const [ofTwo, ofOne] = [two.readState(), one.readState()];
    for (const { name } of model.parameters) {
      expect(ofOne[name]).not.toEqual(before[name]);
      expectClose(ofTwo[name], ofOne[name]);
    }
    two.dispose();
    one.dispose();
  });
});

test('what lies between the two calls is not kept beyond a step', () => {
  const { model } = draft(shapes[0].taskSet);
  const { training } = draftExperiment({ model: settings });
  const steps = gradientSteps(model, training, [rows]);
  const passing = noGradients(steps);
  expect(Object.keys(passing).length).toBeGreaterThanOrEqual(model.parameters.length);
  const lasting = { 'shared/0/weights': Float32Array.of(1), 'adam/stepCount': Float32Array.of(2) };
  expect(lastingState({ ...passing, ...lasting })).toEqual(lasting);
});
