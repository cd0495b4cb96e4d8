import * as tf from '@tensorflow/tfjs-core';
import { ProgramError } from './errors';
import type { Program, StateSpec, TensorSpec, Update, ValueRef } from './program';
import { TraceBackend, traceBackendName } from './tracing/backend';

/** An update as a step writes it: state by name, values as tensors. See `Update` for the meaning. */
export type TracedUpdate =
  | { readonly kind: 'assign'; readonly state: string; readonly value: tf.Tensor }
  | {
      readonly kind: 'adam';
      readonly state: string;
      readonly gradient: tf.Tensor;
      readonly firstMoment: string;
      readonly secondMoment: string;
      readonly stepCount: string;
      readonly learningRate: tf.Tensor;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    }
  | {
      readonly kind: 'momentum';
      readonly state: string;
      readonly gradient: tf.Tensor;
      readonly velocity: string;
      readonly learningRate: tf.Tensor;
      readonly momentum: number;
      readonly weightDecay: number;
    };

/** What a step gives back: named outputs, and how the state changes. */
export interface StepResult {
  readonly outputs: Readonly<Record<string, tf.Tensor>>;
  readonly updates?: readonly TracedUpdate[];
}

export interface TraceOptions {
  readonly name: string;
  /** Values that are given anew at each run. */
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  /** Values that stay between runs: those that the step reads, and those that its updates name. */
  readonly state: readonly StateSpec[];
  /**
   * Plain tfjs code, gradients included. It is called once, so whatever it decides in TypeScript is decided for good:
   * a random number drawn in it, or a tensor from outside, is a constant of the program.
   */
  readonly step: (inputs: Record<string, tf.Tensor>, state: Record<string, tf.Tensor>) => StepResult;
}

/**
 * Runs a step once on tensors without values and writes down what it computes.
 * @throws ProgramError when the step reads a value, calls a kernel that is not known, or returns what it did not make.
 */
export function traceProgram(options: TraceOptions): Program {
  const engine = tf.engine();
  const previous = engine.backendName as string | null | undefined;
  if (previous === traceBackendName) {
    throw new ProgramError(
      'trace/nested',
      'A step cannot be traced inside the trace of another one. Trace them in turn.',
    );
  }
  const backend = new TraceBackend();
  engine.registerBackend(traceBackendName, () => backend, 0);
  try {
    void engine.setBackend(traceBackendName);
    return engine.tidy(() => runStep(backend, options) as never);
  } catch (error) {
    throw explained(error, options.name);
  } finally {
    backend.release();
    if (previous) void engine.setBackend(previous);
    engine.removeBackend(traceBackendName);
  }
}

function runStep(backend: TraceBackend, { name, inputs, state, step }: TraceOptions): Program {
  const inputList = Object.entries(inputs).map(([inputName, spec]) => ({ name: inputName, spec }));
  const inputTensors = inputList.map((input, index) => [
    input.name,
    backend.placeholder({ from: 'input', index }, input.spec),
  ]);
  const stateTensors = state.map((spec, index) => [
    spec.name,
    backend.placeholder({ from: 'state', index }, { shape: spec.shape, dtype: 'float32' }),
  ]);
  const result = step(
    Object.fromEntries(inputTensors) as Record<string, tf.Tensor>,
    Object.fromEntries(stateTensors) as Record<string, tf.Tensor>,
  );
  const outputs = Object.entries(result.outputs).map(([outputName, tensor]) => ({
    name: outputName,
    value: referenceOf(backend, tensor, `output ${outputName}`),
    spec: { shape: [...tensor.shape], dtype: tensor.dtype as TensorSpec['dtype'] },
  }));
  const updates = resolveUpdates(backend, state, result.updates ?? []);
  return { name, inputs: inputList, state, constants: backend.constants, nodes: backend.nodes, updates, outputs };
}

function referenceOf(backend: TraceBackend, tensor: tf.Tensor, what: string): ValueRef {
  if (tensor instanceof tf.Tensor) return backend.referenceOf(tensor);
  throw new ProgramError('trace/foreign-tensor', `The ${what} is not a tensor. Return the tensors of the step.`);
}

function resolveUpdates(
  backend: TraceBackend,
  state: readonly StateSpec[],
  updates: readonly TracedUpdate[],
): readonly Update[] {
  const positions = new Map(state.map(({ name }, index) => [name, index]));
  const written = new Set<number>();
  const find = (name: string): number => {
    const index = positions.get(name);
    if (index === undefined) throw badUpdate(`The update names the state "${name}", which the program does not have.`);
    return index;
  };
  const write = (name: string): number => {
    const index = find(name);
    if (written.has(index)) throw badUpdate(`The state "${name}" is updated twice in one step. Update it once.`);
    written.add(index);
    return index;
  };
  const value = (tensor: tf.Tensor, name: string, shape: readonly number[]): ValueRef => {
    if (
      !(tensor instanceof tf.Tensor) ||
      tensor.dtype !== 'float32' ||
      !tf.util.arraysEqual(tensor.shape, [...shape])
    ) {
      const found = tensor instanceof tf.Tensor ? `${tensor.dtype} [${tensor.shape.join(', ')}]` : String(tensor);
      throw badUpdate(
        `The update of "${name}" needs a float32 tensor of shape [${shape.join(', ')}], but got ${found}.`,
      );
    }
    return backend.referenceOf(tensor);
  };
  const resolved = updates.map((update): Update => {
    const index = write(update.state);
    const { shape } = state[index];
    switch (update.kind) {
      case 'assign':
        return { kind: 'assign', state: index, value: value(update.value, update.state, shape) };
      case 'adam':
        return {
          ...update,
          state: index,
          gradient: value(update.gradient, update.state, shape),
          firstMoment: write(update.firstMoment),
          secondMoment: write(update.secondMoment),
          stepCount: find(update.stepCount),
          learningRate: value(update.learningRate, update.state, []),
        };
      case 'momentum':
        return {
          ...update,
          state: index,
          gradient: value(update.gradient, update.state, shape),
          velocity: write(update.velocity),
          learningRate: value(update.learningRate, update.state, []),
        };
    }
  });
  for (const update of resolved) {
    if (update.kind === 'adam' && written.has(update.stepCount)) {
      throw badUpdate(
        `The step count "${state[update.stepCount].name}" of adam goes up by itself. Leave it out of the other updates.`,
      );
    }
  }
  return resolved;
}

function badUpdate(message: string): ProgramError {
  return new ProgramError('trace/bad-update', message);
}

/** Turns tfjs's message about an unknown kernel into ours. */
function explained(error: unknown, program: string): unknown {
  if (!(error instanceof Error)) return error;
  const kernel = new RegExp(`^Kernel '(.+)' not registered for backend '${traceBackendName}'`).exec(error.message)?.[1];
  if (kernel === undefined) return error;
  return new ProgramError(
    'trace/unknown-kernel',
    `The step of "${program}" calls the kernel ${kernel}, which the engine does not know. Write it with other operations.`,
  );
}
