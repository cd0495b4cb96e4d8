import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharings, worksOnLayers } from '../../../src/experiment/sharing';
import type { SharingInput } from '../../../src/model/sharing/architecture';
import { ExperimentError } from '../../../src/experiment/problem';
import { buildModel, enterGroups, initialiseParameters, sharingPenalty } from '../../../src/model/model';
import { traceNorm } from '../../../src/model/sharing/traceNorm';
import { draftBatches, draftExperiment, draftParameters, draftTaskSet } from '../taskSets';
import { caseTitle, sharingCases } from './cases';

beforeAll(() => tf.setBackend('cpu'));

const number = { kind: 'regression' as const };
type Sharing = (typeof sharingCases)[number];

function build(sharing: Sharing, tasks: number, layers = [6, 5]) {
  const taskSet = draftTaskSet([{ tasks: Array.from({ length: tasks }, () => number), inputs: 3 }]);
  return buildModel(draftExperiment({ model: { encoder: { layers, activation: 'tanh' }, sharing } }), taskSet);
}

/** Parameters of dense layers one after the other. */
const dense = (...widths: number[]) =>
  widths.slice(1).reduce((sum, units, layer) => sum + units * (widths[layer] + 1), 0);

test('every architecture is tried here', () => {
  const tried = new Set<string>(sharingCases.map(({ name }) => name));
  expect([...tried].sort()).toEqual(sharings.map(({ name }) => name).sort());
});

describe('size', () => {
  const [inputs, first, second, tasks] = [3, 6, 5, 4];
  const encoder = dense(inputs, first, second);
  const heads = tasks * dense(second, 1);
  test.each([
    ['hard', encoder + heads],
    ['single-task', tasks * encoder + heads],
    ['soft', tasks * encoder + heads],
    ['additive', (tasks + 1) * encoder + heads + dense(second, 1)],
    ['cross-stitch', tasks * encoder + 2 * tasks ** 2 + heads],
    ['mtan', encoder + tasks * (dense(first, 3, first) + dense(second, 3, second) + dense(first, 3)) + heads],
    ['mmoe', 3 * encoder + tasks * dense(inputs, 3) + heads],
    ['one-gate', 3 * encoder + dense(inputs, 3) + heads],
    ['cgc', (2 + 2 * tasks) * encoder + tasks * dense(inputs, 4) + heads],
    [
      'ple',
      (1 + 2 * tasks) * encoder + tasks * (dense(inputs, 3) + dense(first, 3)) + dense(inputs, 1 + 2 * tasks) + heads,
    ],
    ['dselect-k', 4 * encoder + tasks * (dense(inputs, 4) + dense(inputs, 2)) + heads],
    ['ltb', 3 * encoder + 3 * 3 + tasks * 3 + heads],
    ['task-embedding', encoder + 2 * 3 * (first + second) + tasks * 3 + heads],
    ['factorised', 2 * encoder + 2 * tasks * 2 + heads],
    ['low-rank', encoder + dense(second, 3) + tasks * dense(3, 1)],
  ] as const)('%s', (name, expected) => {
    const sharing = sharingCases.find((one) => one.name === name)!;
    expect(build(sharing, tasks).parameterCount).toBe(expected);
  });
});

describe.each(sharingCases.map((sharing) => ({ title: caseTitle(sharing), sharing })))('$title', ({ sharing }) => {
  test('a task begins with the same values whatever the others are', () => {
    const [few, many] = [build(sharing, 2), build(sharing, 5)];
    const [ofFew, ofMany] = [few, many].map((model) => initialiseParameters(model, 7));
    for (const { name, shape } of few.parameters) {
      // Gates over the experts of all tasks, stitches, and heads side by side grow in another direction too.
      if (name.includes('sharedGate') || name.startsWith('stitch') || name.startsWith('heads')) continue;
      expect([...ofMany[name].subarray(0, ofFew[name].length)], `${name} ${shape.join()}`).toEqual([...ofFew[name]]);
    }
    expect(initialiseParameters(few, 8)).not.toEqual(ofFew);
  });

  test('rows have no influence on one another', () => {
    const model = build(sharing, 3);
    const parameters = draftParameters(model);
    const [batch] = draftBatches(model.taskSet, [6]);
    const [all] = enterGroups(model, { parameters }, [batch]);
    const part = { ...batch, x: tf.slice(batch.x, [2, 0], [3, -1]) };
    const [some] = enterGroups(model, { parameters }, [part]);
    const expected = tf.slice(all, [2, 0], [3, -1]).dataSync();
    some.dataSync().forEach((value, cell) => expect(value).toBeCloseTo(expected[cell], 5));
  });

  test('probes have a value for every label', () => {
    const model = build(sharing, 3);
    const { probes = [], observe } = model.shared;
    const [{ x }] = draftBatches(model.taskSet, [6]);
    const values = observe?.({ parameters: draftParameters(model) }, 0, x) ?? {};
    expect(Object.keys(values).sort()).toEqual(probes.map(({ name }) => name).sort());
    for (const { name, rows, columns, perRow } of probes) {
      expect(values[name].shape).toEqual(perRow ? [rows.length, 6, columns.length] : [rows.length, columns.length]);
    }
    for (const { name } of probes.filter(({ perRow }) => perRow)) {
      for (const sum of tf.sum(values[name], 2).dataSync()) expect(sum).toBeCloseTo(1, 5);
    }
  });
});

describe('what does not suit', () => {
  const widths: SharingInput['width'][] = [3, 4];
  const taskSet = draftTaskSet(widths.map((inputs) => ({ tasks: [number], inputs })));

  test.each(
    sharingCases.filter(({ name }) => name !== 'single-task').map((sharing) => [sharing.name, sharing] as const),
  )('%s: inputs of different widths', (_, sharing) => {
    expect(() => buildModel(draftExperiment({ model: { sharing } }), taskSet)).toThrow(/private `encoder`/);
  });

  test('single-task takes inputs of different widths', () => {
    const model = buildModel(draftExperiment({ model: { sharing: 'single-task' } }), taskSet);
    expect(model.parameters.some(({ shared }) => shared)).toBe(false);
  });

  test.each(sharingCases.map((sharing) => [caseTitle(sharing), sharing] as const))(
    '%s: an encoder without layers works, or is refused with a remedy',
    (_, sharing) => {
      try {
        const model = build(sharing, 2, []);
        const [batch] = draftBatches(model.taskSet, [4]);
        expect(enterGroups(model, { parameters: draftParameters(model) }, [batch])[0].shape).toEqual([4, 2]);
      } catch (error) {
        if (!(error instanceof ExperimentError)) throw error;
        expect(error.findings[0]).toMatchObject({
          code: 'encoder-without-layers',
          path: ['model', 'encoder', 'layers'],
        });
        expect(worksOnLayers(sharing.name)).toBe(true);
      }
    },
  );

  test('cross-stitch with very many tasks', () => {
    expect(() => build({ name: 'cross-stitch' }, 65)).toThrow(/65 tasks .*at most 64.* Use `mmoe`/);
  });
});

describe('penalties', () => {
  test('the trace norm of a matrix whose singular values are known, and its gradient', () => {
    // Rows of orthogonal directions: singular values 3, 2 and 0.5.
    const rows = tf.tensor2d([
      [3, 0, 0, 0],
      [0, 0, -2, 0],
      [0, 0.5, 0, 0],
    ]);
    expect(traceNorm(rows).dataSync()[0]).toBeCloseTo(5.5, 2);
    const slopes = tf
      .grad((x) => traceNorm(x as tf.Tensor2D))(rows)
      .arraySync() as number[][];
    expect(slopes[0][0]).toBeCloseTo(1, 2);
    expect(slopes[1][2]).toBeCloseTo(-1, 2);
    expect(slopes[2][1]).toBeCloseTo(1, 1);
    expect(Number.isFinite(traceNorm(tf.zeros([3, 4])).dataSync()[0])).toBe(true);
  });

  test('soft: nothing where all encoders are alike, as at first', () => {
    const model = build({ name: 'soft', strength: 1 } as unknown as Sharing, 3);
    const values = initialiseParameters(model, 1);
    const parameters = Object.fromEntries(
      model.parameters.map(({ name, shape }) => [name, tf.tensor(values[name], [...shape])]),
    );
    const batches = draftBatches(model.taskSet, [4]);
    expect(sharingPenalty(model, { parameters }, batches)!.dataSync()[0]).toBeCloseTo(0, 6);
    const apart = sharingPenalty(model, { parameters: draftParameters(model) }, batches)!.dataSync()[0];
    expect(apart).toBeGreaterThan(0.1);
  });

  test('additive without layers is the regularised linear model, up to its penalty', () => {
    const model = build({ name: 'additive', sharedDecay: 0.01, specificDecay: 0.1 }, 2, []);
    const parameters = draftParameters(model);
    const value = (name: string) => [...parameters[name].dataSync()];
    const [batch] = draftBatches(model.taskSet, [4]);
    const [common] = [value('shared/heads/regression/squared-error/1/weights')];
    const own = value('heads/0/0/weights');
    const [commonBias] = value('shared/heads/regression/squared-error/1/bias');
    const bias = value('heads/0/0/bias');
    const expected = batch.x
      .arraySync()
      .flatMap((row) =>
        [0, 1].map((task) =>
          row.reduce((sum, x, i) => sum + x * (common[i] + own[2 * i + task]), commonBias + bias[task]),
        ),
      );
    enterGroups(model, { parameters }, [batch])[0]
      .dataSync()
      .forEach((found, cell) => expect(found).toBeCloseTo(expected[cell], 5));
    const squares = (values: number[]) => values.reduce((sum, w) => sum + w * w, 0);
    const penalty = sharingPenalty(model, { parameters }, [batch])!.dataSync()[0];
    expect(penalty).toBeCloseTo(0.005 * squares(common) + 0.05 * squares(own), 5);
    expect(model.parameters.filter(({ decays }) => decays)).toEqual([]);
  });
});
