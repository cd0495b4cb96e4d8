import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { optimize, printProgram, traceProgram, type Program } from '../../src/program';
import { mergeCommonSubexpressions } from '../../src/program/passes/commonSubexpressions';
import { removeDeadNodes } from '../../src/program/passes/deadNodes';
import { fuseBias, transposeOperands } from '../../src/program/passes/matrixProducts';
import { foldConstants, simplify } from '../../src/program/passes/simplify';
import { parameterShapes, taskLosses, type ModelSize } from '../bench/model';
import { float, traceFunction, type StepFunction } from './support';

const kernels = (program: Program) => program.nodes.map(({ kernel }) => kernel);
const traced = (step: StepFunction) =>
  traceFunction({ x: float(2, 3), y: float(2, 3), w: float(3, 4), b: float(4) }, step);
const cleaned = (program: Program) => kernels(removeDeadNodes(simplify(program)));

test('dead nodes and constants go', () => {
  const program = traced(({ x, y }) => {
    tf.exp(tf.mul(x, 3));
    return tf.add(tf.square(x), y);
  });
  const after = removeDeadNodes(program);
  expect(kernels(after)).toEqual(['Square', 'Add']);
  expect(after.constants).toEqual([]);
  expect(removeDeadNodes(after)).toEqual(after);
});

test('what an update reads is alive', () => {
  const program = traceProgram({
    name: 'update',
    inputs: {},
    state: [{ name: 'w', shape: [2] }],
    step: (_, { w }) => ({ outputs: {}, updates: [{ kind: 'assign', state: 'w', value: tf.exp(w) }] }),
  });
  expect(kernels(optimize(program, 'wasm'))).toEqual(['Exp']);
});

describe('common subexpressions', () => {
  test('are computed once, in chains too', () => {
    const program = traced(({ x }) => tf.add(tf.exp(tf.mul(x, 2)), tf.square(tf.exp(tf.mul(x, 2)))));
    expect(kernels(mergeCommonSubexpressions(program))).toEqual(['Multiply', 'Exp', 'Square', 'Add']);
  });

  test('differ by attribute, order and constant', () => {
    const program = traced(({ x, y }) => [
      tf.sub(x, y),
      tf.sub(y, x),
      tf.sum(x, 0),
      tf.sum(x, 1),
      tf.mul(x, 2),
      tf.mul(x, 3),
    ]);
    expect(kernels(mergeCommonSubexpressions(program))).toEqual(kernels(program));
  });

  test('zero and minus zero are different constants', () => {
    const program = traced(({ x }) => [tf.div(x, 0), tf.div(x, -0)]);
    expect(kernels(mergeCommonSubexpressions(program))).toEqual(['RealDiv', 'RealDiv']);
  });

  test('the gradients of several tasks share one forward pass', () => {
    const size: ModelSize = { tasks: 4, inputs: 5, shared: [6, 6], head: 3, batch: 8 };
    const state = parameterShapes(size, false);
    const names = state.map(({ name }) => name);
    const shared = names.filter((name) => name.startsWith('shared'));
    const program = (tasks: number) =>
      traceProgram({
        name: 'tasks',
        inputs: { x: float(8, 5), targets: float(8, 4) },
        state,
        step: ({ x, targets }, p) => {
          const gradients = Array.from({ length: tasks }, (_, task) =>
            tf.grads((...values: tf.Tensor[]) => {
              const parameters = { ...p, ...Object.fromEntries(shared.map((name, index) => [name, values[index]])) };
              return taskLosses(size, parameters, x, targets)[task];
            })(shared.map((name) => p[name])),
          );
          return { outputs: Object.fromEntries(gradients.flat().map((gradient, index) => [index, gradient])) };
        },
      });
    const products = (traced: Program) => kernels(traced).filter((kernel) => kernel.endsWith('MatMul')).length;
    // Forward: 2 shared layers, and 2 of each head. Backward: for each task 2 of its head, and 3 of the shared layers.
    expect([1, 2, 4].map((tasks) => products(optimize(program(tasks), 'wasm')))).toEqual([9, 16, 30]);
    expect(products(program(4))).toBeGreaterThan(50);
  });
});

describe('clean-up', () => {
  const cases: Readonly<Record<string, readonly [StepFunction, readonly string[]]>> = {
    'times one': [({ x }) => tf.exp(tf.mul(x, 1)), ['Exp']],
    'one times': [({ x }) => tf.exp(tf.mul(tf.onesLike(tf.tensor2d([[2, 2, 2]])), x)), ['Exp']],
    'times a one that broadcasts': [({ x }) => tf.mul(x, tf.ones([5, 2, 3])), ['Multiply']],
    'plus zero': [({ x }) => tf.exp(tf.add(0, tf.add(x, 0))), ['Exp']],
    'minus zero, over one': [({ x }) => tf.exp(tf.div(tf.sub(x, 0), 1)), ['Exp']],
    'to the second': [({ x }) => tf.pow(x, 2), ['Square']],
    identity: [({ x }) => tf.exp(tf.clone(x)), ['Exp']],
    'a cast to the same type': [
      ({ x }) => tf.exp(tf.cast(tf.greater(tf.cast(x, 'float32'), 1), 'float32')),
      ['Greater', 'Cast', 'Exp'],
    ],
    'a double reshape': [({ x }) => tf.exp(tf.reshape(tf.reshape(x, [3, 2]), [6])), ['Reshape', 'Exp']],
    'a reshape there and back': [({ x }) => tf.exp(tf.reshape(tf.reshape(x, [6]), [2, 3])), ['Exp']],
    'a transpose there and back': [({ x }) => tf.exp(tf.transpose(tf.transpose(x))), ['Exp']],
    'a transpose of ones': [({ b }) => tf.exp(tf.transpose(tf.reshape(b, [1, 4]))), ['Reshape', 'Exp']],
    'sum over ones': [({ b }) => tf.exp(tf.sum(tf.reshape(b, [1, 4]), 0)), ['Exp']],
    'a whole slice, one part, one copy': [
      ({ x }) => tf.exp(tf.tile(tf.concat([tf.slice(x, [0, 0], [2, 3])]), [1, 1])),
      ['Exp'],
    ],
    'a sum of two': [({ x, y }) => tf.addN([x, y]), ['Add']],
  };
  test.each(Object.entries(cases))('%s', (_, [step, wanted]) => {
    const once = simplify(foldConstants(traced(step)));
    expect(cleaned(once)).toEqual(wanted);
  });
});

test('arithmetic on equal numbers is done beforehand', () => {
  const program = traced(({ x }) => tf.add(x, tf.sqrt(tf.mul(tf.fill([2, 3], 2), tf.scalar(8)))));
  const after = removeDeadNodes(foldConstants(program));
  expect(kernels(after)).toEqual(['Add']);
  expect(after.constants.map(({ values }) => [...values])).toEqual([[4, 4, 4, 4, 4, 4]]);
});

test('the gradient of a mean needs no ones and no divisions of them', () => {
  const program = traced(({ x }) => tf.grad((v: tf.Tensor) => tf.mean(tf.square(v)))(x));
  expect(kernels(optimize(program, 'wasm'))).toEqual(['Multiply', 'Multiply']);
});

test('transposed operands become transposes', () => {
  const program = traced(({ x, w }) => [tf.matMul(w, x, true, true), tf.matMul(x, w)]);
  const after = transposeOperands(program);
  expect(kernels(after)).toEqual(['Transpose', 'Transpose', 'BatchMatMul', 'BatchMatMul']);
  expect(after.nodes.map(({ outputs }) => outputs[0].shape)).toEqual([
    [4, 3],
    [3, 2],
    [4, 2],
    [2, 4],
  ]);
});

describe('a bias', () => {
  test('joins the product that only it reads', () => {
    const program = traced(({ x, w, b }) => tf.relu(tf.add(tf.matMul(x, w), b)));
    expect(kernels(optimize(program, 'wasm')).filter((kernel) => kernel !== 'Reshape')).toEqual([
      '_FusedMatMul',
      'Relu',
    ]);
  });

  test('stays outside where the product is read twice, or is no row', () => {
    const twice = traced(({ x, w, b }) => {
      const product = tf.matMul(x, w);
      return tf.mul(tf.add(product, b), product);
    });
    expect(fuseBias(twice)).toEqual(twice);
    const full = traced(({ x, w }) => tf.add(tf.matMul(x, w), tf.matMul(tf.square(x), w)));
    expect(fuseBias(full)).toEqual(full);
  });
});

describe('what goes back through a relu', () => {
  const gradient = (inner: (x: tf.Tensor) => tf.Tensor) =>
    traced(({ x }) => tf.grad((v: tf.Tensor) => tf.mul(inner(v), inner(v)))(x));

  test('is one operation on its result for TensorFlow', () => {
    const program = optimize(gradient(tf.relu), 'native');
    expect(kernels(program)).toEqual(['Relu', 'ReluGrad', 'Add']);
    const y = program.nodes.find(({ kernel }) => kernel === 'ReluGrad')?.inputs.y;
    expect(y).toEqual({ from: 'node', node: kernels(program).indexOf('Relu'), output: 0 });
    expect(kernels(optimize(gradient(tf.relu), 'wasm'))).not.toContain('ReluGrad');
  });

  test('stays a product where the step has a slope or another shape', () => {
    expect(
      kernels(
        optimize(
          gradient((x) => tf.leakyRelu(x, 0.1)),
          'native',
        ),
      ),
    ).not.toContain('ReluGrad');
    const broadcast = traced(({ x }) => tf.mul(tf.ones([5, 2, 3]), tf.mul(tf.fill([5, 2, 3], 2), tf.step(x))));
    expect(kernels(optimize(broadcast, 'native'))).not.toContain('ReluGrad');
  });
});

test('passes leave the program that they are given as it is', () => {
  const program = traced(({ x, w, b }) => tf.relu(tf.add(tf.matMul(tf.mul(x, 1), w), b)));
  const before = printProgram(program);
  optimize(program, 'wasm');
  expect(printProgram(program)).toBe(before);
});

test('optimizing twice changes nothing', () => {
  const program = traced(({ x, w, b }) => tf.grad((v: tf.Tensor) => tf.sum(tf.relu(tf.add(tf.matMul(v, w), b))))(x));
  const once = optimize(program, 'wasm');
  expect(printProgram(optimize(once, 'wasm'))).toBe(printProgram(once));
});
