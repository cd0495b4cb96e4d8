import { expect } from 'vitest';
import type { RelatednessValues } from '../../src/relatedness';

/** Equal to nine digits. */
export function expectMatrix(values: RelatednessValues, expected: RelatednessValues): void {
  const rounded = (matrix: RelatednessValues) =>
    matrix.map((row) => row.map((value) => (value === null ? null : Math.round(value * 1e9) / 1e9 + 0)));
  expect(rounded(values)).toEqual(rounded(expected));
}
