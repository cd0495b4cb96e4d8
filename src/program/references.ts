import type { Program, TensorSpec, Update, ValueRef } from './program';

/** Positions of a program's values in one array: inputs, state, constants, then the outputs of each node. */
export class Slots {
  readonly count: number;
  private readonly constants: number;
  private readonly state: number;
  private readonly nodes: readonly number[];

  constructor(program: Program) {
    this.state = program.inputs.length;
    this.constants = this.state + program.state.length;
    let next = this.constants + program.constants.length;
    this.nodes = program.nodes.map(({ outputs }) => {
      const first = next;
      next += outputs.length;
      return first;
    });
    this.count = next;
  }

  of(reference: ValueRef): number {
    switch (reference.from) {
      case 'input':
        return reference.index;
      case 'state':
        return this.state + reference.index;
      case 'constant':
        return this.constants + reference.index;
      case 'node':
        return this.nodes[reference.node] + reference.output;
    }
  }
}

export function specOf(program: Program, reference: ValueRef): TensorSpec {
  switch (reference.from) {
    case 'input':
      return program.inputs[reference.index].spec;
    case 'state':
      return { shape: program.state[reference.index].shape, dtype: 'float32' };
    case 'constant':
      return program.constants[reference.index].spec;
    case 'node':
      return program.nodes[reference.node].outputs[reference.output];
  }
}

/** The values that an update reads, apart from state that it also writes. */
export function updateReferences(update: Update): readonly ValueRef[] {
  return update.kind === 'assign' ? [update.value] : [update.gradient, update.learningRate];
}

/** What a program needs at its end: outputs, and what its updates read. */
export function resultReferences({ outputs, updates }: Program): readonly ValueRef[] {
  return [...outputs.map(({ value }) => value), ...updates.flatMap(updateReferences)];
}

/** Kernels whose result is the first input's data under another shape. */
export const aliasKernels: ReadonlySet<string> = new Set(['Reshape', 'ExpandDims', 'Identity']);

/** Whether a value shares its memory with a state tensor, so that an update may change it. */
export function liesInState(program: Program, reference: ValueRef): boolean {
  let current = reference;
  while (current.from === 'node') {
    const node = program.nodes[current.node];
    if (!aliasKernels.has(node.kernel) && node.kernel !== 'Cast') return false;
    current = Object.values(node.inputs)[0];
  }
  return current.from === 'state';
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
