/** A square matrix by rows, `matrix[row * count + column]`. */
export type Matrix = Float64Array;

/** The rows and columns of `matrix` that `chosen` names, in its order. */
export function submatrix(matrix: Matrix, count: number, chosen: readonly number[]): Matrix {
  const size = chosen.length;
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = chosen[i] * count;
    for (let j = 0; j < size; j++) result[i * size + j] = matrix[row + chosen[j]];
  }
  return result;
}

/** `matrix * vector`. */
export function multiply(matrix: Matrix, vector: ArrayLike<number>): Float64Array {
  const count = vector.length;
  const result = new Float64Array(count);
  for (let i = 0, at = 0; i < count; i++) {
    let sum = 0;
    for (let j = 0; j < count; j++, at++) sum += matrix[at] * vector[j];
    result[i] = sum;
  }
  return result;
}

export function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i] * other[i];
  return sum;
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** T x T by rows: the inner products of the rows. */
export function gramianOf(rows: readonly ArrayLike<number>[]): Float64Array {
  const count = rows.length;
  const result = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) result[i * count + j] = result[j * count + i] = dot(rows[i], rows[j]);
  }
  return result;
}
