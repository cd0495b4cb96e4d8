import type { Program, StateSpec } from '../program';
import { GraphBuilder } from './builder';
import { attribute, type Graph, type GraphTensor, type Signature } from './graph';
import { addProgram } from './programGraph';
import { addUpdates } from './updates';

/** Names of the signatures that a training graph has besides those of its programs. */
export const stateSignatures = {
  /** Takes every state tensor, by name, and keeps it. */
  write: 'state: write',
  /** Gives every state tensor, by name. */
  read: 'state: read',
} as const;

/** The one output of a signature that has nothing to tell. */
export const doneOutput = 'done';

const float = attribute.type('float32');

/**
 * Programs that share their state, as one graph: a signature for each, whose outputs are the values from before its
 * updates, and two to write and to read the state, which lies in variables.
 * @param state Every state tensor of the programs, once.
 */
export function trainingGraph(programs: readonly Program[], state: readonly StateSpec[]): Graph {
  const builder = new GraphBuilder();
  const variables = new Map(state.map((spec) => [spec.name, addVariable(builder, spec)]));
  return {
    signatures: [
      ...programs.map((program, index) => addTraining(builder, program, `program${index}`, variables)),
      addWriting(builder, state, variables),
      addReading(builder, state, variables),
    ],
    nodes: builder.nodes,
  };
}

function addVariable(builder: GraphBuilder, { name, shape }: StateSpec): string {
  const attributes = { dtype: float, shape: attribute.shape(shape), shared_name: attribute.string(name) };
  return builder.add(`variable/${name}`, 'VarHandleOp', [], { ...attributes, container: attribute.string('') });
}

function readVariable(builder: GraphBuilder, name: string, variable: string): string {
  return builder.add(name, 'ReadVariableOp', [variable], { dtype: float });
}

function addTraining(
  builder: GraphBuilder,
  program: Program,
  scope: string,
  variables: ReadonlyMap<string, string>,
): Signature {
  const variable = (index: number) => variables.get(program.state[index].name) as string;
  const values = new Map<number, string>();
  const read = (index: number) => {
    const value = values.get(index) ?? readVariable(builder, `${scope}/${program.state[index].name}`, variable(index));
    values.set(index, value);
    return value;
  };
  const { signature, resolve } = addProgram(builder, program, scope, read);
  const updates = addUpdates({ builder, program, scope, variable, read, resolve });
  return { ...signature, outputs: afterwards(builder, scope, signature.outputs, updates) };
}

/** Outputs that are given when the updates are done; at least one, so that there is something to ask for. */
function afterwards(
  builder: GraphBuilder,
  scope: string,
  outputs: Signature['outputs'],
  updates: readonly string[],
): Signature['outputs'] {
  const done = builder.add(
    `${scope}/updates`,
    'NoOp',
    updates.map((update) => `^${update}`),
  );
  const after = (name: string, tensor: GraphTensor): readonly [string, GraphTensor] => {
    const attributes = { T: attribute.type(tensor.dtype) };
    const inputs = [tensor.reference, `^${done}`];
    return [name, { ...tensor, reference: builder.add(`${scope}/output/${name}`, 'Identity', inputs, attributes) }];
  };
  const entries = Object.entries(outputs);
  if (entries.length > 0) return Object.fromEntries(entries.map(([name, tensor]) => after(name, tensor)));
  const reference = builder.constant(`${scope}/Const`, Int32Array.of(0), { shape: [], dtype: 'int32' });
  return Object.fromEntries([after(doneOutput, { reference, dtype: 'int32', shape: [] })]);
}

function addWriting(
  builder: GraphBuilder,
  state: readonly StateSpec[],
  variables: ReadonlyMap<string, string>,
): Signature {
  const scope = 'write';
  const written = state.map(({ name, shape }): { input: readonly [string, GraphTensor]; update: string } => {
    const attributes = { dtype: float, shape: attribute.shape(shape) };
    const reference = builder.add(`${scope}/${name}`, 'Placeholder', [], attributes);
    // What is fed lies in memory of JavaScript, which a variable must not keep.
    const copy = builder.add(`${scope}/DeepCopy`, 'DeepCopy', [reference], { T: float });
    const inputs = [variables.get(name) as string, copy];
    const update = builder.add(`${scope}/AssignVariableOp`, 'AssignVariableOp', inputs, { dtype: float });
    return { input: [name, { reference, dtype: 'float32', shape }], update };
  });
  const updates = written.map(({ update }) => update);
  return {
    name: stateSignatures.write,
    inputs: Object.fromEntries(written.map(({ input }) => input)),
    outputs: afterwards(builder, scope, {}, updates),
  };
}

function addReading(
  builder: GraphBuilder,
  state: readonly StateSpec[],
  variables: ReadonlyMap<string, string>,
): Signature {
  const outputs = state.map(({ name, shape }): readonly [string, GraphTensor] => {
    const reference = readVariable(builder, `read/${name}`, variables.get(name) as string);
    return [name, { reference, dtype: 'float32', shape }];
  });
  return { name: stateSignatures.read, inputs: {}, outputs: Object.fromEntries(outputs) };
}
