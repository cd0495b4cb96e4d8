import * as tf from '@tensorflow/tfjs-core';
import {
  createExecutor,
  optimize,
  traceProgram,
  type EngineName,
  type Program,
  type StateSpec,
  type TensorSpec,
  type TypedArray,
} from '../../src/program';
import { createRandom } from '../../src/common/random';
import { loadTensorflow } from '../../src/program/executors/native/tensorflow';

/** Why the native engine cannot be tested here; undefined where it can. */
export const nativeProblem = ((): string | undefined => {
  try {
    loadTensorflow();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
})();

/** What a test of the native engine is called: with the reason, where it is skipped. */
export const nativeTitle = (title: string): string =>
  nativeProblem === undefined ? title : `${title} (skipped: ${nativeProblem})`;

export const engines: readonly EngineName[] = [
  ...(nativeProblem === undefined ? (['native'] as const) : []),
  'wasm',
  'cpu',
];

/** Every engine for tables of tests, with the native one named as skipped where it is absent. */
export const engineCases: readonly {
  readonly engine: EngineName;
  readonly title: string;
  readonly skipped: boolean;
}[] = [
  { engine: 'native', title: nativeTitle('native'), skipped: nativeProblem !== undefined },
  { engine: 'wasm', title: 'wasm', skipped: false },
  { engine: 'cpu', title: 'cpu', skipped: false },
];

export const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });

export type Tensors = Record<string, tf.Tensor>;
export type StepFunction = (inputs: Tensors) => tf.Tensor | readonly tf.Tensor[];

/** Traces a function of inputs; its results are the outputs 0, 1 and so on. */
export function traceFunction(inputs: Readonly<Record<string, TensorSpec>>, step: StepFunction): Program {
  return traceProgram({
    name: 'function',
    inputs,
    state: [],
    step: (tensors) => ({ outputs: Object.fromEntries(listed(step(tensors)).map((tensor, index) => [index, tensor])) }),
  });
}

function listed(result: tf.Tensor | readonly tf.Tensor[]): readonly tf.Tensor[] {
  return result instanceof tf.Tensor ? [result] : result;
}

/** Values between -2 and 2 that are the same at each call; whole numbers for int32, 0 or 1 for bool. */
export function valuesFor(inputs: Readonly<Record<string, TensorSpec>>): Record<string, TypedArray> {
  return Object.fromEntries(Object.entries(inputs).map(([name, spec]) => [name, randomValues(name, spec)]));
}

function randomValues(name: string, { shape, dtype }: TensorSpec): TypedArray {
  const random = createRandom(11, name);
  const size = tf.util.sizeFromShape([...shape]);
  switch (dtype) {
    case 'float32':
      return Float32Array.from({ length: size }, () => 4 * random.uniform() - 2);
    case 'int32':
      return Int32Array.from({ length: size }, () => Math.floor(3 * random.uniform()));
    case 'bool':
      return Uint8Array.from({ length: size }, () => (random.uniform() < 0.5 ? 0 : 1));
  }
}

/** What eager tfjs computes on its own CPU backend. */
export async function runEager(
  inputs: Readonly<Record<string, TensorSpec>>,
  values: Readonly<Record<string, TypedArray>>,
  step: StepFunction,
): Promise<TypedArray[]> {
  await createExecutor('cpu', { programs: [], initialState: {} });
  await tf.setBackend('cpu');
  const results: TypedArray[] = [];
  tf.tidy(() => {
    const tensors = Object.entries(inputs).map(([name, { shape, dtype }]) => [
      name,
      tf.tensor(values[name], [...shape], dtype),
    ]);
    for (const tensor of listed(step(Object.fromEntries(tensors) as Tensors)))
      results.push(tensor.dataSync<'float32'>());
  });
  return results;
}

/** What the program computes on an engine, each result in a copy. */
export async function runProgram(
  program: Program,
  engine: EngineName,
  values: Readonly<Record<string, TypedArray>>,
): Promise<TypedArray[]> {
  const executor = await createExecutor(engine, { programs: [program], initialState: {} });
  // Twice: the second run finds what the first has left behind.
  executor.run(program.name, values);
  const results = Object.values(executor.run(program.name, values)).map((array) => array.slice());
  executor.dispose();
  return results;
}

export const variants: readonly { engine: EngineName; optimized: boolean }[] = engines.flatMap((engine) => [
  { engine, optimized: false },
  { engine, optimized: true },
]);

export function prepared(program: Program, { engine, optimized }: (typeof variants)[number]): Program {
  return optimized ? optimize(program, engine) : program;
}

/** Asserts nearness in float32; NaN and infinities must agree exactly. Returns the first difference as text. */
export function difference(found: TypedArray, wanted: TypedArray, tolerance = 2e-5): string | undefined {
  if (found.length !== wanted.length) return `${found.length} numbers instead of ${wanted.length}`;
  for (let index = 0; index < wanted.length; index++) {
    const [left, right] = [found[index], wanted[index]];
    if (Object.is(left, right) || left === right) continue;
    const close = Math.abs(left - right) <= tolerance * Math.max(1, Math.abs(right));
    if (!close) return `${left} instead of ${right} at ${index}`;
  }
  return undefined;
}

export function zeros(state: readonly StateSpec[]): Record<string, Float32Array> {
  return Object.fromEntries(
    state.map(({ name, shape }) => [name, new Float32Array(tf.util.sizeFromShape([...shape]))]),
  );
}
