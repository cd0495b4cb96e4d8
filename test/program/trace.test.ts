import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createExecutor, traceProgram, type TraceOptions } from '../../src/program';
import { float, runProgram, traceFunction, type StepFunction } from './support';

beforeAll(async () => {
  await createExecutor('cpu', { programs: [], initialState: {} });
  await tf.setBackend('cpu');
});

afterEach(() => {
  expect(tf.getBackend()).toBe('cpu');
});

const trace = (step: StepFunction) => traceFunction({ x: float(2, 3) }, step);

describe('values cannot be read inside a trace', () => {
  const reads: Readonly<Record<string, (x: tf.Tensor) => unknown>> = {
    dataSync: (x) => x.dataSync(),
    arraySync: (x) => tf.square(x).arraySync(),
    bufferSync: (x) => x.bufferSync(),
    print: (x) => x.toString(),
    'the value of a condition': (x) => (tf.max(x).dataSync()[0] > 0 ? 1 : 2),
  };
  test.each(Object.entries(reads))('%s', (_, read) => {
    const before = tf.memory().numTensors;
    const run = () =>
      trace(({ x }) => {
        read(x);
        return x;
      });
    expect(run).toThrow(expect.objectContaining({ code: 'trace/reads-value' }));
    expect(run).toThrow(/reads the value of a tensor while it is traced/);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('but a constant can be read', () => {
    const program = trace(({ x }) => tf.mul(x, tf.tensor1d([1, 2, 3]).dataSync()[2]));
    expect(program.constants.map(({ values }) => [...values])).toContainEqual([3]);
  });
});

test('an unknown kernel is named', () => {
  const run = () => trace(({ x }) => tf.image.flipLeftRight(tf.reshape(x, [1, 2, 3, 1])));
  expect(run).toThrow(/calls the kernel FlipLeftRight/);
  expect(run).toThrow(expect.objectContaining({ code: 'trace/unknown-kernel' }));
});

test('a trace inside a trace is refused', () => {
  const run = () => trace(() => trace(({ x }) => x) as never);
  expect(run).toThrow(expect.objectContaining({ code: 'trace/nested' }));
});

test('an error of the step comes through', () => {
  const run = () =>
    trace(() => {
      throw new RangeError('mine');
    });
  expect(run).toThrow(new RangeError('mine'));
});

describe('a trace leaves no tensor behind', () => {
  const steps: Readonly<Record<string, StepFunction>> = {
    'a forward pass': ({ x }) => tf.relu(tf.square(x)),
    gradients: ({ x }) => tf.grad((y: tf.Tensor) => tf.sum(tf.tanh(y)))(x),
    'kept tensors': ({ x }) => tf.keep(tf.square(x)),
    'a throw': ({ x }) => {
      tf.square(x);
      throw new Error('stop');
    },
    'a throw within a gradient': ({ x }) =>
      tf.grad((y: tf.Tensor) => {
        const loss = tf.sum(tf.tanh(tf.square(y)));
        loss.dataSync();
        return loss;
      })(x),
    'a throw in the backward pass': ({ x }) =>
      tf.grad((y: tf.Tensor) => tf.sum(tf.mul(tf.where(tf.greater(y, 0), y, y), tf.square(y))))(x),
  };
  test.each(Object.entries(steps))('%s', (_, step) => {
    const before = tf.memory();
    try {
      trace(step);
    } catch {
      // Some of the steps throw: what counts is what they leave.
    }
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});

test('tensors from outside become constants and stay usable', async () => {
  const outside = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
  const program = trace(({ x }) => tf.add(tf.mul(x, outside), outside));
  expect(program.constants).toHaveLength(1);
  expect([...outside.dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
  const [found] = await runProgram(program, 'cpu', { x: Float32Array.from([1, 1, 1, 2, 2, 2]) });
  expect([...found]).toEqual([2, 4, 6, 12, 15, 18]);
  outside.dispose();
});

test('names may be anything', () => {
  const names = ['__proto__', '<script>', 'été 🙂', '"'];
  const program = traceProgram({
    name: 'names',
    inputs: Object.fromEntries(names.map((name) => [name, float(2)])),
    state: names.map((name) => ({ name: `state ${name}`, shape: [2] })),
    step: (inputs, state) => ({
      outputs: Object.fromEntries(names.map((name) => [name, tf.add(inputs[name], state[`state ${name}`])])),
    }),
  });
  expect(program.inputs.map(({ name }) => name)).toEqual(names);
  expect(program.outputs.map(({ name }) => name)).toEqual(names);
});

describe('updates that do not fit are refused', () => {
  const state = [
    { name: 'w', shape: [2] },
    { name: 'm', shape: [2] },
    { name: 'v', shape: [2] },
    { name: 't', shape: [] },
  ];
  const adam = { kind: 'adam', state: 'w', firstMoment: 'm', secondMoment: 'v', stepCount: 't' } as const;
  const numbers = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 };
  const cases: Readonly<Record<string, [RegExp, TraceOptions['step']]>> = {
    'unknown state': [
      /"nobody", which the program does not have/,
      (_, { w }) => ({ outputs: {}, updates: [{ kind: 'assign', state: 'nobody', value: w }] }),
    ],
    'twice the same': [
      /"w" is updated twice/,
      (_, { w }) => ({
        outputs: {},
        updates: [
          { kind: 'assign', state: 'w', value: w },
          { kind: 'assign', state: 'w', value: w },
        ],
      }),
    ],
    'wrong shape': [
      /needs a float32 tensor of shape \[2\], but got float32 \[3\]/,
      () => ({ outputs: {}, updates: [{ kind: 'assign', state: 'w', value: tf.zeros([3]) }] }),
    ],
    'wrong type': [
      /but got int32 \[2\]/,
      () => ({ outputs: {}, updates: [{ kind: 'assign', state: 'w', value: tf.zeros([2], 'int32') }] }),
    ],
    'a step count of its own': [
      /"t" of adam goes up by itself/,
      (_, { w, t }) => ({
        outputs: {},
        updates: [
          { ...adam, ...numbers, gradient: w, learningRate: tf.scalar(1) },
          { kind: 'assign', state: 't', value: tf.add(t, 1) },
        ],
      }),
    ],
  };
  test.each(Object.entries(cases))('%s', (_, [message, step]) => {
    const run = () => traceProgram({ name: 'updates', inputs: {}, state, step });
    expect(run).toThrow(message);
    expect(run).toThrow(expect.objectContaining({ code: 'trace/bad-update' }));
  });
});

test('an output that is no tensor is refused', () => {
  const step = () => ({ outputs: { y: 3 as never } });
  expect(() => traceProgram({ name: 'number', inputs: {}, state: [], step })).toThrow(
    expect.objectContaining({ code: 'trace/foreign-tensor' }),
  );
});
