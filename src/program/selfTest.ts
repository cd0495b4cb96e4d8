import * as tf from '@tensorflow/tfjs-core';
import type { EngineName } from './executor';
import { createExecutor } from './executors/create';
import { optimize } from './passes/optimize';
import { traceProgram } from './trace';

const rows = 4;
const columns = 3;
const steps = 20;
const learningRate = 0.1;
/** Rows of inputs, and what a line through them is to give. */
const inputs = [0.5, -1, 2, 1, 0.25, -0.5, -2, 1.5, 1, 0, -1, 0.75];
const targets = [1, -0.5, 2, 0.25];
/** How far float32 may be from the same steps in double precision. */
const tolerance = 1e-5;

/**
 * Trains a line for some steps, as a run would, and compares its weights with the same steps in plain arithmetic.
 * @returns The largest difference of a weight.
 * @throws ProgramError where the engine does not start; Error where its figures are wrong.
 */
export async function testEngine(engine: EngineName): Promise<number> {
  const executor = await createExecutor(engine, {
    programs: [optimize(tracedStep(), engine)],
    initialState: { weights: new Float32Array(columns) },
  });
  try {
    const values = { x: Float32Array.from(inputs), y: Float32Array.from(targets) };
    for (let step = 0; step < steps; step++) executor.run('step', values);
    const { weights } = executor.readState();
    const difference = Math.max(...expectedWeights().map((weight, index) => Math.abs(weight - weights[index])));
    if (difference <= tolerance) return difference;
    throw new Error(`The engine ${engine} computes wrong figures: a weight is off by ${difference}.`);
  } finally {
    executor.dispose();
  }
}

function tracedStep() {
  return traceProgram({
    name: 'step',
    inputs: { x: { shape: [rows, columns], dtype: 'float32' }, y: { shape: [rows, 1], dtype: 'float32' } },
    state: [{ name: 'weights', shape: [columns, 1] }],
    step: ({ x, y }, { weights }) => {
      const loss = (current: tf.Tensor) => tf.mean(tf.square(tf.sub(tf.matMul(x, current), y)));
      const value = tf.sub(weights, tf.mul(learningRate, tf.grad(loss)(weights)));
      return { outputs: { loss: loss(weights) }, updates: [{ kind: 'assign', state: 'weights', value }] };
    },
  });
}

/** Gradient descent on the mean squared error, written out. */
function expectedWeights(): readonly number[] {
  const weights = Array.from({ length: columns }, () => 0);
  const column = Array.from({ length: columns }, (_, index) => index);
  for (let step = 0; step < steps; step++) {
    const errors = targets.map(
      (target, row) => column.reduce((sum, index) => sum + inputs[row * columns + index] * weights[index], 0) - target,
    );
    for (const index of column) {
      const gradient = errors.reduce((sum, error, row) => sum + (2 / rows) * error * inputs[row * columns + index], 0);
      weights[index] -= learningRate * gradient;
    }
  }
  return weights;
}
