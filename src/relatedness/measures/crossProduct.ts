/** How many columns a panel holds. */
const width = 4;

/**
 * Columns four by four: panel p holds columns 4p to 4p + 3 by rows, the last one filled up with zeros. So a product of
 * two panels reads two streams of numbers, and uses each number four times.
 */
export type Panels = readonly Float64Array[];

export function panelsOf(columns: readonly Float64Array[]): Panels {
  const rows = columns.length === 0 ? 0 : columns[0].length;
  const panels = Array.from({ length: Math.ceil(columns.length / width) }, () => new Float64Array(width * rows));
  columns.forEach((column, position) => {
    const panel = panels[Math.floor(position / width)];
    for (let row = 0, at = position % width; row < rows; row++, at += width) panel[at] = column[row];
  });
  return panels;
}

/** The squared Frobenius norm of XᵀY: the sum over all pairs of columns of their squared inner product. */
export function squaredCrossNorm(one: Panels, other: Panels): number {
  let sum = 0;
  for (const first of one) for (const second of other) sum += squaredProducts(first, second);
  return sum;
}

/** The sixteen inner products in local variables, which is what lets the compiler keep them in registers. */
function squaredProducts(one: Float64Array, other: Float64Array): number {
  let [p00, p01, p02, p03, p10, p11, p12, p13] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [p20, p21, p22, p23, p30, p31, p32, p33] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < one.length; at += width) {
    const b0 = other[at];
    const b1 = other[at + 1];
    const b2 = other[at + 2];
    const b3 = other[at + 3];
    const a0 = one[at];
    p00 += a0 * b0;
    p01 += a0 * b1;
    p02 += a0 * b2;
    p03 += a0 * b3;
    const a1 = one[at + 1];
    p10 += a1 * b0;
    p11 += a1 * b1;
    p12 += a1 * b2;
    p13 += a1 * b3;
    const a2 = one[at + 2];
    p20 += a2 * b0;
    p21 += a2 * b1;
    p22 += a2 * b2;
    p23 += a2 * b3;
    const a3 = one[at + 3];
    p30 += a3 * b0;
    p31 += a3 * b1;
    p32 += a3 * b2;
    p33 += a3 * b3;
  }
  const products = [p00, p01, p02, p03, p10, p11, p12, p13, p20, p21, p22, p23, p30, p31, p32, p33];
  return products.reduce((sum, product) => sum + product * product, 0);
}
