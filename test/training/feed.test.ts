import { describe, expect, test } from 'vitest';
import { buildModel } from '../../src/model/model';
import { createFeed } from '../../src/training/feed';
import { draftExperiment, draftTaskSet } from '../model/taskSets';

function feedFor(dropout: number, seed = 1) {
  const taskSet = draftTaskSet([
    { tasks: [{ kind: 'regression' }, { kind: 'binary' }, { kind: 'regression' }], inputs: 3 },
  ]);
  const model = buildModel(draftExperiment({ model: { encoder: { layers: [50], dropout } } }), taskSet);
  return createFeed(model, { batchSize: 100, seed, learningRate: 0.5, weights: [1, 2, 3] });
}

describe('what a training step is fed', () => {
  test('weights come in the order of the head groups', () => {
    const { inputs } = feedFor(0);
    expect([...inputs.weights]).toEqual([1, 3, 2]);
    expect([...inputs.learningRate]).toEqual([0.5]);
    expect(Object.keys(inputs)).toEqual(['x/0', 'y/0', 'mask/0', 'weights', 'learningRate']);
  });

  test('masks drop their share and keep the mean', () => {
    const { inputs, fill } = feedFor(0.2);
    fill([new Uint32Array()], 0);
    const mask = inputs['dropout/shared/0/0'];
    expect([...new Set(mask)].sort()).toEqual([0, 1.25]);
    const dropped = mask.filter((value) => value === 0).length / mask.length;
    expect(dropped).toBeCloseTo(0.2, 1);
  });

  test('masks are a function of seed and step', () => {
    const maskOf = (seed: number, step: number) => {
      const { inputs, fill } = feedFor(0.5, seed);
      fill([new Uint32Array()], step);
      return [...inputs['dropout/shared/0/0']].join('');
    };
    expect(maskOf(1, 7)).toBe(maskOf(1, 7));
    expect(new Set([maskOf(1, 7), maskOf(1, 8), maskOf(2, 7)]).size).toBe(3);
  });

  test('learning to branch is fed noise, and a temperature that falls to its end', () => {
    const taskSet = draftTaskSet([{ tasks: [{ kind: 'regression' }, { kind: 'regression' }], inputs: 3 }]);
    const sharing = {
      name: 'ltb' as const,
      branches: 4,
      startTemperature: 2,
      endTemperature: 0.5,
      cooling: 0.01,
    };
    const model = buildModel(draftExperiment({ model: { sharing } }), taskSet);
    const { inputs, fill } = createFeed(model, { batchSize: 10, seed: 1, learningRate: 1, weights: [1, 1] });
    const at = (step: number) => {
      fill([new Uint32Array()], step);
      return { temperature: inputs['branching/temperature'][0], noise: [...inputs['branching/noise/1']] };
    };
    expect(at(0).temperature).toBe(2);
    expect(at(100).temperature).toBeCloseTo(2 / Math.E, 5);
    expect(at(1000).temperature).toBe(0.5);
    expect(at(3).noise).toHaveLength(2 * 4);
    expect(at(3).noise).toEqual(at(3).noise);
    expect(at(3).noise).not.toEqual(at(4).noise);
  });
});
