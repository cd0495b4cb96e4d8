import type { DataType, TypedArray } from '../program';

/** Element types of a TensorFlow graph: those of programs, and handles to variables. */
export type GraphType = DataType | 'resource';

/** The value of a node's attribute, with its type in TensorFlow's protocol. */
export type Attribute =
  | { readonly kind: 'type'; readonly value: GraphType }
  | { readonly kind: 'shape'; readonly value: readonly number[] }
  | { readonly kind: 'int' | 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | {
      readonly kind: 'tensor';
      readonly dtype: DataType;
      readonly shape: readonly number[];
      readonly values: TypedArray;
    };

/** One operation of a TensorFlow graph: a NodeDef. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** `name` for a node's first output, `name:1` for its second, `^name` for one that only has to run before. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A tensor of a graph; a dimension of -1 may have any size. */
export interface GraphTensor {
  /** As in a node's inputs. */
  readonly reference: string;
  readonly dtype: DataType;
  readonly shape: readonly number[];
}

/** A way into a graph: what is given, and what is computed from it. */
export interface Signature {
  readonly name: string;
  readonly inputs: Readonly<Record<string, GraphTensor>>;
  readonly outputs: Readonly<Record<string, GraphTensor>>;
}

/** A TensorFlow graph, each node after those that it reads, and the ways into it. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly signatures: readonly Signature[];
}

/** Writers of attributes, named as TensorFlow's documentation names their types. */
export const attribute = {
  type: (value: GraphType): Attribute => ({ kind: 'type', value }),
  shape: (value: readonly number[]): Attribute => ({ kind: 'shape', value }),
  int: (value: number): Attribute => ({ kind: 'int', value }),
  float: (value: number): Attribute => ({ kind: 'float', value }),
  bool: (value: boolean): Attribute => ({ kind: 'bool', value }),
  string: (value: string): Attribute => ({ kind: 'string', value }),
  strings: (value: readonly string[]): Attribute => ({ kind: 'strings', value }),
} as const;
