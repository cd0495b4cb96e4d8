import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepareTasks } from '../../src/data/prepare';
import { experimentSchema } from '../../src/experiment/schema';
import { buildModel, taskLosses } from '../../src/model/model';
import { decodeSafetensors } from '../../src/runs/safetensors';
import { runFolder } from '../../src/training/run';
import { draftRun, journalOf, temporaryFolder, type Draft } from './runs';
import { eagerBatches } from './stepping';

/** All rows in every batch, so that each epoch is one step; plain gradient descent. */
const draft: Draft = {
  data: { generate: 'related-regressions', tasks: 3, rows: 120, inputs: 5, correlation: 0.3 },
  tasks: {
    first: { target: 'y1', kind: 'regression' },
    second: { target: 'y2', kind: 'regression' },
    third: { target: 'y3', kind: 'regression' },
  },
  model: { encoder: { layers: [4] } },
  training: {
    epochs: 4,
    batchSize: 4096,
    optimizer: { name: 'sgd', learningRate: 0.1, momentum: 0 },
    checkpoints: { everySteps: 1 },
  },
  relatedness: { measures: [] },
};
type Weighting = NonNullable<NonNullable<Draft['training']>['weighting']>;

function parametersAt(folder: string, step: number): Record<string, Float32Array> {
  const { tensors } = decodeSafetensors(readFileSync(join(folder, 'checkpoints', String(step), 'state.safetensors')));
  return Object.fromEntries(
    Object.entries(tensors).flatMap(([name, { values }]) =>
      name.startsWith('state/') ? [[name.slice('state/'.length), values as Float32Array]] : [],
    ),
  );
}

test.each<{ readonly name: string; readonly learningRate?: number }>([
  { name: 'uncertainty', learningRate: 0.3 },
  { name: 'mgda' },
  { name: 'upgrad' },
  { name: 'famo' },
  { name: 'excess-mtl' },
  { name: 'auto-lambda', learningRate: 0.05 },
])('the weights of $name in the journal are those by which the parameters of a run changed', async (method) => {
  const weighting = method as Weighting;
  const { folder, events } = await draftRun({ ...draft, training: { ...draft.training, weighting } });
  await runFolder(folder, new AbortController().signal);
  const { weights } = journalOf(await events())
    .of('step')
    .at(-1)!;
  expect(new Set(weights.map((weight) => weight.toFixed(3))).size).toBeGreaterThan(1);

  const experiment = experimentSchema.parse({ name: 'A test', ...draft });
  const model = buildModel(experiment, await prepareTasks(experiment, folder));
  await tf.setBackend('cpu');
  const [before, after] = [parametersAt(folder, 3), parametersAt(folder, 4)];
  const shared = model.parameters.filter((parameter) => parameter.shared);
  const objective = (...values: tf.Tensor[]) => {
    const own = model.parameters.map((one): [string, tf.Tensor] => [
      one.name,
      tf.tensor(before[one.name], [...one.shape]),
    ]);
    const replaced = shared.map((one, at): [string, tf.Tensor] => [one.name, values[at]]);
    const parameters = Object.fromEntries([...own, ...replaced]);
    const { losses } = taskLosses(model, { parameters }, eagerBatches(model, 'train'));
    return tf.sum(tf.mul(losses, tf.tensor1d(model.order.map((task) => weights[task]))));
  };
  const slopes = tf.grads(objective)(shared.map((one) => tf.tensor(before[one.name], [...one.shape])));
  shared.forEach((one, at) => {
    const slope = slopes[at].dataSync();
    const size = Math.max(...slope.map(Math.abs));
    after[one.name].forEach((value, cell) => {
      const change = (before[one.name][cell] - value) / 0.1;
      expect(Math.abs(change - slope[cell])).toBeLessThan(1e-3 * size + 1e-5);
    });
  });
});

test('auto-lambda refuses a primary task that is no value of the column', async () => {
  const root = temporaryFolder();
  const rows = Array.from({ length: 40 }, (_, row) => `${['north', 'south'][row % 2]},${row / 10},${row / 20}`);
  writeFileSync(join(root, 'rows.csv'), ['region,x,y', ...rows].join('\n'));
  const weighting: Weighting = { name: 'auto-lambda', primary: ['nort'] };
  const { folder, events } = await draftRun(
    {
      data: { source: 'rows.csv' },
      tasks: { each: 'region', target: 'y', kind: 'regression' },
      training: { weighting },
    },
    { root },
  );
  expect(await runFolder(folder, new AbortController().signal)).toBe('refused');
  const { last } = journalOf(await events());
  expect(last).toMatchObject({ code: 'unknown-task', final: true });
  expect(last.type === 'failed' && last.message).toBe('There is no task `nort`. Did you mean `north`?');
});
