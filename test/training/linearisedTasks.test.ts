import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/common/random';
import { buildModel, type Batch } from '../../src/model/model';
import { rowAnswers } from '../../src/model/rowAnswers';
import { createExecutor, optimize, traceProgram } from '../../src/program';
import { countSketch } from '../../src/relatedness/projection';
import { sharedNames } from '../../src/training/gramian';
import { singleAnswersStep } from '../../src/training/linearisedTasks';
import { stepNames } from '../../src/training/steps';
import { normals } from '../relatedness/inputs';
import { draftBatches, draftExperiment, draftParameters, draftTaskSet } from '../model/taskSets';
import { engineCases, nativeProblem, nativeTitle } from '../program/support';
import { run, type Draft } from './runs';

beforeAll(() => tf.setBackend('cpu'));

const taskSet = draftTaskSet([
  {
    tasks: [
      { kind: 'regression' },
      { kind: 'multiclass', classes: ['red', 'green', 'blue'] },
      { kind: 'binary', classes: ['no', 'yes'] },
    ],
    inputs: 3,
  },
]);
const experiment = draftExperiment({
  model: { encoder: { layers: [4], activation: 'tanh' }, head: { layers: [3], activation: 'tanh' } },
});

describe('what a head answers to a row', () => {
  test('is of several classes the margin, of which the cross-entropy is a function', () => {
    const model = buildModel(experiment, taskSet);
    const parameters = draftParameters(model);
    const [batch] = draftBatches(taskSet, [1]);
    const margin = (label: number) => {
      const y = tf.tensor2d([[0, label, 0]]);
      return rowAnswers(model, { parameters }, [{ ...batch, y }]).arraySync()[model.order.indexOf(1)];
    };
    const chances = [0, 1, 2].map((label) => 1 / (1 + Math.exp(-margin(label))));
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 5);
    expect(Math.max(...chances) - Math.min(...chances)).toBeGreaterThan(0.01);
  });

  test.each(engineCases)('has the gradients that small steps show, on $title', async ({ engine, skipped }) => {
    if (skipped) return;
    const model = buildModel(experiment, taskSet);
    const parameters = draftParameters(model);
    const batches = draftBatches(taskSet, [1]);
    const [{ x, y, mask }] = batches;
    const executor = await createExecutor(engine, {
      programs: [optimize(traceProgram(singleAnswersStep(model)), engine)],
      initialState: Object.fromEntries(
        Object.entries(parameters).map(([name, tensor]) => [name, tensor.dataSync<'float32'>()]),
      ),
    });
    const inputs = { 'x/0': x, 'y/0': y, 'mask/0': mask };
    const { gradients } = executor.run(
      stepNames.singleAnswers,
      Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, tensor.dataSync<'float32'>()])),
    );
    const expected = slopesBySteps(batches);
    expect(gradients.length).toBe(expected.flat().length);
    expected.flat().forEach((slope, cell) => expect(gradients[cell]).toBeCloseTo(slope, 2));
    executor.dispose();

    /** Tasks in the order of the model, by parameters. */
    function slopesBySteps(given: readonly Batch[]): number[][] {
      const by = 0.01;
      const places = sharedNames(model).flatMap((name) =>
        Array.from({ length: parameters[name].size }, (_, place) => ({ name, place })),
      );
      const columns = places.map(({ name, place }) => {
        const at = (step: number) => {
          const values = parameters[name].dataSync().slice();
          values[place] += step;
          const moved = { ...parameters, [name]: tf.tensor(values, parameters[name].shape) };
          return rowAnswers(model, { parameters: moved }, given).arraySync();
        };
        const [ahead, behind] = [at(by), at(-by)];
        return ahead.map((answer, task) => (answer - behind[task]) / (2 * by));
      });
      return model.order.map((_, task) => columns.map((slopes) => slopes[task]));
    }
  });
});

describe('a projection', () => {
  const projected = (values: ArrayLike<number>, width: number, seed: number) => {
    const projection = countSketch(values.length, width, createRandom(seed, 'projection'));
    const sums = new Float64Array(projection.width);
    projection.add(values, 0, sums, 0);
    return sums;
  };

  test('keeps inner products on average', () => {
    const [one, other] = [normals('one', 1, 500), normals('other', 1, 500)].map((values, which) =>
      values.map((value, k) => value + (which === 0 ? 0.5 : 1) * Math.sin(k)),
    );
    const inner = (left: ArrayLike<number>, right: ArrayLike<number>) =>
      Array.from(left).reduce((sum, value, k) => sum + value * right[k], 0);
    const found = Array.from({ length: 400 }, (_, seed) => inner(projected(one, 64, seed), projected(other, 64, seed)));
    const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
    const deviation = Math.sqrt(found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / found.length);
    expect(Math.abs(mean - inner(one, other))).toBeLessThan((4 * deviation) / Math.sqrt(found.length));
    // As large as that of a matrix of random signs, at most.
    const [squares, product] = [inner(one, one) * inner(other, other), inner(one, other) ** 2];
    expect(deviation).toBeLessThan(1.1 * Math.sqrt((squares + product) / 64));
  });

  test('loses nothing where there are few numbers', () => {
    expect([...projected([3, 1, 2], 64, 1)]).toEqual([3, 1, 2]);
  });
});

describe('a run', () => {
  const related = [
    [1, 0.95, 0, 0],
    [0.95, 1, 0, 0],
    [0, 0, 1, 0.95],
    [0, 0, 0.95, 1],
  ];
  const draft: Draft = {
    data: { generate: 'related-regressions', tasks: 4, rows: 500, inputs: 10, correlation: related, noise: 0.5 },
    tasks: Object.fromEntries([1, 2, 3, 4].map((task) => [`y${task}`, { target: `y${task}`, kind: 'regression' }])),
    model: { encoder: { layers: [32] } },
    training: { epochs: 15, batchSize: 32 },
    relatedness: { measures: ['grad-tae'] },
  };
  const gains = async (options: Parameters<typeof run>[1], more: Draft = draft) => {
    const { last } = await run(more, options);
    const [matrix] = last.type === 'finished' ? last.relatedness : [];
    expect(matrix.measure).toBe('grad-tae');
    return matrix.values;
  };

  test.each([1, 2])('estimates that related tasks gain and others do not, seed %i', async (seed) => {
    const values = await gains({ seed });
    const of = (wanted: number) =>
      related.flatMap((row, from) => row.flatMap((cosine, to) => (cosine === wanted ? [values[from][to]!] : [])));
    expect(Math.min(...of(0.95))).toBeGreaterThan(Math.max(...of(0)));
    expect(Math.min(...of(0.95))).toBeGreaterThan(0);
  });

  test.skipIf(nativeProblem !== undefined)(nativeTitle('estimates the same on native and wasm'), async () => {
    const short = { ...draft, training: { epochs: 1, batchSize: 64 } };
    const [native, wasm] = [await gains({ engine: 'native' }, short), await gains({ engine: 'wasm' }, short)];
    native.forEach((row, from) =>
      row.forEach((value, to) => {
        if (from !== to) expect(value).toBeCloseTo(wasm[from][to]!, 2);
      }),
    );
  });

  test('estimates what tasks with classes and tables of their own gain', async () => {
    const table = (modality: 'speech' | 'image') => ({ generate: 'two-modalities' as const, modality, rows: 200 });
    const values = await gains(
      {},
      {
        data: undefined,
        tasks: {
          speech: { target: 'class', kind: 'multiclass', data: table('speech'), encoder: { layers: [8] } },
          image: { target: 'class', kind: 'multiclass', data: table('image'), encoder: { layers: [8] } },
        },
        model: { encoder: { layers: [12] } },
        training: { epochs: 3, batchSize: 32 },
        relatedness: { measures: ['grad-tae'] },
      },
    );
    expect(values[0][1]).not.toBeNull();
    expect(values[1][0]).not.toBeNull();
    expect(values[0][0]).toBeNull();
  });
});
