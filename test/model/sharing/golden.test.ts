import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildModel, enterGroups, type Model } from '../../../src/model/model';
import { draftExperiment, draftTaskSet } from '../taskSets';

beforeAll(() => tf.setBackend('cpu'));

type Matrix = readonly (readonly number[])[];
interface Case {
  readonly params: Readonly<Record<string, Matrix | readonly number[]>>;
  readonly out: Readonly<Record<'a' | 'b', Matrix>>;
}

/** Forward values of LibMTL: see test/golden/README.md. */
const golden = (
  JSON.parse(readFileSync(new URL('../../golden/golden.json', import.meta.url), 'utf8')) as {
    architectures: { readonly x: Matrix } & Readonly<Record<'HPS' | 'MMoE' | 'CGC' | 'DSelect_k', Case>>;
  }
).architectures;

/** Weights as a layer of this project holds them (inputs x units), and biases, of layers beside each other. */
function layers(of: Case, names: readonly string[]) {
  const weights = names.map((name) => tf.transpose(tf.tensor2d(of.params[`${name}.weight`] as number[][])));
  const biases = names.map((name) => tf.tensor2d([of.params[`${name}.bias`] as number[]]));
  return { weights: tf.stack(weights), bias: tf.stack(biases) };
}

function bank(of: Case, name: string, members: readonly string[]): Record<string, tf.Tensor> {
  const { weights, bias } = layers(of, members);
  return { [`${name}/weights`]: weights, [`${name}/bias`]: bias };
}

function heads(of: Case): Record<string, tf.Tensor> {
  const { weights, bias } = layers(of, ['decoders.a', 'decoders.b']);
  const beside = tf.transpose(tf.reshape(weights, [2, 3]));
  return { 'heads/0/0/weights': beside, 'heads/0/0/bias': tf.reshape(bias, [2]) };
}

function outputs(model: Model, parameters: Record<string, tf.Tensor>): number[][] {
  expect(Object.keys(parameters).sort()).toEqual(model.parameters.map(({ name }) => name).sort());
  for (const { name, shape } of model.parameters) expect(parameters[name].shape).toEqual(shape);
  const x = tf.tensor2d(golden.x.map((row) => [...row]));
  const none = tf.zeros<tf.Rank.R2>([golden.x.length, 2]);
  return enterGroups(model, { parameters }, [{ x, y: none, mask: none }])[0].arraySync();
}

const twoTasks = draftTaskSet([{ tasks: [{ kind: 'regression' }, { kind: 'regression' }], inputs: 4 }]);
const experts = (count: number) => Array.from({ length: count }, (_, expert) => `experts_shared.${expert}.lin`);
const gates = ['gate_specific.a.0', 'gate_specific.b.0'];

test.each([
  [
    'HPS',
    { name: 'hard' },
    (of: Case) => {
      const { weights, bias } = layers(of, ['encoder.lin']);
      return { 'shared/0/weights': tf.reshape(weights, [4, 3]), 'shared/0/bias': tf.reshape(bias, [3]) };
    },
  ],
  [
    'MMoE',
    { name: 'mmoe', experts: 3 },
    (of: Case) => ({ ...bank(of, 'experts/0', experts(3)), ...bank(of, 'gates', gates) }),
  ],
  [
    'CGC',
    { name: 'cgc', sharedExperts: 2, taskExperts: 1 },
    (of: Case) => ({
      ...bank(of, 'cgc/shared/0', experts(2)),
      ...bank(of, 'cgc/specific/0', ['experts_specific.a.0.lin', 'experts_specific.b.0.lin']),
      ...bank(of, 'cgc/gates', gates),
    }),
  ],
] as const)('%s gives the reference values', (name, sharing, parameters) => {
  const model = buildModel(draftExperiment({ model: { encoder: { layers: [3] }, sharing } }), twoTasks);
  const of = golden[name];
  outputs(model, { ...parameters(of), ...heads(of) }).forEach(([a, b], row) => {
    expect(a).toBeCloseTo(of.out.a[row][0], 5);
    expect(b).toBeCloseTo(of.out.b[row][0], 5);
  });
});

describe('DSelect_k', () => {
  const of = golden.DSelect_k;
  const [experts4, selected, bits] = [4, 2, 2] as const;
  const linear = (x: readonly number[], name: string) =>
    (of.params[`${name}.weight`] as Matrix).map((row, unit) =>
      row.reduce((sum, weight, i) => sum + weight * x[i], (of.params[`${name}.bias`] as number[])[unit]),
    );
  const smoothStep = (t: number) => (t <= -0.5 ? 0 : t >= 0.5 ? 1 : -2 * t ** 3 + 1.5 * t + 0.5);

  /** The output for one row by plain loops. @param code The digits of an expert's binary number. */
  function plainOutput(x: readonly number[], task: 'a' | 'b', code: (expert: number) => readonly number[]): number {
    const steps = linear(x, `_z_logits.${task}`).map(smoothStep);
    const scores = linear(x, `_w_logits.${task}`).map(Math.exp);
    const total = scores.reduce((sum, score) => sum + score);
    const mixed = [0, 0, 0];
    for (let expert = 0; expert < experts4; expert++) {
      let gate = 0;
      for (let selection = 0; selection < selected; selection++) {
        const digits = code(expert).map((digit, bit) => {
          const step = steps[selection * bits + bit];
          return digit ? step : 1 - step;
        });
        gate += (scores[selection] / total) * digits.reduce((product, digit) => product * digit);
      }
      linear(x, `experts_shared.${expert}.lin`).forEach((value, i) => (mixed[i] += gate * Math.max(0, value)));
    }
    return linear(mixed, `decoders.${task}`)[0];
  }

  // LibMTL reads the digits of the experts' numbers from text, and NumPy 2 takes the text "0" for true: all its experts
  // have the number 3, and its gates do not sum to 1. All else of it is right, as this shows.
  test('the reference values are those of experts that all have the last number', () => {
    golden.x.forEach((x, row) => {
      for (const task of ['a', 'b'] as const) {
        expect(plainOutput(x, task, () => [1, 1])).toBeCloseTo(of.out[task][row][0], 10);
      }
    });
  });

  test('ours are those of experts with numbers of their own', () => {
    const sharing = { name: 'dselect-k', experts: experts4, selected, smoothness: 1 } as const;
    const model = buildModel(draftExperiment({ model: { encoder: { layers: [3] }, sharing } }), twoTasks);
    const parameters = {
      ...bank(of, 'experts/0', experts(4)),
      ...bank(of, 'codes', ['_z_logits.a', '_z_logits.b']),
      ...bank(of, 'shares', ['_w_logits.a', '_w_logits.b']),
      ...heads(of),
    };
    outputs(model, parameters).forEach(([a, b], row) => {
      const binary = (expert: number) => [expert >> 1, expert & 1];
      expect(a).toBeCloseTo(plainOutput(golden.x[row], 'a', binary), 5);
      expect(b).toBeCloseTo(plainOutput(golden.x[row], 'b', binary), 5);
    });
  });
});
