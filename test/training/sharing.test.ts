import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/common/random';
import type { Experiment } from '../../src/experiment/schema';
import { buildModel, modelMasks, sharingPenalty, taskLosses, type Batch, type Model } from '../../src/model/model';
import { sizeOf } from '../../src/model/parameters';
import type { Pass } from '../../src/model/layers';
import { createExecutor, optimize, traceProgram, type TypedArray } from '../../src/program';
import { compile } from '../../src/training/compile';
import { gradientSteps, gradientStepNames, noGradients } from '../../src/training/gradientSteps';
import { gramianByRows, sharedNames } from '../../src/training/gramian';
import { gramianOf, taskGradients } from '../../src/training/taskGradients';
import { hasSharedParameters, inputNames, stepNames } from '../../src/training/steps';
import { engineCases } from '../program/support';
import { compiled, referenceGramian } from './gramians';
import { allCases, caseTitle, sharingCases } from '../model/sharing/cases';
import { draftBatches, draftExperiment, draftParameters, draftTaskSet } from '../model/taskSets';

beforeAll(() => tf.setBackend('cpu'));

const rows = 12;
const settings = { encoder: { layers: [6, 5], activation: 'tanh' as const }, head: { layers: [4] } };

interface Drafted {
  readonly experiment: Experiment;
  readonly model: Model;
  readonly batches: readonly Batch[];
  readonly drawn: Record<string, tf.Tensor>;
}

function draft(
  { sharing, taskSet, ownTask }: Pick<(typeof allCases)[number], 'sharing' | 'taskSet' | 'ownTask'>,
  { dropout = 0, training = {} }: { dropout?: number; training?: object } = {},
): Drafted {
  const experiment = draftExperiment({
    model: { ...settings, encoder: { ...settings.encoder, dropout }, sharing },
    training: { optimizer: { name: 'sgd', momentum: 0 }, weightDecay: 0, ...training },
  });
  const model = buildModel(experiment, taskSet);
  const counts = taskSet.streams.map(() => rows);
  const random = createRandom(3, 'drawn');
  const masks = modelMasks(model, counts).map((mask) => ({ ...mask, draw: () => (random.uniform() < 0.5 ? 0 : 2) }));
  const drawn = [...masks, ...(model.shared.drawn ?? [])].map(({ name, shape, draw }) => {
    const values = Float32Array.from({ length: sizeOf(shape) }, () => draw(random, 5));
    return [name, tf.tensor(values, [...shape])] as const;
  });
  return { experiment, model, batches: draftBatches(taskSet, counts, 1, ownTask), drawn: Object.fromEntries(drawn) };
}

function inputsOf({ model, batches, drawn }: Drafted, learningRate: number): Record<string, TypedArray> {
  return Object.fromEntries<TypedArray>([
    ...batches.flatMap(({ x, y, mask }, stream): [string, TypedArray][] => [
      [inputNames.x(stream), x.dataSync()],
      [inputNames.y(stream), y.dataSync()],
      [inputNames.mask(stream), mask.dataSync()],
    ]),
    ...Object.entries(drawn).map(([name, tensor]): [string, TypedArray] => [name, tensor.dataSync()]),
    [inputNames.weights, Float32Array.from(model.order, (task) => 1 + task / 2)],
    [inputNames.learningRate, Float32Array.of(learningRate)],
  ]);
}

function sumOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0);
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(1e-3, ...Array.from(expected, Math.abs));
  Array.from(expected, (value, index) =>
    expect(Math.abs(found[index] - value) / scale, `at ${index}`).toBeLessThan(tolerance),
  );
}

/** Gradients at every parameter by eager tfjs, for task weights of 1, 1.5, 2 and so on. */
function eagerGradients({ model, batches, drawn }: Drafted, parameters: Record<string, tf.Tensor>) {
  const names = model.parameters.map(({ name }) => name);
  const objective = (...values: tf.Tensor[]) => {
    const pass = {
      parameters: Object.fromEntries(names.map((name, position) => [name, values[position]])),
      masks: drawn,
    };
    const weights = tf.tensor1d(model.order.map((task) => 1 + task / 2));
    const weighted = tf.sum(tf.mul(taskLosses(model, pass, batches).losses, weights));
    const penalty = sharingPenalty(model, pass, batches);
    return penalty ? tf.add<tf.Tensor>(weighted, penalty) : weighted;
  };
  return tf
    .grads(objective)(names.map((name) => parameters[name]))
    .map((slope) => slope.dataSync());
}

describe.each(engineCases)(
  'a compiled step of each architecture agrees with eager tfjs on $title',
  ({ engine, skipped }) => {
    test.skipIf(skipped).each(allCases)('$title', async (chosen) => {
      const drafted = draft(chosen, { dropout: 0.5 });
      const { experiment, model, batches, drawn } = drafted;
      const measure = hasSharedParameters(model);
      const parameters = draftParameters(model);
      const names = model.parameters.map(({ name }) => name);
      const gradients = eagerGradients(drafted, parameters);
      const before = Object.fromEntries(names.map((name) => [name, parameters[name].dataSync<'float32'>()]));
      const pass = { parameters, masks: drawn };
      const gramian = measure ? referenceGramian(model, pass, batches).flat() : [];
      const losses = taskLosses(model, pass, batches).losses.dataSync();
      const { executor } = await compile({
        experiment,
        model,
        engine,
        seed: 1,
        batchSize: rows,
        needs: measure ? ['gramian'] : [],
        inspected: [],
      });
      await tf.setBackend('cpu');
      executor.writeState(before);
      const step = measure ? stepNames.trainAndMeasure : stepNames.train;
      const results = executor.run(step, inputsOf(drafted, 0.5));
      expectClose(results.losses, losses, 2e-5);
      if (measure) expectClose(results.gramian, gramian, 1e-4);
      const after = executor.readState();
      executor.dispose();
      expectStepped(model, after, before, gradients);
    });
  },
);

describe.each(engineCases)(
  'a step in two calls of each architecture agrees with eager tfjs on $title',
  ({ engine, skipped }) => {
    const sharing = allCases.filter(({ sharing: { name } }) => name !== 'single-task' && name !== 'soft');
    test.skipIf(skipped).each(sharing)('$title', async (chosen) => {
      const drafted = draft(chosen, { dropout: 0.5 });
      const { experiment, model, batches, drawn } = drafted;
      const parameters = draftParameters(model);
      const names = model.parameters.map(({ name }) => name);
      const gradients = eagerGradients(drafted, parameters);
      const before = Object.fromEntries(names.map((name) => [name, parameters[name].dataSync<'float32'>()]));
      const pass = { parameters, masks: drawn };
      const gramian = referenceGramian(model, pass, batches).flat();
      const steps = gradientSteps(
        model,
        experiment.training,
        batches.map(() => rows),
      );
      const programs = [steps.measure, steps.apply].map((step) => optimize(traceProgram(step), engine));
      const executor = await createExecutor(engine, {
        programs,
        initialState: { ...before, ...noGradients(steps), ...zeroVelocities(model) },
      });
      await tf.setBackend('cpu');
      const { weights, learningRate, ...batch } = inputsOf(drafted, 0.5);
      const results = executor.run(gradientStepNames.measure, batch);
      expectClose(results.gramian, gramian, 1e-4);
      executor.run(gradientStepNames.apply, { weights, [inputNames.ownWeights]: weights, learningRate });
      const after = executor.readState();
      executor.dispose();
      expectStepped(model, after, before, gradients);
    });
  },
);

function zeroVelocities(model: Model) {
  const zeros = model.parameters.map(({ name, shape }) => [`velocity/${name}`, new Float32Array(sizeOf(shape))]);
  return Object.fromEntries(zeros) as Record<string, Float32Array>;
}

/** Whether a step of gradient descent with rate 0.5 has gone along the gradients. */
function expectStepped(
  model: Model,
  after: Readonly<Record<string, Float32Array>>,
  before: Readonly<Record<string, Float32Array>>,
  gradients: readonly ArrayLike<number>[],
) {
  model.parameters.forEach(({ name }, position) => {
    const slopes = gradients[position];
    const expected = before[name].map((value, cell) => value - 0.5 * slopes[cell]);
    expectClose(after[name], expected, 5e-5);
  });
}

describe('the Gramian of each architecture is that of its per-task gradients', () => {
  test.each(['mmoe', 'one-gate', 'cgc', 'mtan', 'dselect-k', 'low-rank'] as const)(
    '%s: by rows, where each has one task',
    async (name) => {
      const chosen = allCases.find((one) => one.sharing.name === name && one.ownTask)!;
      const { model, batches } = draft(chosen);
      const pass = { parameters: draftParameters(model) };
      const expected = referenceGramian(model, pass, batches).flat();
      expectClose(gramianByRows(model, pass, batches).dataSync(), expected, 2e-5);
      const byTasks = (traced: Pass, given: readonly Batch[]) =>
        gramianOf(model, taskGradients(model, traced, given, sharedNames(model)));
      expectClose(await compiled(byTasks, pass, batches), expected, 2e-5);
    },
  );
});

describe.each(['wasm', 'cpu'] as const)('training on %s brings the loss down', (engine) => {
  test.each(allCases)('$title', async (chosen) => {
    const optimizer = { name: 'adam' as const, learningRate: 0.01 };
    const drafted = draft(chosen, { training: { optimizer } });
    const { experiment, model } = drafted;
    const { executor } = await compile({
      experiment,
      model,
      engine,
      seed: 1,
      batchSize: rows,
      needs: [],
      inspected: [],
    });
    await tf.setBackend('cpu');
    const inputs = inputsOf(drafted, 0.01);
    const losses = () => sumOf(executor.run(stepNames.train, inputs).losses);
    const first = losses();
    for (let step = 0; step < 60; step++) executor.run(stepNames.train, inputs);
    expect(losses()).toBeLessThan(0.9 * first);
    executor.dispose();
  });
});

describe('sizes at which nothing breaks', () => {
  const number = { kind: 'regression' as const };

  test.each(sharingCases.map((sharing) => ({ title: caseTitle(sharing), sharing })))(
    '$title: one task',
    async ({ sharing }) => {
      const taskSet = draftTaskSet([{ tasks: [number], inputs: 3 }]);
      const drafted = draft({ sharing, taskSet, ownTask: false });
      const { experiment, model } = drafted;
      const { executor } = await compile({
        experiment,
        model,
        engine: 'wasm',
        seed: 1,
        batchSize: rows,
        needs: [],
        inspected: [],
      });
      await tf.setBackend('cpu');
      const inputs = inputsOf(drafted, 0.01);
      const [first] = [...executor.run(stepNames.train, inputs).losses];
      for (let step = 0; step < 30; step++) executor.run(stepNames.train, inputs);
      expect(executor.run(stepNames.train, inputs).losses[0]).toBeLessThan(first);
      executor.dispose();
    },
  );

  test.each(
    sharingCases
      .filter(({ name }) => name !== 'cross-stitch')
      .map((sharing) => ({ title: caseTitle(sharing), sharing })),
  )('$title: 139 tasks of one table', async ({ sharing }) => {
    const taskSet = draftTaskSet([{ tasks: Array.from({ length: 139 }, () => number), inputs: 3 }], true);
    const drafted = draft({ sharing, taskSet, ownTask: true });
    const { experiment, model } = drafted;
    const { executor } = await compile({
      experiment,
      model,
      engine: 'wasm',
      seed: 1,
      batchSize: rows,
      needs: [],
      inspected: [],
    });
    await tf.setBackend('cpu');
    const inputs = inputsOf(drafted, 0.01);
    const total = () => {
      const { losses } = executor.run(stepNames.train, inputs);
      expect(losses).toHaveLength(139);
      return sumOf(losses);
    };
    const before = total();
    for (let step = 0; step < 5; step++) total();
    expect(total()).toBeLessThan(before);
    executor.dispose();
  });
});
