import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import {
  createExecutor,
  optimize,
  traceProgram,
  type EngineName,
  type StateSpec,
  type TracedUpdate,
} from '../../src/program';
import {
  adamStep,
  batchOf,
  initialState,
  parameterShapes,
  totalLoss,
  type ModelSize,
  type Tensors,
} from '../bench/model';
import { difference, engines, float, prepared, traceFunction, variants, zeros } from './support';

const size: ModelSize = { tasks: 3, inputs: 7, shared: [9, 6], head: 5, batch: 11 };
const steps = 6;

/** Losses and parameters after some steps of eager tfjs with one of its optimizers. */
async function trainEagerly(engine: EngineName, stacked: boolean, createOptimizer: () => tf.Optimizer) {
  await createExecutor(engine, { programs: [], initialState: {} });
  await tf.setBackend(engine);
  const shapes = parameterShapes(size, stacked);
  const values = initialState(shapes);
  const variables = shapes.map(({ name, shape }) => tf.variable(tf.tensor(values[name], [...shape])));
  const parameters = Object.fromEntries(shapes.map(({ name }, index) => [name, variables[index]]));
  const batch = batchOf(size);
  const losses: number[] = [];
  const optimizer = createOptimizer();
  for (let step = 0; step < steps; step++) {
    tf.tidy(() => {
      const x = tf.tensor2d(batch.x, [size.batch, size.inputs]);
      const targets = tf.tensor2d(batch.targets, [size.batch, size.tasks]);
      const loss = optimizer.minimize(() => totalLoss(size, stacked, parameters, x, targets), true, variables);
      losses.push((loss as tf.Scalar).dataSync()[0]);
    });
  }
  const state = Object.fromEntries(
    shapes.map(({ name }, index) => [name, variables[index].dataSync() as Float32Array]),
  );
  tf.dispose(variables);
  return { losses, state };
}

/** The step with momentum in place of Adam. */
function momentumOptions(stacked: boolean) {
  const options = adamStep(size, stacked);
  const parameters = parameterShapes(size, stacked);
  const velocities = parameters.map(({ name, shape }) => ({ name: `${name}/velocity`, shape }));
  const step = (inputs: Tensors, state: Tensors) => {
    const { outputs, updates } = options.step(inputs, state);
    const changed = updates.map((update): TracedUpdate => {
      if (update.kind !== 'adam') throw new Error('Adam was expected.');
      const { state: name, gradient, learningRate } = update;
      return {
        kind: 'momentum',
        state: name,
        gradient,
        learningRate,
        velocity: `${name}/velocity`,
        momentum: 0.9,
        weightDecay: 0,
      };
    });
    return { outputs, updates: changed };
  };
  return { ...options, state: [...parameters, ...velocities], step };
}

describe.each(variants)('whole training steps on $engine, optimized: $optimized', (variant) => {
  const optimizers = {
    // TensorFlow.js adds epsilon elsewhere; a tiny one tells nothing apart.
    adam: {
      eager: () => tf.train.adam(0.01, 0.9, 0.999, 1e-12),
      options: (stacked: boolean) => adamStep(size, stacked, 1e-12),
    },
    momentum: { eager: () => tf.train.momentum(0.01, 0.9), options: momentumOptions },
  };
  test.each([
    ['adam', false],
    ['adam', true],
    ['momentum', false],
    ['momentum', true],
  ] as const)('%s, heads stacked: %s', async (name, stacked) => {
    const { eager, options } = optimizers[name];
    const wanted = await trainEagerly('cpu', stacked, eager);
    const traced = options(stacked);
    const program = prepared(traceProgram(traced), variant);
    const executor = await createExecutor(variant.engine, {
      programs: [program],
      initialState: initialState(traced.state),
    });
    const inputs = { ...batchOf(size), rate: Float32Array.of(0.01) };
    const losses = Array.from({ length: steps }, () => executor.run('step', inputs).loss[0]);
    expect(difference(Float32Array.from(losses), Float32Array.from(wanted.losses), 1e-4)).toBeUndefined();
    const state = executor.readState();
    const differences = Object.entries(wanted.state).map(([key, values]) => difference(state[key], values, 1e-3));
    expect(differences).toEqual(differences.map(() => undefined));
    executor.dispose();
  });
});

describe.each(engines)('on %s', (engine) => {
  test('the loss of an overfitted batch goes to zero: no product of old values', async () => {
    const wide = { ...size, shared: [32], head: 24 };
    for (const stacked of [false, true]) {
      const options = adamStep(wide, stacked);
      const program = optimize(traceProgram(options), engine);
      const executor = await createExecutor(engine, { programs: [program], initialState: initialState(options.state) });
      const inputs = { ...batchOf(wide), rate: Float32Array.of(0.01) };
      const first = executor.run('step', inputs).loss[0];
      for (let step = 0; step < 1500; step++) executor.run('step', inputs);
      expect(first).toBeGreaterThan(0.1);
      expect(executor.run('step', inputs).loss[0]).toBeLessThan(1e-4);
      executor.dispose();
    }
  });

  test('memory is flat over 10,000 steps, and all is given back', async () => {
    const options = adamStep({ ...size, tasks: 2, shared: [4] }, true);
    const program = optimize(traceProgram(options), engine);
    const idle = await createExecutor(engine, { programs: [], initialState: {} });
    const before = idle.tensorCount();
    const executor = await createExecutor(engine, { programs: [program], initialState: initialState(options.state) });
    const inputs = { ...batchOf({ ...size, tasks: 2 }), rate: Float32Array.of(0.001) };
    const run = (count: number) => {
      for (let step = 0; step < count; step++) executor.run('step', inputs);
    };
    run(10);
    const count = executor.tensorCount();
    const tensors = tf.memory().numTensors;
    run(2000);
    // TensorFlow's own memory is not to be seen from here, other than by its tensors.
    const heap = engine === 'native' ? 0 : heapBytes(engine);
    run(8000);
    expect(executor.tensorCount()).toBe(count);
    expect(tf.memory().numTensors).toBe(tensors);
    if (engine !== 'native') expect(heapBytes(engine)).toBe(heap);
    executor.dispose();
    expect(idle.tensorCount()).toBe(before);
  });

  test('adam with weight decay does what the paper says', async () => {
    const state: StateSpec[] = ['p', 'm', 'v'].map((name) => ({ name, shape: [7] }));
    const numbers = { beta1: 0.8, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.1 };
    const program = traceProgram({
      name: 'adam',
      inputs: { gradient: float(7), rate: float() },
      state: [...state, { name: 't', shape: [] }],
      step: ({ gradient, rate }) => ({
        outputs: {},
        updates: [
          {
            kind: 'adam',
            state: 'p',
            gradient,
            firstMoment: 'm',
            secondMoment: 'v',
            stepCount: 't',
            learningRate: rate,
            ...numbers,
          },
        ],
      }),
    });
    const start = Float32Array.from([1, -1, 0.5, 2, 0, 3, -2]);
    const executor = await createExecutor(engine, {
      programs: [program],
      initialState: { ...zeros(program.state), p: start },
    });
    const reference = { p: [...start], m: Array<number>(7).fill(0), v: Array<number>(7).fill(0) };
    for (let t = 1; t <= 5; t++) {
      const gradient = Float32Array.from({ length: 7 }, (_, index) => Math.sin(t + index));
      executor.run('adam', { gradient, rate: Float32Array.of(0.1) });
      gradient.forEach((g, i) => {
        reference.m[i] = 0.8 * reference.m[i] + 0.2 * g;
        reference.v[i] = 0.9 * reference.v[i] + 0.1 * g * g;
        const rate = (0.1 * Math.sqrt(1 - 0.9 ** t)) / (1 - 0.8 ** t);
        reference.p[i] -= 0.1 * 0.1 * reference.p[i] + (rate * reference.m[i]) / (Math.sqrt(reference.v[i]) + 1e-3);
      });
    }
    const found = executor.readState();
    expect(difference(found.p, Float32Array.from(reference.p))).toBeUndefined();
    expect(difference(found.v, Float32Array.from(reference.v))).toBeUndefined();
    expect(found.t[0]).toBe(5);
    executor.dispose();
  });

  test('all updates read the values from before the step', async () => {
    const program = traceProgram({
      name: 'swap',
      inputs: {},
      state: ['a', 'b', 'c'].map((name) => ({ name, shape: [3] })),
      step: (_, { a, b, c }) => ({
        outputs: { a, shaped: tf.reshape(a, [3, 1]) },
        updates: [
          { kind: 'assign', state: 'a', value: b },
          { kind: 'assign', state: 'b', value: tf.reshape(tf.reshape(a, [3, 1]), [3]) },
          { kind: 'assign', state: 'c', value: tf.add(a, c) },
        ],
      }),
    });
    for (const variant of variants.filter((entry) => entry.engine === engine)) {
      const initial = { a: Float32Array.of(1, 2, 3), b: Float32Array.of(4, 5, 6), c: Float32Array.of(1, 1, 1) };
      const executor = await createExecutor(engine, { programs: [prepared(program, variant)], initialState: initial });
      const outputs = executor.run('swap', {});
      expect([...outputs.a]).toEqual([1, 2, 3]);
      expect([...outputs.shaped]).toEqual([1, 2, 3]);
      const state = executor.readState();
      expect([state.a, state.b, state.c].map((values) => [...values])).toEqual([
        [4, 5, 6],
        [1, 2, 3],
        [2, 3, 4],
      ]);
      executor.dispose();
    }
  });

  test('programs share state, and two executors do not', async () => {
    const state = [{ name: 'w', shape: [2, 2] }];
    const double = traceProgram({
      name: 'double',
      inputs: {},
      state,
      step: (_, { w }) => ({ outputs: {}, updates: [{ kind: 'assign', state: 'w', value: tf.mul(w, 2) }] }),
    });
    const product = traceProgram({
      name: 'product',
      inputs: { x: float(1, 2) },
      state,
      step: ({ x }, { w }) => ({ outputs: { y: tf.matMul(x, w) } }),
    });
    const options = { programs: [double, product], initialState: { w: Float32Array.of(1, 2, 3, 4) } };
    const [left, right] = [await createExecutor(engine, options), await createExecutor(engine, options)];
    const x = Float32Array.of(1, 1);
    expect([...left.run('product', { x }).y]).toEqual([4, 6]);
    left.run('double', {});
    expect([...left.run('product', { x }).y]).toEqual([8, 12]);
    expect([...right.run('product', { x }).y]).toEqual([4, 6]);
    left.writeState({ w: Float32Array.of(1, 0, 0, 1) });
    expect([...left.run('product', { x }).y]).toEqual([1, 1]);
    left.dispose();
    expect([...right.run('product', { x }).y]).toEqual([4, 6]);
    expect(() => left.run('product', { x })).toThrow(/was disposed/);
    right.dispose();
  });

  test('the values of a run stay when the heap grows', async () => {
    const program = traceFunction({ x: float(4) }, ({ x }) => tf.mul(tf.exp(x), 2));
    const executor = await createExecutor(engine, { programs: [program], initialState: {} });
    const large = Array.from({ length: 4 }, () => traceFunction({ x: float(3_000_000) }, ({ x }) => tf.exp(x)));
    for (const other of large) await createExecutor(engine, { programs: [other], initialState: {} });
    const [found] = Object.values(executor.run('function', { x: Float32Array.of(0, 1, 2, 3) }));
    expect(
      difference(
        found,
        Float32Array.from([0, 1, 2, 3], (x) => 2 * Math.exp(x)),
      ),
    ).toBeUndefined();
  });

  describe('what does not fit is refused', () => {
    const program = traceProgram({
      name: 'sum',
      inputs: { x: float(3) },
      state: [{ name: 'w', shape: [3] }],
      step: ({ x }, { w }) => ({ outputs: { y: tf.add(x, w) } }),
    });
    const initialState = { w: new Float32Array(3) };

    test.each([
      ['lacks state', {}, /initial state lacks "w"/],
      ['has state of another size', { w: new Float32Array(2) }, /"w" has the shape \[3\], but got 2 numbers/],
    ])('an executor that %s', async (_, values, message) => {
      await expect(createExecutor(engine, { programs: [program], initialState: values })).rejects.toThrow(message);
    });

    test('a kernel that the engine lacks, before the first step', async () => {
      const odd = { ...program, nodes: [{ ...program.nodes[0], kernel: 'Oddity' }] };
      await expect(createExecutor(engine, { programs: [odd], initialState })).rejects.toThrow(
        `The engine ${engine} has no kernel Oddity`,
      );
    });

    test('inputs, programs and state that are not there', async () => {
      const executor = await createExecutor(engine, { programs: [program], initialState });
      expect(() => executor.run('nothing', {})).toThrow(/no program "nothing". The programs are: sum/);
      expect(() => executor.run('sum', {})).toThrow(/"x" of sum needs \[3\] numbers, but got nothing/);
      expect(() => executor.run('sum', { x: new Float32Array(4) })).toThrow(/but got 4 numbers/);
      expect(() => executor.writeState({ x: new Float32Array(3) })).toThrow(/no state "x"/);
      expect(() => executor.writeState({ w: new Float32Array(4) })).toThrow(/but got 4 numbers/);
      executor.dispose();
    });
  });
});

/** Bytes of the WASM heap; of tfjs's own count on the CPU. */
function heapBytes(engine: EngineName): number {
  if (engine === 'cpu') return tf.memory().numBytes;
  const backend = tf.findBackend('wasm') as unknown as { wasm: { HEAPU8: Uint8Array } };
  return backend.wasm.HEAPU8.byteLength;
}
