import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ExperimentInput } from '../../src/experiment/schema';
import { takeOut } from '../../src/model/contributions';
import { enterHeads, finishHeads } from '../../src/model/heads';
import { buildModel, represent, type Batch, type Model } from '../../src/model/model';
import { createExecutor, optimize, traceProgram, type EngineName } from '../../src/program';
import type { Contributions } from '../../src/relatedness';
import { lossReliance, predictionShare } from '../../src/relatedness/measures/predictionShare';
import { contributionsOf, contributionsStep } from '../../src/training/contributions';
import { sharingCases, taskSetShapes } from '../model/sharing/cases';
import { draftBatches, draftExperiment, draftParameters, draftTaskSet, type TaskDraft } from '../model/taskSets';
import { engineCases } from '../program/support';
import { run, type Draft } from './runs';

beforeAll(() => tf.setBackend('cpu'));

type Parameters = Record<string, tf.Tensor>;
const number: TaskDraft = { kind: 'regression' };
const threeNumbers = draftTaskSet([{ tasks: [number, number, number], inputs: 3 }]);

type Sharing = NonNullable<NonNullable<ExperimentInput['model']>['sharing']>;

function modelOf(sharing: Sharing, layers: readonly number[] = [4], taskSet = threeNumbers): Model {
  const model = { encoder: { layers: [...layers], activation: 'relu' as const }, sharing };
  return buildModel(draftExperiment({ model }), taskSet);
}

/** Random parameters, the heads without biases: a representation of 0 gives an answer of 0. */
function handMade(model: Model, by: Readonly<Record<string, readonly number[] | 0>>): Parameters {
  const drafted = draftParameters(model);
  return Object.fromEntries(
    Object.entries(drafted).map(([name, tensor]) => {
      const given = by[name] ?? (/^heads.*bias$/.test(name) ? 0 : undefined);
      if (given === undefined) return [name, tensor];
      return [name, given === 0 ? tf.zerosLike(tensor) : tf.tensor([...given], tensor.shape)];
    }),
  );
}

/** What an engine sees, where batches are filled up with rows that count for nothing. */
async function seenOn(engine: EngineName, model: Model, parameters: Parameters, batches: readonly Batch[]) {
  const padding = 3;
  const padded = (values: tf.Tensor2D, by: number) => {
    const rows = tf.pad(
      values,
      [
        [0, padding],
        [0, 0],
      ],
      by,
    );
    return rows.dataSync<'float32'>();
  };
  const programs = batches.map(({ x }, stream) => traceProgram(contributionsStep(model, stream, x.shape[0] + padding)));
  const executor = await createExecutor(engine, {
    programs: programs.map((program) => optimize(program, engine)),
    initialState: Object.fromEntries(
      Object.entries(parameters).map(([name, tensor]) => [name, tensor.dataSync<'float32'>()]),
    ),
  });
  const found = contributionsOf(
    model,
    executor,
    batches.map(({ x, y, mask }) => ({
      rows: x.shape[0],
      buffers: {
        batchSize: x.shape[0] + padding,
        inputs: padded(x, 1e3),
        targets: padded(y, 0),
        mask: padded(mask, 0),
      },
    })),
  );
  executor.dispose();
  return found;
}

const onCpu = (model: Model, parameters: Parameters, rows = 5): Promise<Contributions> =>
  seenOn(
    'cpu',
    model,
    parameters,
    draftBatches(
      model.taskSet,
      model.taskSet.streams.map(() => rows),
    ),
  );

/** A column of the prediction decomposition: what a task lives off. */
async function livesOff(task: number, model: Model, parameters: Parameters) {
  const shares = predictionShare.measure(await onCpu(model, parameters));
  return shares.map((row) => row[task]);
}

const expectClose = (found: readonly (number | null)[], expected: readonly number[]) =>
  expected.forEach((value, task) => expect(found[task], `task ${task}`).toBeCloseTo(value, 5));

describe('cross-stitch', () => {
  const model = modelOf({ name: 'cross-stitch' });
  const stitched = (stitch: readonly number[]) => handMade(model, { 'stitch/0': stitch });

  test('a task that reads the column of one other lives off it alone', async () => {
    const parameters = stitched([0, 1, 0, 0, 1, 0, 0.5, 0, 0.5]);
    expectClose(await livesOff(0, model, parameters), [0, 1, 0]);
    expectClose(await livesOff(1, model, parameters), [0, 1, 0]);
  });

  test('what is behind a stitch of zero is of no use, and what all rests on is of all', async () => {
    const parameters = stitched([0, 1, 0, 0.3, 0.7, 0, 0.5, 0.1, 0.4]);
    const contributions = await onCpu(model, parameters);
    const reliance = lossReliance.measure(contributions);
    expect([reliance[0][0], reliance[2][0], reliance[2][1]]).toEqual([0, 0, 0]);
    // Without the column that it reads a task answers 0.
    const [{ y, mask }] = draftBatches(model.taskSet, [5]);
    const [labels, known] = [y.arraySync(), mask.arraySync()];
    const squares = labels.flatMap((row, at) => (known[at][0] === 1 ? [row[0] ** 2] : []));
    const guess = squares.reduce((sum, square) => sum + square, 0) / squares.length;
    expect(contributions.losses[0].without[1]).toBeCloseTo(guess, 5);
    expect(reliance[1][0]).toBeCloseTo(1 - contributions.losses[0].whole / guess, 5);
  });

  test('what comes by way of a third task counts', async () => {
    const deep = modelOf({ name: 'cross-stitch' }, [4, 4]);
    // Task 1 reads task 2 in the first layer, task 0 reads task 1 in the second.
    const parameters = handMade(deep, {
      'stitch/0': [1, 0, 0, 0, 0, 1, 0, 0, 1],
      'stitch/1': [0, 1, 0, 0, 1, 0, 0, 0, 1],
      'tasks/1/bias': 0,
    });
    expectClose(await livesOff(0, deep, parameters), [0, 0.5, 0.5]);
  });
});

describe('additive', () => {
  test('of linear tasks moves the answers by a part of the common weights, or by that and the own ones', async () => {
    const model = modelOf({ name: 'additive' }, []);
    const parameters = draftParameters(model);
    const [{ x }] = draftBatches(model.taskSet, [5]);
    const common = model.groups[0].common!;
    const linear = (weights: tf.Tensor, bias: tf.Tensor) =>
      tf.add(tf.matMul(x, weights), bias).arraySync() as number[][];
    const shared = linear(parameters[`${common}/weights`], parameters[`${common}/bias`]);
    const own = linear(parameters['heads/0/0/weights'], parameters['heads/0/0/bias']);
    const { predictions } = await onCpu(model, parameters);
    predictions.forEach(({ whole, without }, task) =>
      without.forEach((answers, out) =>
        shared.forEach(([part], row) => {
          const taken = part / 3 + (out === task ? own[row][task] : 0);
          expect(whole[row] - answers[row]).toBeCloseTo(taken, 5);
        }),
      ),
    );
  });

  test('with nothing in common a task lives off itself; with nothing of their own all off each in equal part', async () => {
    const model = modelOf({ name: 'additive' });
    const { common } = model.groups[0];
    const zero = (pattern: RegExp) =>
      Object.fromEntries(model.parameters.flatMap(({ name }) => (pattern.test(name) ? [[name, 0 as const]] : [])));
    const alone = handMade(model, zero(new RegExp(`^shared/|^${common}/`)));
    expectClose(await livesOff(1, model, alone), [0, 1, 0]);
    const together = handMade(model, { ...zero(/^tasks\/|^heads\/0\//), [`${common}/bias`]: 0 });
    expectClose(await livesOff(1, model, together), [1 / 3, 1 / 3, 1 / 3]);
  });

  test('the common part of heads belongs to heads of their kind alone', async () => {
    const mixed = draftTaskSet([{ tasks: [number, { kind: 'binary', classes: ['no', 'yes'] }, number], inputs: 3 }]);
    const model = modelOf({ name: 'additive' }, [], mixed);
    const shares = predictionShare.measure(await onCpu(model, draftParameters(model)));
    expect([shares[1][0], shares[0][1], shares[2][1], shares[1][1]]).toEqual([0, 0, 0, 1]);
    expect(shares[2][0]).toBeGreaterThan(0.01);
  });
});

describe('experts for all', () => {
  /** Scores of a gate that reads the experts alike, or one of them. */
  const [on, off] = [0, -1e4];

  test('mmoe: an expert belongs to those that read it, by how much they do', async () => {
    const model = modelOf({ name: 'mmoe', experts: 2 });
    const parameters = handMade(model, { 'gates/weights': 0, 'gates/bias': [on, on, on, off, off, on] });
    // Task 0 reads both by half, task 1 the first, task 2 the second.
    expectClose(await livesOff(1, model, parameters), [1 / 3, 2 / 3, 0]);
    expectClose(await livesOff(2, model, parameters), [1 / 3, 0, 2 / 3]);
  });

  test('cgc: and a task has its own experts to itself', async () => {
    const model = modelOf({ name: 'cgc', sharedExperts: 1, taskExperts: 1 });
    const parameters = handMade(model, { 'cgc/gates/weights': 0, 'cgc/gates/bias': [on, on, on, off, off, on] });
    expectClose(await livesOff(1, model, parameters), [1 / 3, 2 / 3, 0]);
    expectClose(await livesOff(2, model, parameters), [0, 0, 1]);
  });

  test('ple: the shared experts of a level live off the experts that the level before mixes for them', async () => {
    const model = modelOf({ name: 'ple', sharedExperts: 1, taskExperts: 1 }, [4, 4]);
    const parameters = handMade(model, {
      // The second level's shared expert reads the first level's expert of task 1 alone.
      'ple/0/sharedGate/weights': 0,
      'ple/0/sharedGate/bias': [off, off, on, off],
      'ple/1/shared/0/bias': 0,
      // Task 0 reads that shared expert, the others their own experts all the way.
      'ple/0/gates/weights': 0,
      'ple/0/gates/bias': [off, on, off, on, off, on],
      'ple/1/gates/weights': 0,
      'ple/1/gates/bias': [on, off, off, on, off, on],
    });
    expectClose(await livesOff(0, model, parameters), [0.5, 0.5, 0]);
    expectClose(await livesOff(2, model, parameters), [0, 0, 1]);
  });

  test('dselect-k: as with other gates', async () => {
    const model = modelOf({ name: 'dselect-k', experts: 2, selected: 1 });
    // The binary number of the expert: 0 and 1 beyond the smooth step, a half in its middle.
    const parameters = handMade(model, { 'codes/weights': 0, 'codes/bias': [0, -1, 1] });
    expectClose(await livesOff(1, model, parameters), [1 / 3, 2 / 3, 0]);
    expectClose(await livesOff(2, model, parameters), [1 / 3, 0, 2 / 3]);
  });
});

const separable = sharingCases
  .filter(({ name }) => modelOf({ name }).shared.separable)
  .flatMap((sharing) =>
    taskSetShapes.map((shape) => ({ title: `${sharing.name}: ${shape.shape}`, sharing, ...shape })),
  );

test('contributions can be told apart in six architectures', () => {
  expect([...new Set(separable.map(({ sharing }) => sharing.name))]).toEqual([
    'additive',
    'cross-stitch',
    'mmoe',
    'cgc',
    'ple',
    'dselect-k',
  ]);
});

describe.each(separable)('$title', ({ sharing, taskSet }) => {
  const model = modelOf(sharing, [4, 3], taskSet);
  const answersWith = (kept?: number) => {
    const pass = { parameters: draftParameters(model) };
    const batches = draftBatches(
      taskSet,
      taskSet.streams.map(() => 4),
    );
    const all = kept === undefined ? pass : takeOut(model, pass, tf.fill([taskSet.tasks.length], kept));
    return model.groups.map((group) => {
      const representation = represent(model, all, group.stream, batches[group.stream].x);
      return finishHeads(group, all, enterHeads(group, all, representation));
    });
  };

  test('with all contributions it answers as it does, with none it knows nothing of a row', () => {
    const [plain, whole, none] = [answersWith(), answersWith(1), answersWith(0)];
    plain.forEach((answers, group) => {
      const same = answers.dataSync();
      whole[group].dataSync().forEach((value, cell) => expect(value).toBeCloseTo(same[cell], 4));
      const [first, ...rest] = none[group].arraySync();
      rest.forEach((row) => expect(row).toEqual(first));
    });
  });
});

describe.each(engineCases)('on $title', ({ engine, skipped }) => {
  test.skipIf(skipped)('own and others’ shares are all there is, and what is seen is the same as on cpu', async () => {
    for (const { sharing, taskSet } of separable.filter(({ shape }) => shape !== 'one task per value')) {
      const model = modelOf(sharing, [4, 3], taskSet);
      const parameters = draftParameters(model);
      const batches = draftBatches(
        taskSet,
        taskSet.streams.map(() => 4),
      );
      const found = await seenOn(engine, model, parameters, batches);
      const shares = predictionShare.measure(found);
      taskSet.tasks.forEach((_, to) => {
        const column = shares.map((row) => row[to]!);
        expect(column.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
      });
      const reference = lossReliance.measure(await seenOn('cpu', model, parameters, batches));
      lossReliance.measure(found).forEach((row, from) =>
        row.forEach((value, to) => {
          if (reference[from][to] === null) expect(value).toBeNull();
          else expect(value, `${sharing.name} ${from} ${to}`).toBeCloseTo(reference[from][to], 3);
        }),
      );
    }
  });
});

describe('a run', () => {
  const draft: Draft = {
    data: { generate: 'related-regressions', tasks: 3, rows: 300, inputs: 6, correlation: 0.8, noise: 0.1 },
    tasks: Object.fromEntries([1, 2, 3].map((task) => [`y${task}`, { target: `y${task}`, kind: 'regression' }])),
    training: { epochs: 2, batchSize: 64 },
    relatedness: { measures: ['prediction-share', 'loss-reliance'] },
  };

  test.each(['additive', 'cross-stitch', 'mmoe', 'cgc', 'ple', 'dselect-k'] as const)(
    'with %s records what its tasks live off',
    async (name) => {
      const { last } = await run({ ...draft, model: { encoder: { layers: [8, 6] }, sharing: { name } } });
      const [shares, reliance] = last.type === 'finished' ? last.relatedness : [];
      expect([shares.measure, reliance.measure]).toEqual(['prediction-share', 'loss-reliance']);
      shares.values[0].forEach((_, to) => {
        const total = shares.values.reduce((sum, row) => sum + row[to]!, 0);
        expect(total).toBeCloseTo(1, 4);
      });
      for (const value of reliance.values.flat()) expect(value).toBeLessThan(1);
    },
  );

  test('says where contributions cannot be told apart, and what to use', async () => {
    const { last, of } = await run({ ...draft, model: { encoder: { layers: [8] }, sharing: { name: 'hard' } } });
    expect(last.type === 'finished' && last.relatedness).toEqual([]);
    expect(of('warning').map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Prediction decomposition is not measured: with sharing `hard` .* such as `cross-stitch`\.$/,
      ),
      expect.stringMatching(/^Loss reliance is not measured/),
    ]);
  });
});
