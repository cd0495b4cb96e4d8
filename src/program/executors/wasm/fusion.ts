import type { Program, ProgramNode, ValueRef } from '../../program';
import { resultReferences, sizeOf, specOf } from '../../references';
import { floatOperations, logicalOperations, maskOperations, maskToFloat, reductions, select } from './operations';
import type { Operation } from './operations';

/** How a node is computed. Masks are bools that live in registers only, computed anew where they are needed. */
export type Role = 'float' | 'mask' | 'reduction' | 'other';

/** Which nodes are computed by loops of our own, and which of them within the loops of their only reader. */
export class Fusion {
  readonly roles: readonly Role[];
  /** Nodes whose values exist only within the loops of others. */
  readonly absorbed: readonly boolean[];
  private readonly readers: readonly (readonly number[])[];
  private readonly results: ReadonlySet<number>;

  constructor(private readonly program: Program) {
    const roles: Role[] = [];
    for (const node of program.nodes) roles.push(this.roleOf(node, roles));
    this.roles = roles;
    const readers = program.nodes.map((): number[] => []);
    program.nodes.forEach(({ inputs }, position) => {
      for (const reference of Object.values(inputs))
        if (reference.from === 'node') readers[reference.node].push(position);
    });
    this.readers = readers;
    const results = resultReferences(program).flatMap((reference) =>
      reference.from === 'node' ? [reference.node] : [],
    );
    this.results = new Set(results);
    const absorbed = program.nodes.map(() => false);
    for (let position = program.nodes.length - 1; position >= 0; position--) {
      absorbed[position] = this.canBeAbsorbed(position, absorbed);
    }
    this.absorbed = absorbed;
  }

  /** The operation of a node within loops. */
  operationOf(node: ProgramNode): Operation {
    if (node.kernel === 'Cast') return maskToFloat;
    if (node.kernel === 'Select') return select;
    return floatOperations[node.kernel] ?? maskOperations[node.kernel] ?? logicalOperations[node.kernel];
  }

  private roleOf({ kernel, inputs, outputs }: ProgramNode, roles: readonly Role[]): Role {
    const references = Object.values(inputs);
    const isMask = (reference: ValueRef) => reference.from === 'node' && roles[reference.node] === 'mask';
    const isFloat = (reference: ValueRef) => specOf(this.program, reference).dtype === 'float32';
    const [output] = outputs;
    if (sizeOf(output.shape) === 0) return 'other';
    if (output.dtype === 'bool') {
      if (Object.hasOwn(maskOperations, kernel) && references.every(isFloat)) return 'mask';
      return Object.hasOwn(logicalOperations, kernel) && references.every(isMask) ? 'mask' : 'other';
    }
    if (output.dtype !== 'float32') return 'other';
    if (kernel === 'Cast') return isMask(references[0]) ? 'float' : 'other';
    if (kernel === 'Select') {
      const [condition, ...values] = references;
      const sameRank = specOf(this.program, condition).shape.length === output.shape.length;
      return isMask(condition) && sameRank && values.every(isFloat) ? 'float' : 'other';
    }
    if (!references.every(isFloat)) return 'other';
    if (Object.hasOwn(floatOperations, kernel)) return 'float';
    return Object.hasOwn(reductions, kernel) && sizeOf(specOf(this.program, references[0]).shape) > 0
      ? 'reduction'
      : 'other';
  }

  /** Called from the last node to the first, so that the readers are decided. */
  private canBeAbsorbed(position: number, absorbed: readonly boolean[]): boolean {
    if (this.results.has(position)) return false;
    const { program, roles, readers } = this;
    const own = new Set(readers[position]);
    if (roles[position] === 'mask') {
      return [...own].every((reader) => roles[reader] === 'float' || (roles[reader] === 'mask' && absorbed[reader]));
    }
    if (roles[position] !== 'float' || own.size !== 1) return false;
    const [reader] = own;
    const grid = this.gridOf(program.nodes[reader], roles[reader]);
    return grid !== undefined && sizeOf(grid) === sizeOf(program.nodes[position].outputs[0].shape);
  }

  /** What a node's loops run over. */
  gridOf(node: ProgramNode, role: Role): readonly number[] | undefined {
    if (role === 'float') return node.outputs[0].shape;
    if (role === 'reduction') return specOf(this.program, Object.values(node.inputs)[0]).shape;
    return undefined;
  }
}
