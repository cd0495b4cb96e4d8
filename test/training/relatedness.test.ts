import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Pass } from '../../src/model/layers';
import { buildModel, taskLosses, type Batch } from '../../src/model/model';
import { measures, stepMeasuresOf, viewMeasuresOf } from '../../src/relatedness';
import { sharedNames } from '../../src/training/gramian';
import { relatingOutputs } from '../../src/training/relating';
import { draftBatches, draftExperiment, draftParameters, draftTaskSet, type TaskDraft } from '../model/taskSets';
import { engineCases } from '../program/support';
import { compiled, taskGradientRows } from './gramians';
import { run, type Draft } from './runs';

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
      relatingOutputs(model, pass, given, [need], tf.scalar(rate))[need]!;

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
      relatedness: { measures: [...all], every: 2 },
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

test('every measure of a run looks at steps or at what the architecture shows', () => {
  expect([...names(stepMeasuresOf(all)), ...names(viewMeasuresOf(all))]).toEqual(all);
  expect(stepMeasuresOf(['usage-similarity'])).toEqual([]);
});
