import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Pass } from '../../src/model/layers';
import { buildModel, taskLosses, type Batch } from '../../src/model/model';
import {
  measures,
  stepMeasuresOf,
  trainedMeasuresOf,
  trainingsMeasuresOf,
  viewMeasuresOf,
} from '../../src/relatedness';
import { sharedNames } from '../../src/training/gramian';
import { relatingOutputs } from '../../src/training/relating';
import { draftBatches, draftExperiment, draftParameters, draftTaskSet, type TaskDraft } from '../model/taskSets';
import { engineCases } from '../program/support';
import { compiled, taskGradientRows } from './gramians';
import { run, temporaryFolder, type Draft } from './runs';

beforeAll(() => tf.setBackend('cpu'));

const number: TaskDraft = { kind: 'regression' };
const yesNo: TaskDraft = { kind: 'binary', classes: ['no', 'yes'] };
const rate = 0.05;

const draft: Draft = {
  data: { generate: 'related-regressions', tasks: 3, rows: 300, inputs: 6, correlation: 0.8, noise: 0.1 },
  tasks: Object.fromEntries([1, 2, 3].map((task) => [`y${task}`, { target: `y${task}`, kind: 'regression' }])),
  model: { encoder: { layers: [8] } },
  training: { epochs: 2, batchSize: 64, optimizer: { name: 'adam', learningRate: 0.01 } },
};
const all = measures.map(({ name }) => name);
const whileTraining = measures.filter(({ moment }) => moment === 'training').map(({ name }) => name);
const names = (chosen: readonly { readonly name: string }[]) => chosen.map(({ name }) => name);

describe.each(engineCases)('what a step shows on $title', ({ engine, skipped }) => {
  test.skipIf(skipped)('are the gradients of the tasks, and their losses after a step for each', async () => {
    const taskSet = draftTaskSet([{ tasks: [number, yesNo, number], inputs: 3 }]);
    const sharing = { name: 'mmoe' as const, experts: 2 };
    const model = buildModel(draftExperiment({ model: { encoder: { layers: [4] }, sharing } }), taskSet);
    const batches = draftBatches(taskSet, [9]);
    const parameters = draftParameters(model);
    const rows = taskGradientRows(model, { parameters }, batches);
    const shown = (need: 'gradients' | 'lookahead') => (pass: Pass, given: readonly Batch[]) =>
      relatingOutputs(model, pass, given, [need], tf.scalar(rate))[need];

    const gradients = await compiled(shown('gradients'), { parameters }, batches, engine);
    rows.flat().forEach((value, cell) => expect(gradients[cell]).toBeCloseTo(value, 4));

    const lookahead = await compiled(shown('lookahead'), { parameters }, batches, engine);
    model.order.forEach((_, task) => {
      let from = 0;
      const stepped = sharedNames(model).map((name) => {
        const { shape, size } = parameters[name];
        const slope = tf.tensor(rows[task].slice(from, from + size), shape);
        from += size;
        return [name, tf.sub(parameters[name], tf.mul(slope, rate))] as const;
      });
      const pass = { parameters: { ...parameters, ...Object.fromEntries(stepped) } };
      const after = taskLosses(model, pass, batches).losses.dataSync();
      after.forEach((loss, other) => expect(lookahead[task * 3 + other]).toBeCloseTo(loss, 4));
    });
  });
});

describe('a run records', () => {
  const everywhere = ['gradient-cosine', 'gradient-magnitude', 'conflict-rate', 'sign-purity', 'tag-affinity'];

  test.each([
    ['equal', 'mmoe', [...everywhere, 'usage-similarity']],
    ['uncertainty', 'cross-stitch', [...everywhere, 'usage-similarity']],
    ['pcgrad', 'task-embedding', [...everywhere, 'embedding-cosine']],
  ] as const)('with %s and %s every measure that there is something of', async (weighting, sharing, expected) => {
    const { of, last } = await run({
      ...draft,
      model: { ...draft.model, sharing: { name: sharing } },
      training: { ...draft.training, weighting: { name: weighting } },
      relatedness: { measures: [...whileTraining], every: 2 },
    });
    expect(last.type).toBe('finished');
    const events = of('relatedness');
    expect(events).toHaveLength(2);
    const ending = last.type === 'finished' ? last.relatedness : [];
    for (const matrices of [...events.map((event) => event.matrices), ending]) {
      expect(matrices.map(({ measure }) => measure)).toEqual(expected);
      for (const { measure, values } of matrices) {
        const { range } = measures.find(({ name }) => name === measure)!;
        for (const value of values.flat()) {
          expect(value, measure).toBeGreaterThanOrEqual(range[0]);
          expect(value, measure).toBeLessThanOrEqual(range[1]);
        }
      }
    }
    const [cosine, , , , affinity] = ending;
    // What a step for one task does to another is what their gradients say, to first order.
    cosine.values.forEach((row, from) =>
      row.forEach((value, to) => {
        if (Math.abs(value!) > 0.3) expect(affinity.values[from][to]! > 0).toBe(value! > 0);
      }),
    );
    const missing = of('warning').map(({ message }) => message);
    expect(missing.filter((message) => message.includes('is not measured'))).toHaveLength(1);
  });

  test('nothing of what the architecture does not have, and says so', async () => {
    const { of, last } = await run({ ...draft, relatedness: { measures: ['usage-similarity', 'embedding-cosine'] } });
    expect(last.type).toBe('finished');
    expect(of('relatedness')).toEqual([]);
    expect(of('warning').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Usage similarity is not measured: with sharing `hard`/),
      expect.stringMatching(/^Task embedding cosine is not measured: with sharing `hard`/),
    ]);
  });
});

describe('of the trained model a run records', () => {
  // Contributions take other architectures: contributions.test.ts.
  const apart: readonly string[] = ['prediction-share', 'loss-reliance'];
  const trained = measures
    .filter(({ moment, name }) => moment === 'trained' && !apart.includes(name))
    .map(({ name }) => name);
  const mixed: Draft = {
    ...draft,
    data: { generate: 'related-regressions', tasks: 3, rows: 400, inputs: 6, correlation: 0.9, noise: 0.1 },
    tasks: {
      first: { target: 'y1', kind: 'regression' },
      second: { target: 'y2', kind: 'regression' },
      third: { target: 'y3', kind: 'regression' },
    },
  };
  const ofEnding = async (more: Draft) => {
    const { last, of } = await run(more);
    expect(last.type).toBe('finished');
    const matrices = last.type === 'finished' ? last.relatedness : [];
    return { of, matrix: (name: string) => matrices.find(({ measure }) => measure === name)?.values };
  };

  const absent: readonly string[] = ['leep', 'nce', 'h-score', 'mtrl-correlation'];

  test('every measure once, at the end, but those that cannot have a value', async () => {
    const { of, matrix } = await ofEnding({
      ...mixed,
      model: { encoder: { layers: [8], dropout: 0.1 }, head: { layers: [4], dropout: 0.1 } },
      relatedness: { measures: [...trained] },
    });
    expect(of('relatedness')).toEqual([]);
    const range = (name: string) => measures.find((measure) => measure.name === name)!.range;
    for (const name of trained.filter((one) => !absent.includes(one))) {
      const values = matrix(name)!;
      expect(values, name).toHaveLength(3);
      for (const value of values.flat()) {
        if (value === null) continue;
        expect(value, name).toBeGreaterThanOrEqual(range(name)[0]);
        expect(value, name).toBeLessThanOrEqual(range(name)[1]);
      }
    }
    // The generated tasks have a correlation of 0.9; heads of their own read alike things of alike tasks.
    expect(matrix('label-correlation')![0][1]!).toBeGreaterThan(0.7);
    expect(matrix('linear-cka')![0][1]!).toBeGreaterThan(0.1);
    expect(matrix('linear-cka')![0][1]!).toBeLessThan(0.9999);
    for (const cell of matrix('fisher-distance')!.flat()) expect(cell).not.toBeNull();
    // Numbers have no classes; deep heads no linear weights.
    expect(of('warning').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^LEEP is not measured: it compares tasks of kind /),
      expect.stringMatching(/^Negative conditional entropy is not measured: it compares tasks of kind /),
      expect.stringMatching(/^H-score is not measured: it tells of tasks of kind /),
      expect.stringMatching(/^MTRL task correlation is not measured: it compares the weights of heads /),
    ]);
  });

  test('what linear heads on one representation have learned', async () => {
    const { matrix } = await ofEnding({
      ...mixed,
      training: { ...mixed.training, epochs: 15 },
      relatedness: { measures: ['mtrl-correlation', 'linear-cka'] },
    });
    expect(matrix('mtrl-correlation')![0][1]!).toBeGreaterThan(0.3);
    // All heads read the same.
    expect(matrix('linear-cka')![0][1]).toBe(1);
  });

  test('no comparison of rows where tasks have tables of their own, but what is at the shared parameters', async () => {
    const table = (seed: number) => ({
      generate: 'related-regressions' as const,
      tasks: 1,
      rows: 200,
      inputs: 4,
      seed,
    });
    const { matrix } = await ofEnding({
      ...draft,
      data: undefined,
      tasks: {
        first: { target: 'y1', kind: 'regression', data: table(1) },
        second: { target: 'y1', kind: 'regression', data: table(2) },
      },
      relatedness: { measures: ['label-correlation', 'fisher-distance'] },
    });
    expect(matrix('label-correlation')).toBeUndefined();
    expect(matrix('fisher-distance')![0][1]).not.toBeNull();
  });

  test('nothing at shared parameters where there are none, and says so', async () => {
    const { of, matrix } = await ofEnding({
      ...mixed,
      model: { encoder: { layers: [8] }, sharing: { name: 'single-task' } },
      relatedness: { measures: ['gradient-cosine', 'task2vec-distance', 'debiased-cka'] },
    });
    expect(matrix('debiased-cka')![0][1]).not.toBeNull();
    expect([matrix('task2vec-distance'), matrix('gradient-cosine')]).toEqual([undefined, undefined]);
    expect(of('warning').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Relatedness is not measured: with sharing `single-task` no parameter/),
    ]);
  });
});

describe('a run that ends with a matrix that says nothing warns of it', () => {
  const warningsOf = async (more: Partial<Draft>, root = temporaryFolder()) => {
    const { of, last } = await run({ ...draft, ...more }, { root });
    if (last.type !== 'finished') throw new Error(JSON.stringify(last));
    const said = of('warning').map(({ message }) => message);
    return { said, matrices: last.relatedness };
  };

  test('where no two tasks have a value, with what is known of why', async () => {
    const root = temporaryFolder();
    const rows = Array.from({ length: 60 }, (_, row) => {
      const [split, label] = row % 2 === 0 ? ['train', row] : ['validation', 1];
      return [split, row % 7, row % 5, label, label + 1].join();
    });
    writeFileSync(join(root, 'a.csv'), ['split,x1,x2,y1,y2', 'test,1,2,3,4', ...rows].join('\n'));
    const { said, matrices } = await warningsOf(
      {
        data: { source: 'a.csv', split: { column: 'split', validation: ['validation'], test: ['test'] } },
        tasks: { a: { target: 'y1', kind: 'regression' }, b: { target: 'y2', kind: 'regression' } },
        relatedness: { measures: ['label-correlation', 'gradient-cosine'] },
      },
      root,
    );
    expect(matrices.map(({ measure }) => measure)).toEqual(['gradient-cosine', 'label-correlation']);
    expect(said).toEqual([
      'Label correlation has no value of any two tasks: the labels of two tasks are too few in the same rows, or the same in all of them.',
    ]);
  });

  test.each([
    [0.00001, 1],
    [0.005, 0],
  ])('where steps of %d change losses by no more than rounding', async (learningRate, warnings) => {
    const { said, matrices } = await warningsOf({
      training: { ...draft.training, optimizer: { name: 'adam', learningRate } },
      relatedness: { measures: ['gradient-cosine', 'tag-affinity'], every: 1 },
    });
    expect(Math.abs(matrices[0].values[0][1]!)).toBeGreaterThan(0.01);
    expect(said).toEqual(
      new Array(warnings).fill(
        'TAG inter-task affinity is below 0.000001 for all tasks, which is what rounding leaves. The steps that are tried are as long as the learning rate: train with a larger one, or look at `gradient-cosine`.',
      ),
    );
  });
});

test('every measure of a run looks at steps, at what the architecture shows, at the trained model or at more networks', () => {
  const found = [
    ...stepMeasuresOf(all),
    ...viewMeasuresOf(all),
    ...trainedMeasuresOf(all),
    ...trainingsMeasuresOf(all),
  ];
  expect(names(found)).toEqual(all);
  expect(stepMeasuresOf(['usage-similarity'])).toEqual([]);
});

test('the task correlation of linear heads is that of what they compute with, common part and own', async () => {
  const tasks = 4;
  // Two pairs that have nothing to do with each other.
  const correlation = [0, 1, 2, 3].map((row) =>
    [0, 1, 2, 3].map((column) => (row === column ? 1 : row >> 1 === column >> 1 ? 0.9 : 0)),
  );
  const linear = async (sharing: 'hard' | 'additive') => {
    const { last } = await run({
      ...draft,
      data: {
        generate: 'related-regressions',
        tasks,
        rows: 1000,
        inputs: 12,
        nonlinearity: 0,
        noise: 0.1,
        correlation,
      },
      tasks: Object.fromEntries([1, 2, 3, 4].map((task) => [`y${task}`, { target: `y${task}`, kind: 'regression' }])),
      model: { encoder: { layers: [] }, sharing },
      training: { epochs: 30, batchSize: 50, optimizer: { name: 'adam', learningRate: 0.02 } },
      relatedness: { measures: ['mtrl-correlation'] },
    });
    if (last.type !== 'finished') throw new Error(JSON.stringify(last));
    return last.relatedness[0].values;
  };
  const [hard, additive] = [await linear('hard'), await linear('additive')];
  for (let row = 0; row < tasks; row++)
    for (let column = 0; column < row; column++) {
      expect(Math.abs(additive[row][column]! - hard[row][column]!)).toBeLessThan(0.05);
      if (row >> 1 !== column >> 1) expect(Math.abs(additive[row][column]!)).toBeLessThan(0.1);
    }
});
