import type { ProgramNode } from '../../program';
import type { Nest } from './nest';

/** Gives the address in bytes of a value; known once memory is laid out. */
export type AddressOf = (slot: number) => number;

/** One thing to do in a step. Slots are those that own memory. */
export type Unit =
  | {
      /** Loops of our own. */
      readonly kind: 'loops';
      readonly reads: readonly number[];
      readonly writes: readonly number[];
      nests(address: AddressOf): readonly Nest[];
    }
  | {
      /** A matrix product of our own, one per matrix of a batch. */
      readonly kind: 'product';
      readonly reads: readonly number[];
      readonly writes: readonly number[];
      readonly product: Product;
    }
  | {
      /** A kernel of tfjs. */
      readonly kind: 'kernel';
      readonly reads: readonly number[];
      readonly writes: readonly number[];
      readonly node: ProgramNode;
      /** Slots by the name of the input; aliases keep a slot of their own, for their shape. */
      readonly inputs: Readonly<Record<string, number>>;
      readonly outputs: readonly number[];
    };

export interface Product {
  readonly left: number;
  readonly right: number;
  readonly bias?: number;
  readonly output: number;
  readonly rows: number;
  readonly shared: number;
  readonly columns: number;
  /** For each product the positions of its matrices in the operands. */
  readonly batch: readonly { readonly left: number; readonly right: number }[];
}
