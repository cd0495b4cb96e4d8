import type { Program, ProgramNode, TensorSpec, TypedArray, Update, ValueRef } from '../program';

export type Constant = Program['constants'][number];

/** A program while a pass writes it anew, node by node. */
export class Editor {
  readonly nodes: ProgramNode[] = [];
  readonly constants: Constant[];

  constructor(private readonly program: Program) {
    this.constants = [...program.constants];
  }

  /** Adds a node; one reference per output. */
  emit(node: ProgramNode): readonly ValueRef[] {
    this.nodes.push(node);
    return node.outputs.map((_, output) => ({ from: 'node', node: this.nodes.length - 1, output }));
  }

  addConstant(values: TypedArray, spec: TensorSpec): ValueRef {
    this.constants.push({ values, spec });
    return { from: 'constant', index: this.constants.length - 1 };
  }

  nodeOf(reference: ValueRef): ProgramNode | undefined {
    return reference.from === 'node' ? this.nodes[reference.node] : undefined;
  }

  constantOf(reference: ValueRef): Constant | undefined {
    return reference.from === 'constant' ? this.constants[reference.index] : undefined;
  }

  specOf(reference: ValueRef): TensorSpec {
    switch (reference.from) {
      case 'input':
        return this.program.inputs[reference.index].spec;
      case 'state':
        return { shape: this.program.state[reference.index].shape, dtype: 'float32' };
      case 'constant':
        return this.constants[reference.index].spec;
      case 'node':
        return this.nodes[reference.node].outputs[reference.output];
    }
  }
}

/**
 * What a pass does with a node, whose inputs already refer to the new program: the values that stand for its outputs,
 * or undefined to keep it.
 */
export type Visit = (node: ProgramNode, editor: Editor, position: number) => readonly ValueRef[] | undefined;

/** Writes a program anew, each node as `visit` says. */
export function rebuild(program: Program, visit: Visit): Program {
  const editor = new Editor(program);
  const replaced: (readonly ValueRef[])[] = [];
  const resolve = (reference: ValueRef): ValueRef =>
    reference.from === 'node' ? replaced[reference.node][reference.output] : reference;
  program.nodes.forEach((node, position) => {
    const moved = { ...node, inputs: mapInputs(node.inputs, resolve) };
    replaced.push(visit(moved, editor, position) ?? editor.emit(moved));
  });
  return withReferences({ ...program, nodes: editor.nodes, constants: editor.constants }, resolve);
}

/** The program with other references in its updates and outputs. */
export function withReferences(program: Program, resolve: (reference: ValueRef) => ValueRef): Program {
  return {
    ...program,
    updates: program.updates.map((update) => mapUpdate(update, resolve)),
    outputs: program.outputs.map((output) => ({ ...output, value: resolve(output.value) })),
  };
}

export function mapInputs(
  inputs: ProgramNode['inputs'],
  resolve: (reference: ValueRef) => ValueRef,
): ProgramNode['inputs'] {
  return Object.fromEntries(Object.entries(inputs).map(([name, reference]) => [name, resolve(reference)]));
}

function mapUpdate(update: Update, resolve: (reference: ValueRef) => ValueRef): Update {
  if (update.kind === 'assign') return { ...update, value: resolve(update.value) };
  return { ...update, gradient: resolve(update.gradient), learningRate: resolve(update.learningRate) };
}

/** How often each output of each node is read: by nodes, updates and outputs. */
export function countUses(program: Program, results: readonly ValueRef[]): readonly (readonly number[])[] {
  const uses = program.nodes.map(({ outputs }) => outputs.map(() => 0));
  const count = (reference: ValueRef) => {
    if (reference.from === 'node') uses[reference.node][reference.output] += 1;
  };
  for (const { inputs } of program.nodes) Object.values(inputs).forEach(count);
  results.forEach(count);
  return uses;
}
