import type { TensorSpec, TypedArray } from '../program';
import { attribute, type Attribute, type GraphNode } from './graph';

/** Constants above this size are not compared with each other. */
const comparedSize = 64;

/** Collects the nodes of a graph. Names are unique; small constants that are equal become one node. */
export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  private readonly taken = new Map<string, number>();
  private readonly constants = new Map<string, string>();

  /**
   * Adds a node.
   * @param name What it is to be called; a number is put behind it where that name is taken.
   * @returns The reference to its first output.
   */
  add(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const unique = this.uniqueName(name);
    this.nodes.push({ name: unique, op, inputs, attributes });
    return unique;
  }

  constant(name: string, values: TypedArray, { dtype, shape }: TensorSpec): string {
    const key =
      values.length > comparedSize ? undefined : `${name} ${dtype} [${shape.join()}] ${printedValues(values)}`;
    const known = key === undefined ? undefined : this.constants.get(key);
    if (known !== undefined) return known;
    const value: Attribute = { kind: 'tensor', dtype, shape, values };
    const made = this.add(name, 'Const', [], { dtype: attribute.type(dtype), value });
    if (key !== undefined) this.constants.set(key, made);
    return made;
  }

  /** Letters, digits and `_.-/` stay; what TensorFlow does not take in a name becomes `_`. */
  private uniqueName(wanted: string): string {
    const legal = wanted.replace(/[^A-Za-z0-9_.\-/]/g, '_').replace(/^[^A-Za-z0-9.]/, '.');
    const key = legal.toLowerCase();
    const count = this.taken.get(key) ?? 0;
    this.taken.set(key, count + 1);
    return count === 0 ? legal : this.uniqueName(`${legal}_${count}`);
  }
}

function printedValues(values: TypedArray): string {
  return Array.from(values, (value) => (Object.is(value, -0) ? '-0' : value)).join();
}
