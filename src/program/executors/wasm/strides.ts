/** How many elements to move for one step along each dimension. */
export function rowMajor(shape: readonly number[]): readonly number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    strides[dimension] = stride;
    stride *= shape[dimension];
  }
  return strides;
}

/** Strides of a tensor that is broadcast to a grid of at least its rank. */
export function broadcastStrides(shape: readonly number[], grid: readonly number[]): readonly number[] {
  const own = rowMajor(shape);
  const missing = grid.length - shape.length;
  return grid.map((_, dimension) => {
    const position = dimension - missing;
    return position < 0 || shape[position] === 1 ? 0 : own[position];
  });
}
