import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/common/random';
import type { Experiment } from '../../src/experiment/schema';
import { buildModel, modelMasks, sharingPenalty, type Batch, type Model } from '../../src/model/model';
import { sizeOf } from '../../src/model/parameters';
import type { TypedArray } from '../../src/program';
import { compile } from '../../src/training/compile';
import { gramianByGradients, gramianByRows, taskGramian } from '../../src/training/gramian';
import { hasSharedParameters, inputNames, stepNames, taskLosses } from '../../src/training/steps';
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

/** One gradient of one task's loss after the other at the shared parameters, and their inner products. */
function referenceGramian({ model, batches, drawn }: Drafted, parameters: Record<string, tf.Tensor>): number[][] {
  const names = model.parameters.filter(({ shared }) => shared).map(({ name }) => name);
  const gradients = model.order.map((_, task) => {
    const loss = (...values: tf.Tensor[]) => {
      const replaced = Object.fromEntries(names.map((name, position) => [name, values[position]]));
      const pass = { parameters: { ...parameters, ...replaced }, masks: drawn };
      return tf.sum(tf.slice(taskLosses(model, pass, batches).losses, [task], [1]));
    };
    const inputs = names.map((name) => parameters[name]);
    return tf
      .grads(loss)(inputs)
      .flatMap((part) => [...part.dataSync()]);
  });
  return gradients.map((row) => gradients.map((column) => row.reduce((sum, value, i) => sum + value * column[i], 0)));
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

describe('a compiled step of each architecture agrees with eager tfjs', () => {
  test.each(allCases)('$title', async (chosen) => {
    const drafted = draft(chosen, { dropout: 0.5 });
    const { experiment, model, batches, drawn } = drafted;
    const measure = hasSharedParameters(model);
    const parameters = draftParameters(model);
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
    const gradients = tf
      .grads(objective)(names.map((name) => parameters[name]))
      .map((slope) => slope.dataSync());
    const before = Object.fromEntries(names.map((name) => [name, parameters[name].dataSync<'float32'>()]));
    const gramian = measure ? referenceGramian(drafted, parameters).flat() : [];
    const losses = taskLosses(model, { parameters, masks: drawn }, batches).losses.dataSync();
    for (const engine of ['wasm', 'cpu'] as const) {
      const { executor } = await compile({ experiment, model, engine, seed: 1, batchSize: rows, measure });
      await tf.setBackend('cpu');
      executor.writeState(before);
      const step = measure ? stepNames.trainAndMeasure : stepNames.train;
      const results = executor.run(step, inputsOf(drafted, 0.5));
      expectClose(results.losses, losses, 2e-5);
      if (measure) expectClose(results.gramian, gramian, 1e-4);
      const after = executor.readState();
      names.forEach((name, position) => {
        const slopes = gradients[position];
        expectClose(
          after[name],
          before[name].map((value, cell) => value - 0.5 * slopes[cell]),
          5e-5,
        );
      });
      executor.dispose();
    }
  });
});

describe('the Gramian of each architecture is that of its per-task gradients', () => {
  const sharing = allCases.filter(({ sharing: { name } }) => name !== 'single-task' && name !== 'soft');
  test.each(sharing)('$title', (chosen) => {
    const drafted = draft(chosen);
    const { model, batches } = drafted;
    const parameters = draftParameters(model);
    const expected = referenceGramian(drafted, parameters).flat();
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(1e-3);
    const pass = { parameters, masks: drafted.drawn };
    expectClose(taskGramian(model, pass, batches).dataSync(), expected, 2e-5);
    expectClose(gramianByGradients(model, pass, batches).dataSync(), expected, 2e-5);
  });

  test.each(['mmoe', 'one-gate', 'cgc', 'mtan', 'dselect-k', 'low-rank'] as const)(
    '%s: by rows, where each has one task',
    (name) => {
      const chosen = allCases.find((one) => one.sharing.name === name && one.ownTask)!;
      const drafted = draft(chosen);
      const parameters = draftParameters(drafted.model);
      const found = gramianByRows(drafted.model, { parameters }, drafted.batches).dataSync();
      expectClose(found, referenceGramian(drafted, parameters).flat(), 2e-5);
    },
  );
});

describe.each(['wasm', 'cpu'] as const)('training on %s brings the loss down', (engine) => {
  test.each(allCases)('$title', async (chosen) => {
    const optimizer = { name: 'adam' as const, learningRate: 0.01 };
    const drafted = draft(chosen, { training: { optimizer } });
    const { experiment, model } = drafted;
    const { executor } = await compile({ experiment, model, engine, seed: 1, batchSize: rows, measure: false });
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
        measure: false,
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
    const { executor } = await compile({ experiment, model, engine: 'wasm', seed: 1, batchSize: rows, measure: false });
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
