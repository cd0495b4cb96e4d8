import * as tf from '@tensorflow/tfjs-core';
import type { Diagonal } from './layout';
import { asRows, blocksFirst, type Spread } from './spread';
import type { Operand, SpreadRule } from './spreadRules';

/** Which operand of a product, and whether the product reads it transposed. */
interface Side {
  readonly operand: Operand;
  readonly transposed: boolean;
  /** The axis that the product sums over. */
  readonly contracted: number;
}

/** A matrix product of a spread operand and one that is the same for all entries. */
export const spreadProduct: SpreadRule = ({ a, b }, { transposeA, transposeB }, [shape]) => {
  const rank = shape.length;
  if (a.shape.length !== rank || b.shape.length !== rank) return undefined;
  const left = side(a, Boolean(transposeA), rank - (transposeA ? 2 : 1));
  const right = side(b, Boolean(transposeB), rank - (transposeB ? 1 : 2));
  if (a.layout && !b.layout) return [product(a, left, right, shape)];
  if (b.layout && !a.layout) return [product(b, left, right, shape)];
  return undefined;
};

function side(operand: Operand, transposed: boolean, contracted: number): Side {
  return { operand, transposed, contracted };
}

function product(spread: Spread, left: Side, right: Side, shape: readonly number[]): Spread {
  const { layout } = spread;
  const own = left.operand === spread ? left : right;
  if (layout.kind === 'diagonal') {
    if (layout.axis === own.contracted) {
      const rows = contractedDiagonal(left, right, layout);
      if (rows) return { value: rows, shape, layout: { kind: 'rows', entries: layout.entries } };
    } else {
      const free = shape.length - (own === left ? 2 : 1);
      const axis = layout.axis < shape.length - 2 ? layout.axis : free;
      if (shape[axis] === spread.shape[layout.axis]) {
        return { value: matrixProduct(left, right), shape, layout: { ...layout, axis } };
      }
    }
  }
  const rows = asRows(spread);
  const entries = rows.layout.entries.length;
  const value =
    own === left
      ? tf.reshape(rowsOnTheLeft(rows.value, left, right), [entries, ...shape])
      : rowsOnTheRight(rows.value, left, right);
  return { value, shape, layout: rows.layout };
}

function matrixProduct(left: Side, right: Side): tf.Tensor {
  return tf.matMul(left.operand.value, right.operand.value, left.transposed, right.transposed);
}

/**
 * Where the sum runs over the diagonal's axis, each entry has its own block of the sum: a product of the blocks.
 * @returns [entries, ...shape], or undefined where the blocks are not one to one with entries.
 */
function contractedDiagonal(left: Side, right: Side, layout: Diagonal): tf.Tensor | undefined {
  const blocks = ({ operand, contracted }: Side) =>
    blocksFirst({ ...operand, layout: { ...layout, axis: contracted } });
  const [a, b] = [blocks(left), blocks(right)];
  if (!a || !b) return undefined;
  if (layout.block > 1) return tf.matMul(a, b, left.transposed, right.transposed);
  // Blocks of one: an outer product, for which a multiplication that is broadcast does.
  return tf.mul(left.transposed ? swapLast(a) : a, right.transposed ? swapLast(b) : b);
}

/** Where nothing is transposed, all rows of all entries are one matrix. */
function rowsOnTheLeft(rows: tf.Tensor, left: Side, right: Side): tf.Tensor {
  const { value: matrix } = right.operand;
  if (matrix.rank === 2 && !left.transposed) {
    return tf.matMul(tf.reshape(rows, [-1, rows.shape[rows.rank - 1]]), matrix, false, right.transposed);
  }
  return tf.matMul(rows, tf.reshape(matrix, [1, ...matrix.shape]), left.transposed, right.transposed);
}

function rowsOnTheRight(rows: tf.Tensor, left: Side, right: Side): tf.Tensor {
  const { value: matrix } = left.operand;
  return tf.matMul(tf.reshape(matrix, [1, ...matrix.shape]), rows, left.transposed, right.transposed);
}

function swapLast(value: tf.Tensor): tf.Tensor {
  const order = Array.from({ length: value.rank }, (_, axis) => axis);
  return tf.transpose(value, [...order.slice(0, -2), value.rank - 1, value.rank - 2]);
}
