import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildModel, type Batch, type Model } from '../../src/model/model';
import type { Pass } from '../../src/model/layers';
import { gramianByRows, sharedNames } from '../../src/training/gramian';
import { gramianOf, taskGradients } from '../../src/training/taskGradients';
import { compiled, referenceGramian } from './gramians';
import { draftBatches, draftExperiment, draftParameters, draftTaskSet, type TaskDraft } from '../model/taskSets';

beforeAll(() => tf.setBackend('cpu'));

const number: TaskDraft = { kind: 'regression' };
const yesNo: TaskDraft = { kind: 'binary', classes: ['no', 'yes'] };
const colour: TaskDraft = { kind: 'multiclass', classes: ['red', 'green', 'blue'] };

/** Always by the gradients of the tasks, whatever would be cheaper. */
async function byTasks(model: Model, pass: Pass, batches: readonly Batch[]): Promise<number[][]> {
  const flat = await compiled(
    (traced, given) => gramianOf(model, taskGradients(model, traced, given, sharedNames(model))),
    pass,
    batches,
  );
  const tasks = model.order.length;
  return Array.from({ length: tasks }, (_, row) => Array.from(flat).slice(row * tasks, (row + 1) * tasks));
}

function expectClose(found: number[][], expected: number[][]) {
  const scale = Math.max(...expected.flat().map(Math.abs));
  expect(scale).toBeGreaterThan(1e-3);
  expected.forEach((row, i) =>
    row.forEach((value, j) => expect(Math.abs(found[i][j] - value) / scale).toBeLessThan(1e-5)),
  );
}

describe('the Gramian of task gradients', () => {
  const settings = { encoder: { layers: [6, 5], activation: 'tanh' as const }, head: { layers: [4, 3] } };

  test('by tasks: several targets of a row, kinds mixed', async () => {
    const taskSet = draftTaskSet([{ tasks: [number, yesNo, number, colour], inputs: 3 }]);
    const model = buildModel(draftExperiment({ model: settings }), taskSet);
    const parameters = draftParameters(model);
    const batches = draftBatches(taskSet, [9]);
    expectClose(await byTasks(model, { parameters }, batches), referenceGramian(model, { parameters }, batches));
  });

  test('by tasks: tables of their own behind private encoders', async () => {
    const encoder = { layers: [4], activation: 'relu' as const, dropout: 0 };
    const taskSet = draftTaskSet([
      { tasks: [colour], inputs: 3, encoder },
      { tasks: [number], inputs: 5, encoder },
    ]);
    const model = buildModel(draftExperiment({ model: settings }), taskSet);
    const parameters = draftParameters(model);
    const batches = draftBatches(taskSet, [9, 11]);
    expectClose(await byTasks(model, { parameters }, batches), referenceGramian(model, { parameters }, batches));
  });

  test.each([
    ['regressions', number, []],
    ['regressions with deeper heads', number, [4]],
    ['classes', colour, []],
  ] as const)('by rows equals by tasks where each row has one task: %s', async (_, task, layers) => {
    const taskSet = draftTaskSet([{ tasks: Array.from({ length: 7 }, () => task), inputs: 3 }], true);
    const model = buildModel(draftExperiment({ model: { ...settings, head: { layers: [...layers] } } }), taskSet);
    const parameters = draftParameters(model);
    const batches = draftBatches(taskSet, [20], 2, true);
    const expected = referenceGramian(model, { parameters }, batches);
    expectClose(gramianByRows(model, { parameters }, batches).arraySync(), expected);
    expectClose(await byTasks(model, { parameters }, batches), expected);
  });

  test('with dropout looks at the same masks as training', async () => {
    const taskSet = draftTaskSet([{ tasks: [number, number], inputs: 3 }], true);
    const model = buildModel(draftExperiment({ model: { encoder: { layers: [6], dropout: 0.5 } } }), taskSet);
    const parameters = draftParameters(model);
    const batches = draftBatches(taskSet, [6], 3, true);
    const masks = {
      'dropout/shared/0/0': tf.tensor2d(
        Array.from({ length: 36 }, (_, cell) => (cell % 3 ? 2 : 0)),
        [6, 6],
      ),
    };
    const ofTasks = await byTasks(model, { parameters, masks }, batches);
    expectClose(gramianByRows(model, { parameters, masks }, batches).arraySync(), ofTasks);
    expect(ofTasks[0][0]).not.toBeCloseTo((await byTasks(model, { parameters }, batches))[0][0], 5);
  });

  test('a task without a label has zeros', async () => {
    const taskSet = draftTaskSet([{ tasks: [number, number], inputs: 3 }]);
    const model = buildModel(draftExperiment({ model: settings }), taskSet);
    const [batch] = draftBatches(taskSet, [9]);
    const without = { ...batch, mask: tf.mul<tf.Tensor2D>(batch.mask, tf.tensor1d([1, 0])) };
    const [[own, cross], [, absent]] = await byTasks(model, { parameters: draftParameters(model) }, [without]);
    expect(own).toBeGreaterThan(0);
    expect([cross, absent]).toEqual([0, 0]);
  });
});
