import * as tf from '@tensorflow/tfjs-core';
import { ProgramError } from './errors';
import { runsOf, type Layout } from './tracing/layout';
import { TraceBackend, traceBackendName } from './tracing/backend';
import { asRows, placed } from './tracing/spread';

/** The gradients of all entries of a vector with respect to one tensor of shape S. */
export interface Jacobian {
  /**
   * How they lie in `value`: as rows [entries, ...S], for the entries that the layout names, in ascending order; or, where each
   * entry has a part of the tensor to itself, as a diagonal in S.
   */
  readonly layout: Layout;
  readonly value: tf.Tensor;
}

/**
 * Gradients of each entry of the vector of that length that `f` gives, with respect to each of `values`: undefined where nothing
 * depends on a value. Only while a step is traced. One forward and one backward pass serve all entries: what comes back
 * is spread over them only where their ways part, and what an entry has to itself costs what one gradient costs.
 * @throws ProgramError outside of a trace, or where the way back goes through a kernel that has no rule.
 */
export function jacobians(
  f: (...values: tf.Tensor[]) => tf.Tensor1D,
  length: number,
  values: readonly tf.Tensor[],
): readonly (Jacobian | undefined)[] {
  const engine = tf.engine();
  const backend = engine.backend;
  if (!(backend instanceof TraceBackend)) {
    throw new ProgramError(
      'trace/outside',
      `Jacobians are formed while a step is traced (backend ${traceBackendName}). Call jacobians within traceProgram.`,
    );
  }
  // Copies, so that a value that `f` returns as it is, or reads twice, is an input of its own.
  const inputs = values.map((value) => tf.mul(value, tf.scalar(1)));
  const entries = Array.from({ length }, (_, entry) => entry);
  const layout: Layout = { kind: 'diagonal', entries, axis: 0, block: 1 };
  const slope = backend.spread({ value: tf.ones([length]), shape: [length], layout });
  const { grads } = engine.gradients(() => f(...inputs), inputs, slope, true);
  return grads.map((gradient) => ((gradient as tf.Tensor | null) ? jacobian(backend, gradient) : undefined));
}

function jacobian(backend: TraceBackend, gradient: tf.Tensor): Jacobian | undefined {
  const { layout, ...operand } = backend.operandOf(gradient);
  // What is not spread are the zeros of a kernel without a slope.
  if (!layout || layout.entries.length === 0) return undefined;
  if (layout.kind === 'diagonal') return { layout, value: operand.value };
  const ascending = layout.entries.toSorted((left, right) => left - right);
  return placed({ ...operand, layout }, ascending);
}

/** One gradient after the other, for all entries of the vector: [length, ...S]. */
export function rowsOf({ value, layout }: Jacobian, shape: readonly number[], length: number): tf.Tensor {
  const entries = Array.from({ length }, (_, entry) => entry);
  return placed(asRows({ value, shape, layout }), entries).value;
}

/**
 * The gradient of a weighted sum of the vector's entries: of shape S.
 * @param weights One per entry of the vector.
 */
export function weightedSum({ value, layout }: Jacobian, shape: readonly number[], weights: tf.Tensor1D): tf.Tensor {
  const own = entriesOf(weights, layout.entries);
  if (layout.kind === 'rows') {
    const flat = tf.reshape(value, [layout.entries.length, -1]);
    return tf.reshape(tf.matMul(tf.reshape(own, [1, -1]), flat), [...shape]);
  }
  const { axis, block, entries } = layout;
  const behind = shape.slice(axis + 1);
  const apart = tf.reshape(value, [...shape.slice(0, axis), entries.length, block, ...behind]);
  const scale = tf.reshape(own, [entries.length, 1, ...behind.map(() => 1)]);
  return tf.reshape(tf.mul(apart, scale), [...shape]);
}

/** What is chosen of a vector; where nobody owns a place its first number, which meets a zero there. */
function entriesOf(vector: tf.Tensor1D, entries: readonly number[]): tf.Tensor1D {
  const chosen = entries.map((entry) => Math.max(entry, 0));
  const parts = runsOf(chosen).map(({ start, length }) => tf.slice(vector, [start], [length]));
  return parts.length === 1 ? parts[0] : tf.concat1d(parts);
}
