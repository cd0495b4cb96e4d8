import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/common/random';
import { gramianOf } from '../../src/common/linear/matrix';
import type { Experiment } from '../../src/experiment/schema';
import { buildModel, inTaskOrder, taskLosses, type Batch, type Model } from '../../src/model/model';
import type { EngineName } from '../../src/program';
import { compile } from '../../src/training/compile';
import { createTrainingStep } from '../../src/training/trainingStep';
import type { Standing } from '../../src/training/weigher';
import { combine, weightingByName, weightings } from '../../src/weighting';
import { draftExperiment, draftParameters, draftTaskSet, type TaskDraft } from '../model/taskSets';
import { engineCases } from '../program/support';
import { allRows, eagerBatches, withRows } from './stepping';

beforeAll(() => tf.setBackend('cpu'));

const number: TaskDraft = { kind: 'regression' };
const yesNo: TaskDraft = { kind: 'binary', classes: ['no', 'yes'] };
const taskSet = withRows(draftTaskSet([{ tasks: [number, yesNo, number], inputs: 4 }]), { train: 24, validation: 10 });
const rate = 0.1;
const options: Readonly<Record<string, object>> = { fixed: { weights: { 'task 1': 0.5 } } };

type Training = NonNullable<Parameters<typeof draftExperiment>[0]>['training'];

function experimentWith(name: string, training: Training = {}): Experiment {
  return draftExperiment({
    model: { encoder: { layers: [6], activation: 'tanh' }, head: { layers: [4] } },
    training: {
      optimizer: { name: 'sgd', learningRate: rate, momentum: 0 },
      weighting: { name, ...options[name] } as NonNullable<Training>['weighting'],
      ...training,
    },
  });
}

/** Parameters and everything that a step needs. */
async function ready(experiment: Experiment, engine: EngineName) {
  const model = buildModel(experiment, taskSet);
  const parameters = draftParameters(model);
  const before = Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => [name, tensor.dataSync<'float32'>().slice()]),
  );
  const batchSize = 24;
  const { executor } = await compile({
    experiment,
    model,
    engine,
    seed: 1,
    batchSize,
    needs: ['gramian'],
    inspected: [],
  });
  await tf.setBackend('cpu');
  executor.writeState(before);
  const step = createTrainingStep({ experiment, model, executor, seed: 1, batchSize, needs: ['gramian'] });
  const standing: Standing = { step: 0, epoch: 0, weighting: null };
  return { model, parameters, before, executor, step, standing };
}

/** One gradient per task, in the order of the task set, at the parameters of those names, one after the other. */
function eagerGradients(
  model: Model,
  parameters: Readonly<Record<string, tf.Tensor>>,
  batches: readonly Batch[],
  names: readonly string[],
): number[][] {
  return model.taskSet.tasks.map((_, task) => {
    const position = model.order.indexOf(task);
    const loss = (...values: tf.Tensor[]) => {
      const replaced = Object.fromEntries(names.map((name, at) => [name, values[at]]));
      const { losses } = taskLosses(model, { parameters: { ...parameters, ...replaced } }, batches);
      return tf.sum(tf.slice(losses, [position], [1]));
    };
    return tf
      .grads(loss)(names.map((name) => parameters[name]))
      .flatMap((slope) => [...slope.dataSync()]);
  });
}

const namesOf = ({ parameters }: Model, wanted: boolean) =>
  parameters.filter(({ shared }) => shared === wanted).map(({ name }) => name);

const joined = (values: Readonly<Record<string, Float32Array>>, names: readonly string[]) =>
  names.flatMap((name) => [...values[name]]);

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-4) {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(1e-3, ...Array.from(expected, Math.abs));
  Array.from(expected, (value, at) => expect(Math.abs(found[at] - value) / scale, `at ${at}`).toBeLessThan(tolerance));
}

describe.each(engineCases)(
  'the weights that are told are those that the step takes, on $title',
  ({ engine, skipped }) => {
    test.skipIf(skipped).each(weightings.map(({ name }) => name))('%s', async (name) => {
      const { model, parameters, before, executor, step, standing } = await ready(experimentWith(name), engine);
      const seen = step.take(standing, allRows(model), false);
      const after = executor.readState();
      executor.dispose();
      const batches = eagerBatches(model, 'train');
      const [shared, own] = [namesOf(model, true), namesOf(model, false)];
      const gradients = eagerGradients(model, parameters, batches, shared);
      const method = weightingByName(name)!;
      const { weights } = step;
      expect(weights.some((weight) => weight !== 0)).toBe(true);
      expectClose(seen.losses, inTaskOrder(model, taskLosses(model, { parameters }, batches).losses.dataSync()));
      const random = createRandom(1, 'weighting 0');
      const follows = method.follows
        ? method.weigh({
            tasks: taskSet.tasks.map((task) => task.name),
            losses: seen.losses,
            present: [true, true, true],
            history: [],
            options: method.options.parse({}),
            state: method.initialise(['a', 'b', 'c'], method.options.parse({})),
            step: 0,
            epoch: 0,
            random,
            gramian: gramianOf(gradients),
            gradients,
          }).gradient!
        : combine(gradients, weights);
      expectClose(
        joined(after, shared),
        joined(before, shared).map((value, at) => value - rate * follows[at]),
      );
      const ofOwn = combine(
        eagerGradients(model, parameters, batches, own),
        method.appliesTo === 'all' ? weights : [1, 1, 1],
      );
      expectClose(
        joined(after, own),
        joined(before, own).map((value, at) => value - rate * ofOwn[at]),
      );
    });
  },
);

describe.each(engineCases)('gradients at the representation on $title', ({ engine, skipped }) => {
  test.skipIf(skipped)('decide the weights of a step at the parameters', async () => {
    const experiment = experimentWith('mgda', { gradientsAt: 'representation' });
    const { model, parameters, before, executor, step, standing } = await ready(experiment, engine);
    const measured = step.take(standing, allRows(model), true);
    const after = executor.readState();
    executor.dispose();
    const batches = eagerBatches(model, 'train');
    const [shared, own] = [namesOf(model, true), namesOf(model, false)];
    // What the heads read, as a parameter in their input's place.
    const read = model.shared.represent({ parameters }, 0, batches[0].x);
    const atRepresentation = eagerGradients(
      { ...model, shared: { ...model.shared, represent: (pass) => pass.parameters.read as tf.Tensor2D } },
      { ...parameters, read },
      batches,
      ['read'],
    );
    const method = weightingByName('mgda')!;
    const wanted = method.weigh({
      tasks: ['a', 'b', 'c'],
      losses: measured.losses,
      present: [true, true, true],
      history: [],
      options: method.options.parse({}),
      state: null,
      step: 0,
      epoch: 0,
      random: createRandom(1),
      gramian: gramianOf(atRepresentation),
      gradients: [],
    }).weights;
    expectClose(step.weights, wanted);
    const gradients = eagerGradients(model, parameters, batches, shared);
    expectClose(
      joined(after, shared),
      joined(before, shared).map((value, at) => value - rate * combine(gradients, step.weights)[at]),
    );
    const ofOwn = combine(eagerGradients(model, parameters, batches, own), [1, 1, 1]);
    expectClose(
      joined(after, own),
      joined(before, own).map((value, at) => value - rate * ofOwn[at]),
    );
    // What is measured of relatedness stays at the shared parameters.
    expectClose(measured.gramian, gramianOf(gradients));
  });
});

describe('what a method learns of a step', () => {
  test('famo: the losses of the same batch before and after', async () => {
    const { model, executor, step, standing } = await ready(experimentWith('famo'), 'wasm');
    const before = step.take(standing, allRows(model), false).losses;
    await tf.setBackend('cpu');
    const parameters = Object.fromEntries(
      model.parameters.map(({ name, shape }) => [name, tf.tensor(executor.readState()[name], [...shape])]),
    );
    executor.dispose();
    const { losses } = taskLosses(model, { parameters }, eagerBatches(model, 'train'));
    const after = inTaskOrder(model, losses.dataSync());
    // From equal shares the first step of Adam goes by the sign of each task's gain less the mean gain.
    const gains = before.map((loss, task) => Math.log(loss) - Math.log(after[task]));
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
    const { state } = standing.weighting as { state: { logits: { values: number[] } } };
    expect(state.logits.values.map(Math.sign)).toEqual(gains.map((gain) => -Math.sign(gain - mean)));
  });

  test.each([undefined, ['task 1']])('auto-lambda: how a step on each task helps primary tasks %o', async (primary) => {
    const experiment = experimentWith('auto-lambda', {
      weighting: { name: 'auto-lambda', learningRate: 1, ...(primary && { primary }) },
    });
    const { model, parameters, executor, standing } = await ready(experiment, 'wasm');
    const names = model.parameters.map(({ name }) => name);
    const train = eagerGradients(model, parameters, eagerBatches(model, 'train'), names);
    const descent = combine(train, [0.1, 0.1, 0.1]);
    let start = 0;
    const trial = Object.fromEntries(
      model.parameters.map(({ name, shape }) => {
        const values = parameters[name].dataSync<'float32'>().map((value, at) => value - rate * descent[start + at]);
        start += values.length;
        return [name, tf.tensor(values, [...shape])];
      }),
    );
    const held = eagerGradients(model, trial, eagerBatches(model, 'validation'), names);
    const towards = combine(
      held,
      taskSet.tasks.map(({ name }) => (!primary || primary.includes(name) ? 1 : 0)),
    );
    const wanted = train.map((row) => row.reduce((sum, value, at) => sum + value * towards[at], 0));
    const outputs: Record<string, ArrayLike<number>>[] = [];
    const watched = {
      ...executor,
      run: (...call: Parameters<typeof executor.run>) => {
        const result = executor.run(...call);
        outputs.push(Object.fromEntries(Object.entries(result).map(([name, array]) => [name, array.slice()])));
        return result;
      },
    };
    createTrainingStep({ experiment, model, executor: watched, seed: 1, batchSize: 24, needs: [] }).take(
      standing,
      allRows(model),
      false,
    );
    executor.dispose();
    const [{ ahead, behind, squaredNorm }] = outputs;
    const norm = Math.hypot(...towards);
    expect(Math.sqrt(squaredNorm[0])).toBeCloseTo(norm, 3);
    const found = wanted.map((_, task) => {
      const at = model.order.indexOf(task);
      return (ahead[at] - behind[at]) / (2 * (0.01 / norm));
    });
    expectClose(found, wanted, 0.01);
    // Adam's first step is as long as the learning rate, towards the tasks that help; weights stay above 0.
    const { state } = standing.weighting as { state: { values: number[] } };
    state.values.forEach((weight, task) => expect(weight).toBeCloseTo(wanted[task] > 0 ? 1.1 : 0, 5));
  });
});
