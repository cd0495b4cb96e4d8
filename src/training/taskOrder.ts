import type { Model } from '../model/model';

/** A tasks x tasks matrix in the order of `model.order`, row-major, brought into the order of the task set. */
export function pairsInTaskOrder({ order }: Model, pairs: ArrayLike<number>): Float64Array {
  const count = order.length;
  const result = new Float64Array(count * count);
  order.forEach((from, row) =>
    order.forEach((to, column) => (result[from * count + to] = pairs[row * count + column])),
  );
  return result;
}

/** Rows in the order of `model.order`, brought into the order of the task set; copies. */
export function rowsInTaskOrder({ order }: Model, values: ArrayLike<number>): Float64Array[] {
  const width = values.length / order.length;
  const rows = rowsOf(Float64Array.from(values), width);
  const result = new Array<Float64Array>(order.length);
  order.forEach((task, row) => (result[task] = rows[row]));
  return result;
}

export function rowsOf(values: Float64Array, width: number): Float64Array[] {
  return Array.from({ length: values.length / width }, (_, row) => values.subarray(row * width, (row + 1) * width));
}
