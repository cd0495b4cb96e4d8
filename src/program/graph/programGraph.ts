import { missingKernel, ProgramError } from '../errors';
import type { Program, ValueRef } from '../program';
import { resultReferences, sizeOf, specOf } from '../references';
import { GraphBuilder } from './builder';
import { KernelCall } from './calls';
import { attribute, type Graph, type GraphTensor, type Signature } from './graph';
import { kernelRules } from './kernels';

/** How a program's state lies in a graph: the reference to the value that a state tensor has before the step. */
export type StateReader = (state: number) => string;

export interface InferenceGraphOptions {
  /** Values of the program's state: they become constants of the graph. */
  readonly state: Readonly<Record<string, Float32Array>>;
  /** The signature's name; TensorFlow Serving looks for `serving_default`. */
  readonly signature?: string;
  /**
   * The number of rows that the program was traced with, where the graph is to take any number of them. It has to be a
   * number that no other size of the program is a multiple of: a prime far above the widths of layers.
   */
  readonly freeRows?: number;
}

/**
 * A program without updates as a graph of its own, which needs no variables.
 * @throws ProgramError where the graph cannot hold a kernel, where a state tensor has no value, or where the graph
 * cannot take any number of rows.
 */
export function inferenceGraph(program: Program, options: InferenceGraphOptions): Graph {
  const builder = new GraphBuilder();
  const read = (index: number) => {
    const { name, shape } = program.state[index];
    const values = Object.hasOwn(options.state, name) ? options.state[name] : undefined;
    if (values?.length === sizeOf(shape)) return builder.constant(name, values, { shape, dtype: 'float32' });
    throw new ProgramError('executor/bad-state', `The graph of ${program.name} lacks values of the state "${name}".`);
  };
  const { signature } = addProgram(builder, program, program.name, read, options.freeRows);
  return { nodes: builder.nodes, signatures: [{ ...signature, name: options.signature ?? 'serving_default' }] };
}

/** A program whose nodes are in a graph. */
export interface AddedProgram {
  /** With the outputs' values from before the updates. */
  readonly signature: Signature;
  /** The reference to any value of the program. */
  readonly resolve: (reference: ValueRef) => string;
}

/** Adds placeholders, constants and nodes of a program. Updates are another matter. */
export function addProgram(
  builder: GraphBuilder,
  program: Program,
  scope: string,
  read: StateReader,
  freeRows?: number,
): AddedProgram {
  const needed = new Set(
    valuesInUse(program).flatMap((reference) => (reference.from === 'state' ? reference.index : [])),
  );
  const free = (shape: readonly number[]) =>
    shape.map((size) => (freeRows !== undefined && size > 0 && size % freeRows === 0 ? -1 : size));
  const inputs = program.inputs.map(({ name, spec }): readonly [string, GraphTensor] => {
    const shape = free(spec.shape);
    const attributes = { dtype: attribute.type(spec.dtype), shape: attribute.shape(shape) };
    return [
      name,
      { reference: builder.add(`${scope}/${name}`, 'Placeholder', [], attributes), dtype: spec.dtype, shape },
    ];
  });
  const state = program.state.map((_, index) => (needed.has(index) ? read(index) : ''));
  const constants = program.constants.map(({ spec, values }) => builder.constant(`${scope}/Const`, values, spec));
  const nodes: (readonly string[])[] = [];
  const resolve = (reference: ValueRef): string => {
    switch (reference.from) {
      case 'input':
        return inputs[reference.index][1].reference;
      case 'state':
        return state[reference.index];
      case 'constant':
        return constants[reference.index];
      case 'node':
        return nodes[reference.node][reference.output];
    }
  };
  for (const node of program.nodes) {
    const rule = kernelRules.get(node.kernel);
    if (!rule) throw missingKernel(node.kernel, 'native');
    const operands = Object.values(node.inputs).map((reference) => ({
      ...specOf(program, reference),
      reference: resolve(reference),
    }));
    nodes.push(rule(new KernelCall(builder, scope, node, operands, Object.keys(node.inputs), freeRows)));
  }
  const outputs = program.outputs.map(({ name, value, spec }): readonly [string, GraphTensor] => [
    name,
    { reference: resolve(value), dtype: spec.dtype, shape: free(spec.shape) },
  ]);
  const signature = { name: program.name, inputs: Object.fromEntries(inputs), outputs: Object.fromEntries(outputs) };
  return { signature, resolve };
}

/** What nodes, updates and outputs of a program read. */
function valuesInUse(program: Program): readonly ValueRef[] {
  return [...program.nodes.flatMap(({ inputs }) => Object.values(inputs)), ...resultReferences(program)];
}
