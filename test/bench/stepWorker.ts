import * as tf from '@tensorflow/tfjs-core';
import { createExecutor, optimize, traceProgram, type EngineName } from '../../src/program';
import { prefersOneDnn } from '../../src/training/oneDnn';
import { createProblem, type Problem } from './problem';
import type { StepOrder } from './shapes';
import type { Work } from './worker';

/** Steps compiled for an engine. */
export async function compiledSteps(engine: EngineName, order: StepOrder): Promise<Work> {
  const problem = createProblem(order);
  const programs = problem.steps.map(traceProgram);
  const executor = await createExecutor(engine, {
    programs: programs.map((program) => optimize(program, engine)),
    oneDnn: prefersOneDnn(programs[0], order.gradients),
    initialState: problem.state,
    threads: order.threads,
  });
  return timed(() => problem.run(executor));
}

/** Steps by eager tfjs on the WASM backend, with tfjs's own Adam. */
export async function eagerSteps(order: StepOrder): Promise<Work> {
  const problem = createProblem(order);
  // Compiling anything loads the backend.
  (await createExecutor('wasm', { programs: [], initialState: {} })).dispose();
  await tf.setBackend('wasm');
  const step = eagerStep(problem);
  return timed(() => tf.tidy(step));
}

function eagerStep({ parameters, state, loss }: Problem): () => number {
  const variables = parameters.map(({ name, shape }) => tf.variable(tf.tensor(state[name], [...shape]), true));
  const named = Object.fromEntries(parameters.map(({ name }, index) => [name, variables[index]]));
  const optimizer = tf.train.adam(0.001);
  return () => (optimizer.minimize(() => loss(named), true, variables) as tf.Scalar).dataSync()[0];
}

function timed(step: () => number): Work {
  return (count) => {
    const milliseconds = Array.from({ length: count }, () => {
      const start = performance.now();
      const loss = step();
      if (!Number.isFinite(loss)) throw new Error('The loss is not finite.');
      return performance.now() - start;
    });
    return Promise.resolve({ rows: { '': milliseconds } });
  };
}
