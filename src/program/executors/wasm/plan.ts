import type { Program, ProgramNode, ValueRef } from '../../program';
import { aliasKernels, sizeOf, Slots, specOf } from '../../references';
import { reducedAxes } from '../../tracing/shapes';
import { Fusion } from './fusion';
import { movementNests, movesData } from './movement';
import type { Nest, Operand } from './nest';
import { reductions } from './operations';
import { broadcastStrides, rowMajor } from './strides';
import type { AddressOf, Product, Unit } from './units';

/** What to do in one step, in order, and which values share the memory of others. */
export interface Plan {
  readonly slots: Slots;
  readonly units: readonly Unit[];
  /** For each slot the one that owns its memory: itself, but for reshapes. */
  readonly owner: readonly number[];
}

export function planUnits(program: Program): Plan {
  return new Planner(program).plan();
}

class Planner {
  private readonly slots: Slots;
  private readonly fusion: Fusion;
  private readonly owner: number[];

  constructor(private readonly program: Program) {
    this.slots = new Slots(program);
    this.fusion = new Fusion(program);
    this.owner = [...Array(this.slots.count).keys()];
  }

  plan(): Plan {
    const units: Unit[] = [];
    this.program.nodes.forEach((node, position) => {
      if (aliasKernels.has(node.kernel)) {
        this.owner[this.slotOf(position)] = this.ownerOf(Object.values(node.inputs)[0]);
      } else if (!this.fusion.absorbed[position]) {
        units.push(this.unitOf(node, position));
      }
    });
    return { slots: this.slots, units, owner: this.owner };
  }

  private unitOf(node: ProgramNode, position: number): Unit {
    const role = this.fusion.roles[position];
    if (role === 'float' || role === 'reduction') return this.loops(node, position);
    const floats = [...Object.values(node.inputs).map((reference) => specOf(this.program, reference)), ...node.outputs];
    if (floats.every(({ dtype, shape }) => dtype === 'float32' && sizeOf(shape) > 0)) {
      if (movesData(node.kernel)) return this.movement(node, position);
      const { transposeA, transposeB, activation } = node.attributes;
      const isPlain = !transposeA && !transposeB && (activation === undefined || activation === 'linear');
      if (isPlain && (node.kernel === 'BatchMatMul' || node.kernel === '_FusedMatMul'))
        return this.product(node, position);
    }
    const inputs = Object.fromEntries(
      Object.entries(node.inputs).map(([name, reference]) => [name, this.slots.of(reference)]),
    );
    const outputs = node.outputs.map((_, output) => this.slotOf(position, output));
    const reads = Object.values(node.inputs).map((reference) => this.ownerOf(reference));
    return { kind: 'kernel', node, inputs, outputs, reads, writes: outputs };
  }

  private movement(node: ProgramNode, position: number): Unit {
    const references = Object.values(node.inputs);
    const specs = references.map((reference) => specOf(this.program, reference));
    const reads = references.map((reference) => this.ownerOf(reference));
    const writes = node.outputs.map((_, output) => this.slotOf(position, output));
    return {
      kind: 'loops',
      reads,
      writes,
      nests: (address) => movementNests(node, specs, reads.map(address), writes.map(address)),
    };
  }

  private product(node: ProgramNode, position: number): Unit {
    const { a, b, bias } = node.inputs as { a: ValueRef; b: ValueRef; bias?: ValueRef };
    const [left, right] = [a, b].map((reference) => specOf(this.program, reference).shape);
    const batchShape = node.outputs[0].shape.slice(0, -2);
    const [leftStrides, rightStrides] = [left, right].map((shape) => broadcastStrides(shape.slice(0, -2), batchShape));
    const outStrides = rowMajor(batchShape);
    const batch = Array.from({ length: sizeOf(batchShape) }, (_, index) => {
      const at = batchShape.map((size, dimension) => Math.floor(index / outStrides[dimension]) % size);
      const along = (strides: readonly number[]) =>
        at.reduce((sum, step, dimension) => sum + step * strides[dimension], 0);
      return { left: along(leftStrides), right: along(rightStrides) };
    });
    const product: Product = {
      left: this.ownerOf(a),
      right: this.ownerOf(b),
      ...(bias && { bias: this.ownerOf(bias) }),
      output: this.slotOf(position),
      rows: left[left.length - 2],
      shared: left[left.length - 1],
      columns: right[right.length - 1],
      batch,
    };
    const reads = [product.left, product.right, ...(product.bias === undefined ? [] : [product.bias])];
    return { kind: 'product', product, reads, writes: [product.output] };
  }

  /** The loops of a node, and of all nodes that are computed within them. */
  private loops(node: ProgramNode, position: number): Unit {
    const role = this.fusion.roles[position];
    const grid = this.fusion.gridOf(node, role) as readonly number[];
    const leaves = new Leaves(this.program, (reference) => this.ownerOf(reference), grid);
    const members = this.members(position, leaves);
    const output = this.slotOf(position);
    const reduces = role === 'reduction';
    const inputOf = (reference: ValueRef) => (this.inLoops(reference) ? undefined : leaves.add(reference));
    if (reduces) inputOf(Object.values(node.inputs)[0]);
    const compute: Nest['compute'] = (body, inputs) => {
      const locals = new Map<number, number>();
      const localOf = (reference: ValueRef): number =>
        (reference.from === 'node' ? locals.get(reference.node) : undefined) ?? inputs[leaves.add(reference)];
      for (const member of members) {
        const current = this.program.nodes[member];
        this.fusion.operationOf(current)(body, Object.values(current.inputs).map(localOf), current);
        if (member === position) return;
        const local = body.local('v128');
        body.set(local);
        locals.set(member, local);
      }
      body.get(localOf(Object.values(node.inputs)[0]));
    };
    return {
      kind: 'loops',
      reads: leaves.owners,
      writes: [output],
      nests: (address) => [
        { sizes: grid, inputs: leaves.operands(address), compute, ...this.target(node, reduces, address(output)) },
      ],
    };
  }

  private target(node: ProgramNode, reduces: boolean, address: number): Pick<Nest, 'output' | 'reduced'> {
    if (!reduces) return { output: { address, strides: rowMajor(node.outputs[0].shape) } };
    const { shape } = specOf(this.program, Object.values(node.inputs)[0]);
    const axes = reducedAxes(shape, node.attributes);
    const dimensions = shape.map((_, dimension) => axes.includes(dimension));
    const kept = rowMajor(shape.map((size, dimension) => (dimensions[dimension] ? 1 : size)));
    const strides = kept.map((stride, dimension) => (dimensions[dimension] ? 0 : stride));
    const count = sizeOf(shape.filter((_, dimension) => dimensions[dimension]));
    const { start, join } = reductions[node.kernel];
    const divisor = node.kernel === 'Mean' ? count : 1;
    return { output: { address, strides }, reduced: { dimensions, start, join, divisor } };
  }

  /** The nodes that are computed in the loops of `root`, in order; what they read from memory becomes a leaf. */
  private members(root: number, leaves: Leaves): readonly number[] {
    const found = new Set<number>();
    const pending = [root];
    for (let position = pending.pop(); position !== undefined; position = pending.pop()) {
      if (found.has(position)) continue;
      found.add(position);
      for (const reference of Object.values(this.program.nodes[position].inputs)) {
        if (this.inLoops(reference)) pending.push((reference as { node: number }).node);
        else leaves.add(reference);
      }
    }
    if (this.fusion.roles[root] === 'reduction') found.delete(root);
    return [...found].sort((left, right) => left - right);
  }

  private inLoops(reference: ValueRef): boolean {
    if (reference.from !== 'node') return false;
    return this.fusion.absorbed[reference.node] || this.fusion.roles[reference.node] === 'mask';
  }

  private slotOf(node: number, output = 0): number {
    return this.slots.of({ from: 'node', node, output });
  }

  private ownerOf(reference: ValueRef): number {
    return this.owner[this.slots.of(reference)];
  }
}

/** What loops read from memory, each distinct operand once. */
class Leaves {
  readonly owners: number[] = [];
  private readonly strides: (readonly number[])[] = [];
  private readonly positions = new Map<string, number>();

  constructor(
    private readonly program: Program,
    private readonly ownerOf: (reference: ValueRef) => number,
    private readonly grid: readonly number[],
  ) {}

  /** The position of the operand among the inputs of the loops. */
  add(reference: ValueRef): number {
    const strides = this.isUniform(reference)
      ? this.grid.map(() => 0)
      : broadcastStrides(specOf(this.program, reference).shape, this.grid);
    const owner = this.ownerOf(reference);
    const key = `${owner} ${strides.join()}`;
    const known = this.positions.get(key);
    if (known !== undefined) return known;
    this.positions.set(key, this.owners.length);
    this.owners.push(owner);
    this.strides.push(strides);
    return this.owners.length - 1;
  }

  operands(address: AddressOf): readonly Operand[] {
    return this.owners.map((owner, index) => ({ address: address(owner), strides: this.strides[index] }));
  }

  private isUniform(reference: ValueRef): boolean {
    if (reference.from !== 'constant') return false;
    const { values } = this.program.constants[reference.index];
    return values.every((value) => value === values[0]);
  }
}
