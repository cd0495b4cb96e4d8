import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { describe, expect, test } from 'vitest';
import {
  createExecutor,
  jacobians,
  optimize,
  rowsOf,
  traceProgram,
  weightedSum,
  type Layout,
  type TensorSpec,
} from '../../src/program';
import { createRandom } from '../../src/common/random';
import { sizeOf } from '../../src/model/parameters';
import { difference, engines, float } from './support';

type Vector = (...values: tf.Tensor[]) => tf.Tensor1D;

interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly length: number;
  readonly f: Vector;
  /** How the gradients at each value lie; `none` where nothing depends on it. */
  readonly layouts: readonly (Layout['kind'] | 'none')[];
}

const sumLast = (x: tf.Tensor) => tf.sum<tf.Tensor1D>(x, -1);

const cases: Readonly<Record<string, Case>> = {
  'entries with a part each': {
    shapes: [[3, 4]],
    length: 3,
    f: (x) => sumLast(tf.square(x)),
    layouts: ['diagonal'],
  },
  'entries that read the same': {
    shapes: [[4], [3, 4]],
    length: 3,
    f: (x, scales) => sumLast(tf.mul(tf.square(x), scales)),
    layouts: ['rows', 'diagonal'],
  },
  'heads beside each other behind one layer': {
    shapes: [
      [5, 2],
      [2, 4],
      [4, 6],
    ],
    length: 3,
    f: (x, trunk, heads) => {
      const entered = tf.matMul(tf.tanh(tf.matMul(x as tf.Tensor2D, trunk as tf.Tensor2D)), heads);
      return tf.sum(tf.square(tf.reshape(entered, [5, 3, 2])), [0, 2]);
    },
    layouts: ['rows', 'rows', 'diagonal'],
  },
  'heads of one output': {
    shapes: [
      [5, 2],
      [2, 3],
    ],
    length: 3,
    f: (x, heads) => tf.sum(tf.square(tf.matMul(x as tf.Tensor2D, heads as tf.Tensor2D)), 0),
    layouts: ['rows', 'diagonal'],
  },
  'transposed operands': {
    shapes: [
      [2, 5],
      [4, 2],
      [3, 4],
    ],
    length: 3,
    f: (x, trunk, heads) => {
      const hidden = tf.elu(tf.matMul(x as tf.Tensor2D, trunk as tf.Tensor2D, true, true));
      return tf.sum(tf.square(tf.matMul(hidden, heads as tf.Tensor2D, false, true)), 0);
    },
    layouts: ['rows', 'rows', 'diagonal'],
  },
  'a matrix for each entry': {
    shapes: [
      [3, 5, 2],
      [3, 2, 4],
      [2, 2],
    ],
    length: 3,
    f: (x, own, common) => {
      const hidden = tf.matMul(tf.reshape(x, [15, 2]), common);
      return tf.sum(tf.square(tf.matMul(tf.reshape(hidden, [3, 5, 2]), own)), [1, 2]);
    },
    layouts: ['diagonal', 'diagonal', 'rows'],
  },
  'mixtures by row': {
    shapes: [
      [3, 5, 2],
      [2, 5, 4],
    ],
    length: 3,
    f: (gates, experts) => {
      const mixed = tf.matMul(tf.transpose(gates, [1, 0, 2]), tf.transpose(experts, [1, 0, 2]));
      return tf.sum(tf.square(mixed), [0, 2]);
    },
    layouts: ['diagonal', 'rows'],
  },
  'groups whose places are mixed': {
    shapes: [[3, 4], [4]],
    length: 3,
    f: (x, y) => {
      const [first, second, third] = [0, 1, 2].map((row) => tf.slice(x, [row, 0], [1, 4]));
      const outer = tf.sum<tf.Tensor1D>(tf.square(tf.concat([first, third], 0)), 1);
      const inner = tf.sum<tf.Tensor1D>(tf.mul(tf.square(second), y), 1);
      return tf.concat1d([outer, inner]);
    },
    layouts: ['diagonal', 'rows'],
  },
  'a value that one entry alone reads, and one that none does': {
    shapes: [[2], [3], [4]],
    length: 2,
    f: (x, y) => tf.stack([tf.sum(tf.square(x)), tf.sum(tf.mul(tf.slice(y, [1], [2]), 3))]) as tf.Tensor1D,
    layouts: ['rows', 'rows', 'none'],
  },
  'softmax, logarithms, splits and joins': {
    shapes: [[3, 6], [6]],
    length: 3,
    f: (x, y) => {
      const [left, right] = tf.split(tf.logSoftmax(tf.add(x, y)), [2, 4], 1);
      return sumLast(tf.mul(tf.concat([tf.neg(right), tf.sqrt(tf.exp(left))], 1), tf.softplus(y)));
    },
    layouts: ['diagonal', 'rows'],
  },
  'values held within bounds': {
    shapes: [[3, 4], [4]],
    length: 3,
    f: (x, y) => sumLast(tf.abs(tf.sub(tf.clipByValue(x, -0.5, 0.5), tf.maximum(y, tf.scalar(0.1))))),
    layouts: ['diagonal', 'rows'],
  },
  'a middle axis summed away': {
    shapes: [
      [2, 3, 4],
      [2, 1, 4],
    ],
    length: 3,
    f: (x, y) => tf.sum<tf.Tensor1D>(tf.square(tf.sub(x, y)), [0, 2]),
    layouts: ['diagonal', 'rows'],
  },
  'one entry': {
    shapes: [
      [2, 3],
      [3, 2],
    ],
    length: 1,
    f: (x, y) => tf.reshape(tf.sum(tf.square(tf.matMul(x as tf.Tensor2D, y as tf.Tensor2D))), [1]),
    layouts: ['rows', 'rows'],
  },
};

function valuesOf({ shapes }: Case): Float32Array[] {
  const random = createRandom(7, 'jacobian');
  return shapes.map((shape) => Float32Array.from({ length: sizeOf(shape) }, () => random.normal()));
}

/** One gradient after the other by eager tfjs, one row for each entry. */
async function reference({ shapes, length, f }: Case, values: readonly Float32Array[]): Promise<number[][]> {
  await tf.setBackend('cpu');
  return shapes.map((_, position) =>
    tf.tidy(() => {
      const tensors = shapes.map((shape, index) => tf.tensor(values[index], [...shape]));
      return Array.from({ length }, (__, entry) => entry).flatMap((entry) => {
        const one = (value: tf.Tensor) => {
          const all = tensors.map((tensor, index) => (index === position ? value : tensor));
          // What no entry reads has a gradient of zero all the same.
          return tf.add(tf.sum(tf.slice(f(...all), [entry], [1])), tf.mul(tf.sum(value), 0));
        };
        return [...tf.grad(one)(tensors[position]).dataSync()];
      });
    }),
  );
}

function inputsOf({ shapes }: Case): Record<string, TensorSpec> {
  return Object.fromEntries(shapes.map((shape, index) => [`v${index}`, float(...shape)]));
}

describe.each(engines)('on %s', (engine) => {
  test.each(Object.entries(cases))('%s', async (_, one) => {
    const values = valuesOf(one);
    const layouts: string[] = [];
    const weights = Float32Array.from({ length: one.length }, (__, entry) => 0.5 + entry);
    const program = traceProgram({
      name: 'jacobian',
      inputs: { ...inputsOf(one), weights: float(one.length) },
      state: [],
      step: ({ weights: given, ...inputs }) => {
        const tensors = one.shapes.map((__, index) => inputs[`v${index}`]);
        const outputs: Record<string, tf.Tensor> = {};
        jacobians(one.f, one.length, tensors).forEach((jacobian, index) => {
          layouts.push(jacobian?.layout.kind ?? 'none');
          if (!jacobian) return;
          outputs[`rows ${index}`] = rowsOf(jacobian, one.shapes[index], one.length);
          outputs[`sum ${index}`] = weightedSum(jacobian, one.shapes[index], given as tf.Tensor1D);
        });
        return { outputs };
      },
    });
    expect(layouts).toEqual(one.layouts);
    const executor = await createExecutor(engine, { programs: [optimize(program, engine)], initialState: {} });
    const given = Object.fromEntries(values.map((value, index) => [`v${index}`, value]));
    const found = executor.run('jacobian', { ...given, weights });
    const copies = Object.fromEntries(Object.entries(found).map(([name, array]) => [name, array.slice()]));
    executor.dispose();
    (await reference(one, values)).forEach((rows, index) => {
      if (one.layouts[index] === 'none') return expect(Math.max(...rows.map(Math.abs))).toBe(0);
      expect(difference(copies[`rows ${index}`], Float32Array.from(rows))).toBeUndefined();
      const size = rows.length / one.length;
      const sum = Float32Array.from({ length: size }, (__, cell) =>
        weights.reduce((total, weight, entry) => total + weight * rows[entry * size + cell], 0),
      );
      expect(difference(copies[`sum ${index}`], sum)).toBeUndefined();
    });
  });
});

test('what entries have to themselves costs one gradient, however many entries there are', () => {
  const shapes = [
    [50, 8, 4],
    [50, 4, 4],
  ];
  const program = traceProgram({
    name: 'own',
    inputs: { x: float(...shapes[0]), own: float(...shapes[1]) },
    state: [],
    step: ({ x, own }) => {
      const f: Vector = (value) => tf.sum(tf.square(tf.matMul(x, value)), [1, 2]);
      const [jacobian] = jacobians(f, 50, [own]);
      return { outputs: { gradients: jacobian!.value } };
    },
  });
  expect(program.outputs[0].spec.shape).toEqual(shapes[1]);
  const largest = Math.max(...program.nodes.flatMap(({ outputs }) => outputs.map(({ shape }) => sizeOf(shape))));
  expect(largest).toBe(50 * 8 * 4);
});

test('outside of a trace there is a clear error', () => {
  expect(() => jacobians((x) => tf.sum(x, 0), 2, [tf.ones([3, 2])])).toThrow(/while a step is traced/);
});

test('a kernel without a rule is named', () => {
  const trace = () =>
    traceProgram({
      name: 'reversed',
      inputs: { x: float(2, 3) },
      state: [],
      step: ({ x }) => ({
        outputs: { all: jacobians((value) => tf.sum(tf.square(tf.reverse(value, 1)), 1), 2, [x])[0]!.value },
      }),
    });
  expect(trace).toThrow(/kernel Reverse/);
});
