import { ProgramError } from '../errors';
import type { DataType, ProgramNode, TensorSpec, TypedArray } from '../program';
import type { GraphBuilder } from './builder';
import { attribute, type Attribute } from './graph';

/** One input of a kernel: where it lies in the graph, and what it is. */
export interface Operand extends TensorSpec {
  readonly reference: string;
}

/**
 * A kernel call on its way into a graph. The methods add nodes under the program's name and give references to their
 * first outputs.
 */
export class KernelCall {
  readonly kernel: string;
  readonly attributes: ProgramNode['attributes'];
  readonly outputs: readonly TensorSpec[];

  /**
   * @param scope Put before the names of nodes.
   * @param freeSize See `ProgramGraphOptions.freeRows`.
   */
  constructor(
    private readonly builder: GraphBuilder,
    private readonly scope: string,
    node: ProgramNode,
    readonly operands: readonly Operand[],
    private readonly names: readonly string[],
    private readonly freeSize: number | undefined,
  ) {
    this.kernel = node.kernel;
    this.attributes = node.attributes;
    this.outputs = node.outputs;
  }

  /** The input of that name, if the call has it. */
  find(name: string): Operand | undefined {
    const position = this.names.indexOf(name);
    return position === -1 ? undefined : this.operands[position];
  }

  /** The input of that name; tfjs always gives it. */
  operand(name: string): Operand {
    const found = this.find(name);
    if (!found) throw new Error(`The kernel ${this.kernel} lacks its input ${name}.`);
    return found;
  }

  add(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.builder.add(`${this.scope}/${op}`, op, inputs, attributes);
  }

  constant(values: TypedArray, shape: readonly number[], dtype: DataType): string {
    return this.builder.constant(`${this.scope}/Const`, values, { shape, dtype });
  }

  ints(values: readonly number[]): string {
    return this.constant(Int32Array.from(values), [values.length], 'int32');
  }

  int(value: number): string {
    return this.constant(Int32Array.of(value), [], 'int32');
  }

  /** A scalar of a type. */
  scalar(value: number, dtype: DataType = 'float32'): string {
    return this.constant(scalarArrays[dtype](value), [], dtype);
  }

  cast({ reference, dtype }: Operand, to: DataType): string {
    if (dtype === to) return reference;
    return this.add('Cast', [reference], { SrcT: attribute.type(dtype), DstT: attribute.type(to) });
  }

  /** The same elements under another shape. */
  reshape(reference: string, shape: readonly number[], dtype: DataType): string {
    const attributes = { T: attribute.type(dtype), Tshape: attribute.type('int32') };
    return this.add('Reshape', [reference, this.ints(this.withFree(shape))], attributes);
  }

  /** A shape in which the dimension that grows with the rows is -1. */
  withFree(shape: readonly number[]): readonly number[] {
    const sizes = shape.map((size) => (this.isFree(size) ? -1 : size));
    if (sizes.filter((size) => size === -1).length > 1) throw this.fixedRows();
    return sizes;
  }

  isFree(size: number): boolean {
    return this.freeSize !== undefined && size > 0 && size % this.freeSize === 0;
  }

  /** To be called where a node would write down the shape of a tensor with as many rows as were traced. */
  refuseFree(shape: readonly number[]): void {
    if (shape.some((size) => this.isFree(size))) throw this.fixedRows();
  }

  private fixedRows(): ProgramError {
    return new ProgramError(
      'graph/fixed-rows',
      `The graph cannot take any number of rows: its kernel ${this.kernel} needs to know how many there are.`,
    );
  }
}

const scalarArrays: Readonly<Record<DataType, (value: number) => TypedArray>> = {
  float32: (value) => Float32Array.of(value),
  int32: (value) => Int32Array.of(value),
  bool: (value) => Uint8Array.of(value),
};
