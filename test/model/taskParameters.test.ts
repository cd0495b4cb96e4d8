import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildModel, taskSums, enterGroups, inTaskOrder } from '../../src/model/model';
import { taskParameters } from '../../src/model/taskParameters';
import { draftBatches, draftExperiment, draftParameters, draftTaskSet } from './taskSets';

beforeAll(() => tf.setBackend('cpu'));

const regression = { kind: 'regression' as const };
const binary = { kind: 'binary' as const };
const classes = { kind: 'multiclass' as const, classes: ['a', 'b', 'c'] };
const encoder = { layers: [4], activation: 'tanh' as const, dropout: 0 };

const taskSets = [
  ['kinds that take turns', draftTaskSet([{ tasks: [regression, binary, regression, classes, binary], inputs: 3 }])],
  [
    'tables of their own',
    draftTaskSet([
      { tasks: [classes], inputs: 5, encoder },
      { tasks: [regression, regression], inputs: 3 },
      { tasks: [classes], inputs: 2, encoder },
    ]),
  ],
] as const;

const single = (layers: number[], head: number[]) =>
  draftExperiment({ model: { sharing: 'single-task', encoder: { layers }, head: { layers: head } } });

describe.each(taskSets)('%s', (_, taskSet) => {
  describe.each([
    [[6, 5], []],
    [[4], [3, 2]],
    [[], []],
  ])('encoder %j, head %j', (layers, head) => {
    const model = buildModel(single(layers, head), taskSet);
    const stretches = taskParameters(model)!;

    test('every value of every parameter belongs to one task', () => {
      const owners = new Map(
        model.parameters.map(({ name, shape }) => [name, new Array<number>(tf.util.sizeFromShape([...shape])).fill(0)]),
      );
      for (const { parameter, start, length } of stretches.flat()) {
        for (let place = start; place < start + length; place++) owners.get(parameter)![place]++;
      }
      expect(Object.fromEntries(owners)).toEqual(
        Object.fromEntries([...owners].map(([name, counts]) => [name, counts.map(() => 1)])),
      );
    });

    test('the loss of a task depends on its own values alone', () => {
      const rows = taskSet.streams.map(() => 6);
      const batches = draftBatches(taskSet, rows);
      const [one, other] = [draftParameters(model, 1), draftParameters(model, 2)];
      const lossesOf = (parameters: Readonly<Record<string, tf.Tensor>>) => {
        const pass = { parameters };
        return inTaskOrder(model, taskSums(model, pass, enterGroups(model, pass, batches), batches).sums.dataSync());
      };
      const [before, after] = [lossesOf(one), lossesOf(other)];
      taskSet.tasks.forEach((__, task) => {
        const mixed = Object.fromEntries(
          model.parameters.map(({ name, shape }) => {
            const values = Float32Array.from(one[name].dataSync());
            const source = other[name].dataSync();
            for (const { parameter, start, length } of stretches[task]) {
              if (parameter === name) values.set(source.subarray(start, start + length), start);
            }
            return [name, tf.tensor(values, [...shape])];
          }),
        );
        expect(lossesOf(mixed)).toEqual(before.map((loss, place) => (place === task ? after[place] : loss)));
      });
    });
  });
});

test('tasks that share a parameter have none of their own', () => {
  for (const sharing of ['hard', 'soft', 'mmoe'] as const) {
    expect(taskParameters(buildModel(draftExperiment({ model: { sharing } }), taskSets[0][1]))).toBeUndefined();
  }
});
